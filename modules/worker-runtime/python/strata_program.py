"""Runs a function as the program of a Strata worker. Needs nothing but Python 3.9.

    from strata_program import main

    def run(input, ctx):
        with open(input["path"], encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if ctx.cancelled:
                    return
                yield {"line": number, "length": len(line)}

    main(run)

The protocol is one JSON message per line: file descriptor 3 is read, 4 is written. What the program prints is its log.
"""

import json
import os
import sys
import threading
import traceback

PROTOCOL = 1
ROWS_PER_MESSAGE = 100
BYTES_PER_MESSAGE = 192 * 1024


class ProgramError(Exception):
    """An error that tells a person what is wrong; with retry=False no other attempt is made."""

    def __init__(self, code, message, retry=True):
        super().__init__(message)
        self.code = code
        self.retry = retry


class Context:
    """What a job may say while it runs."""

    def __init__(self, saved, send):
        #: The value that the last checkpoint of this job saved, by whichever attempt; None without one.
        self.saved = saved
        #: Said of the whole job, beside its rows.
        self.summary = None
        self._send = send
        self._cancelled = threading.Event()

    @property
    def cancelled(self):
        """True when the result is no longer wanted, or the machine is needed: save a checkpoint and return."""
        return self._cancelled.is_set()

    def progress(self, fraction, note=None):
        """Says how much is done, from 0 to 1."""
        message = {"type": "progress", "fraction": fraction}
        if note is not None:
            message["note"] = note
        self._send(message)

    def checkpoint(self, value):
        """Saves a JSON value for the next attempt."""
        self._send({"type": "checkpoint", "value": value})


def main(run, read_descriptor=3, write_descriptor=4):
    """Runs the function on the job that the worker sends. Does not return before the job has ended."""
    reader = os.fdopen(read_descriptor, encoding="utf-8")
    writer = os.fdopen(write_descriptor, "w", encoding="utf-8")
    lock = threading.Lock()

    def send(message):
        # NaN and Infinity are not JSON; the worker would refuse the whole line.
        text = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        with lock:
            writer.write(text + "\n")
            writer.flush()

    hello = json.loads(reader.readline() or "null")
    if not hello or hello.get("type") != "hello" or hello.get("protocol") != PROTOCOL:
        raise RuntimeError(f"the worker speaks another protocol than {PROTOCOL}: {hello!r}")
    send({"type": "hello", "protocol": PROTOCOL})
    context = Context(hello["checkpoint"], send)

    def listen():
        for _ in reader:
            context._cancelled.set()

    threading.Thread(target=listen, daemon=True).start()
    given = {**hello["input"], "parameters": hello["parameters"], "job": hello["job"]}
    try:
        _send_rows(run(given, context) or (), send)
        send({"type": "done", "summary": context.summary})
    except Exception as error:  # the worker decides what becomes of it
        traceback.print_exc()
        known = isinstance(error, ProgramError)
        send(
            {
                "type": "error",
                "code": error.code if known else "program_failed",
                "message": (str(error) or type(error).__name__)[:4000],
                "retry": error.retry if known else True,
            }
        )
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # the thread that reads would hold the interpreter at its end


def _send_rows(rows, send):
    batch, size = [], 0
    for row in rows:
        length = len(json.dumps(row, ensure_ascii=False, allow_nan=False))
        if batch and (len(batch) == ROWS_PER_MESSAGE or size + length > BYTES_PER_MESSAGE):
            send({"type": "rows", "rows": batch})
            batch, size = [], 0
        batch.append(row)
        size += length
    if batch:
        send({"type": "rows", "rows": batch})
