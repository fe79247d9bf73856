import os, sys, time

sys.path.insert(0, os.environ["STRATA_PYTHON_HELPER"])
from strata_program import ProgramError, main


def run(input, ctx):
    what = input["parameters"]["what"]
    if what == "rows":
        ctx.progress(0.5, "half")
        ctx.checkpoint({"line": 3})
        ctx.summary = {"text": open(input["path"], encoding="utf-8").read(), "saved": ctx.saved}
        return ({"n": n, "text": '한글 \t\\n "\\"'} for n in range(250))
    if what == "error":
        raise ProgramError("bad_header", "line 1 has no column text", retry=False)
    if what == "crash":
        raise ValueError("unexpected")
    if what == "print":
        print("to the log")
        return []
    if what == "wait":
        ctx.progress(0.1)
        while not ctx.cancelled:
            time.sleep(0.01)
        ctx.checkpoint("saved at the end")
        return []


main(run)
