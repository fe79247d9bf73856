"""The sentiment example: files as people have them, and a model that is as good as its README says."""

import json
import re
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest
import sentiment
from encoding import detect_encoding
from layout import LayoutError, find_layout
from model import Model
from strata_program import ProgramError

ROOT = Path(__file__).resolve().parents[4]
EXAMPLE = ROOT / "jobs" / "examples" / "sentiment"
PACKAGE = ROOT / "node_modules" / "sentiment"


class Context:
    def __init__(self, saved=None, cancelled=False):
        self.saved, self.cancelled, self.summary = saved, cancelled, None
        self.said, self.checkpoints = [], []

    def progress(self, fraction, note=None):
        self.said.append((fraction, note))

    def checkpoint(self, value):
        self.checkpoints.append(value)


def job(path, content, encoding="utf-8", context=None, parameters=None):
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    context = context or Context()
    given = {"path": str(path), "bytes": path.stat().st_size, "parameters": parameters or {}}
    return list(sentiment.run(given, context)), context


@pytest.fixture
def file(tmp_path):
    return tmp_path / "input"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_reads_each_unicode_encoding(file, encoding):
    rows, _ = job(file, "id,comment\n1,Café was great 👍\n2,한국어 댓글\n", encoding)
    assert [row["comment"] for row in rows] == ["Café was great 👍", "한국어 댓글"]


@pytest.mark.parametrize(
    ("encoding", "text", "found"),
    [("cp949", "정말 좋은 제품입니다", "cp949"), ("latin-1", "Très déçu, à éviter", "cp1252")],
)
def test_reads_what_is_older_than_unicode(file, encoding, text, found):
    rows, context = job(file, f"comment\n{text}\n", encoding)
    assert rows[0]["comment"] == text
    assert context.summary["input"]["encoding"] == found


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_finds_the_delimiter(file, delimiter):
    text = delimiter.join
    content = "\r\n".join(
        [text(["id", "note", "comment"]), text(["1", "x", '"Good, really; good|\t"']), text(["2", "y", "bad"])]
    )
    rows, context = job(file, content)
    assert [row["comment"] for row in rows] == ["Good, really; good|", "bad"]
    assert context.summary["input"]["delimiter"] == delimiter


def test_lines_of_prose_are_one_column(file):
    rows, _ = job(file, "I like it, a lot.\nNo, thanks.\nGood, cheap, fast, small.\nFine\n")
    assert [row["comment"] for row in rows][:2] == ["I like it, a lot.", "No, thanks."]
    assert len(rows) == 4


def test_a_title_above_sentences_with_commas_is_one_column(file):
    rows, context = job(file, 'comment\nI like it, a lot.\n"Quoted, too"\n')
    assert [row["comment"] for row in rows] == ["I like it, a lot.", "Quoted, too"]
    assert context.summary["input"]["delimiter"] is None


def test_quotes_hold_delimiters_quotes_and_line_ends(file):
    rows, _ = job(file, 'id,comment\n1,"a ""good"", one"\n2,"two\nlines"\n3,plain "inner" quote\n')
    assert [(row["line"], row["comment"]) for row in rows] == [
        (2, 'a "good", one'),
        (3, "two\nlines"),
        (5, 'plain "inner" quote'),
    ]


def test_broken_rows_are_reported_by_line_and_cost_no_other_row(file):
    content = (
        b'id,comment\n1,good\n2\n3,good,more\n4,"never closed\n5,fine\n6,"a" b\n7,\n8,caf\xe9\n9,'
        + "caf\u00e9 bon ".encode() * 20
        + b"\n10,good\n"
    )
    rows, context = job(file, content)
    errors = {row["line"]: row["error"] for row in rows if row["error"]}
    assert errors == {
        3: "there are 1 fields instead of 2; quote those with a delimiter",
        4: "there are 3 fields instead of 2; quote those with a delimiter",
        5: "a quote is opened and not closed",
        7: "there is text behind a closing quote",
        8: "the comment is empty",
        9: "there are bytes that are not utf-8",
    }
    assert [row["line"] for row in rows] == list(range(2, 12))
    assert context.summary["errors"]["count"] == 6
    assert context.summary["errors"]["first"][0] == {"line": 3, "message": errors[3]}
    assert sum(context.summary["labels"].values()) == 4


def test_a_line_without_end_is_skipped_and_not_held(file):
    rows, _ = job(file, b"id,comment\n1," + b"x" * (3 << 20) + b"\n2,good\n")
    assert [(row["line"], row["error"]) for row in rows] == [
        (2, "the line is longer than 1048576 characters"),
        (3, None),
    ]


def test_nul_does_not_reach_the_database(file):
    rows, _ = job(file, "id,comment\n1,a good\0one\n", parameters={"encoding": "utf-8"})
    assert "\0" not in json.dumps(rows)


