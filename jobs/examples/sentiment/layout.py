"""How a file of comments is laid out: its delimiter, whether names stand in its first line, where the comments are."""

from itertools import islice

from records import read_records

DELIMITERS = (",", ";", "\t", "|")
#: Names of a column of comments, in lower case.
NAMES = (
    "comment",
    "comments",
    "text",
    "review",
    "reviews",
    "message",
    "body",
    "content",
    "feedback",
    "댓글",
    "코멘트",
    "의견",
    "내용",
    "리뷰",
)
SAMPLE_RECORDS = 50


class LayoutError(Exception):
    """The file cannot be read as comments; says what to change."""


def find_layout(path, encoding, wanted=None, delimiter=None):
    """{"delimiter", "column", "columns", "header"}: `column` is where the comments are, from 0.

    Without a delimiter (None) each record is one comment.

    @param wanted name of the column, or its number from 1
    """
    samples = {}
    for candidate in (None, *DELIMITERS) if delimiter is None else (delimiter,):
        with open(path, encoding=encoding, errors="replace", newline="") as file:
            samples[candidate] = [
                r.fields for r in islice(read_records(file, candidate), SAMPLE_RECORDS) if not r.error
            ]
    # The first of those that fit alike: none at all, where lines are sentences.
    delimiter = max(samples, key=lambda candidate: _fit(samples[candidate]))
    sample = samples[delimiter]
    if not sample:
        raise LayoutError("the file has no comments; give a line to each, or columns with one named comment")
    columns = len(sample[0])
    names = [name.strip().lower() for name in sample[0]]
    if wanted is not None:
        column, header = _column_of(wanted, names)
        return {
            "delimiter": delimiter,
            "column": column,
            "columns": columns,
            "header": header or _has_header(sample, column),
        }
    for name in NAMES:
        if name in names:
            return {"delimiter": delimiter, "column": names.index(name), "columns": columns, "header": True}
    body = [fields for fields in sample if len(fields) == columns]
    column = max(range(columns), key=lambda i: sum(len(fields[i]) for fields in body))
    return {"delimiter": delimiter, "column": column, "columns": columns, "header": _has_header(sample, column)}


def _fit(sample):
    """How well a delimiter fits: the share of records with as many fields as the first; without it in any, nothing."""
    if not sample or len(sample[0]) == 1:
        return 0
    # A comma within sentences splits the records into differing numbers of fields.
    same = sum(len(fields) == len(sample[0]) for fields in sample) / len(sample)
    return same if same >= 0.7 else 0


def _column_of(wanted, names):
    """(column, whether the first line has names)"""
    if isinstance(wanted, int) and not isinstance(wanted, bool) and 1 <= wanted <= len(names):
        return wanted - 1, False
    if isinstance(wanted, str) and wanted.strip().lower() in names:
        return names.index(wanted.strip().lower()), True
    raise LayoutError(
        f"there is no column {wanted!r}; use a number from 1 to {len(names)}, or one of {', '.join(names)}"
    )


def _has_header(sample, column):
    """Whether the first line is a title: no sentence, above sentences."""
    first, others = sample[0], sample[1:]
    if not others:
        return False
    if any(cell.strip().lower() in NAMES for cell in first):
        return True
    words = [len(fields[column].split()) for fields in others if len(fields) > column]
    return len(first) > 1 and len(first[column].split()) <= 2 and bool(words) and sum(words) / len(words) >= 4
