"""The example of the jobs layer: says of each comment in a CSV file how good or bad it sounds."""

import os
import time

from encoding import detect_encoding
from layout import DELIMITERS, LayoutError, find_layout
from model import Model
from records import read_records
from strata_program import ProgramError, main

#: Characters of a comment that the result repeats.
MAX_COMMENT = 2000
#: Errors that the summary lists; each is in the rows as well.
LISTED_ERRORS = 100
#: Where the mean score of each part of the file is told, for a chart.
BINS = 10
ROWS_BETWEEN_LOOKS = 512
PROGRESS_SECONDS = 0.5


def run(input, ctx, model=None):
    """Yields {"line", "comment", "label", "score", "error"} for each record.

    Parameters, all optional: `column` (a name, or a number from 1), `delimiter`, `encoding`.
    """
    model = model or Model.load()
    layout = ctx.saved or _look_at(input, ctx)
    encoding, size = layout["encoding"], max(1, input["bytes"])
    tally = Tally()
    said = time.monotonic()
    with open(input["path"], encoding=encoding, errors="replace", newline="") as file:
        for number, record in enumerate(read_records(file, layout["delimiter"])):
            if number == 0 and layout["header"]:
                continue
            if number % ROWS_BETWEEN_LOOKS == 0:
                if ctx.cancelled:
                    return
                if time.monotonic() - said >= PROGRESS_SECONDS:
                    said = time.monotonic()
                    ctx.progress(min(1.0, file.buffer.tell() / size), f"{tally.rows} comments")
            yield tally.add(_row(record, layout, model))
    ctx.progress(1.0, f"{tally.rows} comments")
    ctx.summary = {**tally.summary(), "input": layout}


def _look_at(input, ctx):
    """How the file is laid out. Kept as the checkpoint: the next attempt does not look for it again."""
    wanted = input["parameters"] or {}
    if input["bytes"] == 0:
        raise ProgramError("empty_file", "the file is empty; upload one with a comment in each line", retry=False)
    delimiter = wanted.get("delimiter")
    if delimiter is not None and delimiter not in DELIMITERS:
        raise ProgramError(
            "bad_delimiter",
            f"delimiter: {delimiter!r} is not one of , ; | and a tab; leave it out to find it",
            retry=False,
        )
    encoding = wanted.get("encoding")
    try:
        encoding = encoding or detect_encoding(input["path"])
        "".encode(encoding)
        layout = {"encoding": encoding, **find_layout(input["path"], encoding, wanted.get("column"), delimiter)}
    except (LookupError, TypeError):
        raise ProgramError(
            "bad_encoding", f"encoding: {encoding!r} is none that Python knows; use utf-8, or leave it out", retry=False
        ) from None
    except (LayoutError, UnicodeError) as error:
        raise ProgramError("bad_file", str(error), retry=False) from None
    ctx.checkpoint(layout)
    return layout


def _row(record, layout, model):
    row = {"line": record.line, "comment": None, "label": "error", "score": None, "error": record.error}
    if record.error is not None:
        return row
    if len(record.fields) != layout["columns"]:
        row["error"] = (
            f"there are {len(record.fields)} fields instead of {layout['columns']}; quote those with a delimiter"
        )
        return row
    # PostgreSQL keeps no NUL in text.
    comment = record.fields[layout["column"]].strip().replace("\0", "\ufffd")
    row["comment"] = comment[:MAX_COMMENT]
    if "\ufffd" in comment:
        row["error"] = f"there are bytes that are not {layout['encoding']}"
    elif comment == "":
        row["error"] = "the comment is empty"
    else:
        score = round(model.score(comment), 4)
        row.update(label=model.label(score), score=score)
    return row


class Tally:
    """Counts while rows go by."""

    def __init__(self):
        self.rows = 0
        self.labels = {"positive": 0, "neutral": 0, "negative": 0}
        self.histogram = [0] * BINS
        self._sum = 0.0
        self._errors = 0
        self._listed = []

    def add(self, row):
        self.rows += 1
        if row["error"] is not None:
            self._errors += 1
            if len(self._listed) < LISTED_ERRORS:
                self._listed.append({"line": row["line"], "message": row["error"]})
        else:
            score = row["score"]
            self.labels[row["label"]] += 1
            self._sum += score
            self.histogram[min(BINS - 1, int((score + 1) / 2 * BINS))] += 1
        return row

    def summary(self):
        scored = self.rows - self._errors
        return {
            "rows": self.rows,
            "labels": self.labels,
            "meanScore": round(self._sum / scored, 4) if scored else None,
            #: Comments by score, from -1 to 1 in equal steps.
            "histogram": self.histogram,
            "errors": {"count": self._errors, "first": self._listed},
        }


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main(run)