@pytest.mark.parametrize(
    ("parameters", "code", "told"),
    [
        (
            {"column": "reply"},
            "bad_file",
            "there is no column 'reply'; use a number from 1 to 2, or one of id, comment",
        ),
        ({"column": 3}, "bad_file", "use a number from 1 to 2"),
        ({"encoding": "klingon"}, "bad_encoding", "'klingon' is none that Python knows; use utf-8"),
        ({"delimiter": "x"}, "bad_delimiter", "'x' is not one of"),
    ],
)
def test_wrong_parameters_say_what_is_allowed_and_are_not_tried_again(file, parameters, code, told):
    with pytest.raises(ProgramError, match=re.escape(told)) as caught:
        job(file, "id,comment\n1,good\n", parameters=parameters)
    assert (caught.value.code, caught.value.retry) == (code, False)


def test_an_empty_file_is_refused(file):
    with pytest.raises(ProgramError, match="the file is empty"):
        job(file, b"")
    with pytest.raises(ProgramError, match="has no comments"):
        job(file, b"\n\n")


def test_the_column_may_be_named_or_numbered(file):
    content = "reply,comment\nawful,great\n"
    assert job(file, content, parameters={"column": "reply"})[0][0]["label"] == "negative"
    assert job(file, content, parameters={"column": 2})[0][0]["label"] == "positive"


def test_the_next_attempt_goes_by_the_checkpoint_and_gives_every_row(file):
    first, context = job(file, "id,comment\n1,good\n2,bad\n")
    again, resumed = job(file, "id,comment\n1,good\n2,bad\n", context=Context(saved=context.checkpoints[0]))
    assert again == first
    assert resumed.checkpoints == []


def test_a_cancelled_job_ends_early(file):
    rows, context = job(file, "comment\n" + "good\n" * 5000, context=Context(cancelled=True))
    assert len(rows) < 1000
    assert context.summary is None


def test_a_large_file_is_not_held_in_memory_and_tells_how_far_it_is(file, monkeypatch):
    monkeypatch.setattr(sentiment, "PROGRESS_SECONDS", 0)
    with open(file, "w", encoding="utf-8") as out:
        out.write("id,comment\n")
        out.writelines(f"{i},Not so good {i}\n" for i in range(6_000))
    model, context = Model.load(), Context()
    tracemalloc.start()
    size = file.stat().st_size
    rows = sum(1 for _ in sentiment.run({"path": str(file), "bytes": size, "parameters": {}}, context, model))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 6_000
    assert peak < 4 << 20  # one part of a file, whatever its size, and no rows
    fractions = [fraction for fraction, _ in context.said]
    assert len(fractions) > 5 and fractions == sorted(fractions) and fractions[-1] == 1


def test_quotes_that_open_in_each_line_do_not_make_it_slow(file):
    began = time.monotonic()
    rows, _ = job(file, "id,comment\n" + '1,"good\n' * 2000)
    assert rows[0]["error"] is not None
    assert time.monotonic() - began < 5


def test_the_layout_is_found_where_no_name_is_known(file):
    file.write_text("nr,said\n1,This is what I have to say\n2,And this is what she said\n", encoding="utf-8")
    assert find_layout(file, "utf-8") == {"delimiter": ",", "column": 1, "columns": 2, "header": True}
    file.write_text("1,This is what I have to say\n2,And this is what she said\n", encoding="utf-8")
    assert find_layout(file, "utf-8")["header"] is False
    with pytest.raises(LayoutError):
        find_layout(file, "utf-8", wanted="x")


def test_a_text_of_ascii_is_utf_8(file):
    file.write_bytes(b"plain\n")
    assert detect_encoding(file) == "utf-8"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I love it, excellent quality", "positive"),
        ("This is the worst phone ever", "negative"),
        ("not good", "negative"),
        ("배송이 빨라요", "neutral"),
    ],
)
def test_the_model_knows_what_is_plain(text, label):
    model = Model.load()
    assert model.label(model.score(text)) == label


def test_the_model_is_what_the_command_trains_and_the_readme_says_what_it_scores(tmp_path):
    output = tmp_path / "model.json"
    command = [sys.executable, EXAMPLE / "train.py", "--package", PACKAGE, "--output", output]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    assert output.read_bytes() == (EXAMPLE / "model.json").read_bytes()
    report = json.loads(printed[: printed.rindex("}") + 1])
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    for name in ("held_out", "held_out_lexicon_alone", "imdb_trained_on_the_others"):
        assert f"{report[name]['accuracy'] * 100:.1f} %" in readme


def test_the_worker_s_protocol_is_spoken(file):
    """The program as a worker starts it: descriptors 3 and 4."""
    file.write_text("comment\ngood\n", encoding="utf-8")
    hello = {"type": "hello", "protocol": 1, "job": {"id": "j"}, "input": {"path": str(file), "bytes": 13}}
    hello.update(parameters={}, checkpoint=None)
    script = 'exec python3 "$0" 3<&0 4>&1 1>&2'.replace("python3", f'"{sys.executable}"')
    done = subprocess.run(
        ["sh", "-c", script, EXAMPLE / "sentiment.py"],
        input=json.dumps(hello) + "\n",
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "modules" / "worker-runtime" / "python"), "PATH": "/usr/bin:/bin"},
        check=True,
    )
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    assert [message["type"] for message in messages] == ["hello", "checkpoint", "progress", "rows", "done"]
    assert messages[-1]["summary"]["labels"]["positive"] == 1
