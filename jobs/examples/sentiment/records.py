"""Records of a file of separated values, one at a time, and what is wrong with those that are broken."""

import re

#: A longer line is no comment; it is skipped without being held.
MAX_LINE = 1 << 20
#: A quote that is not closed within so many lines was not meant as one.
MAX_LINES_OF_RECORD = 100


class Record:
    __slots__ = ("line", "fields", "error")

    def __init__(self, line, fields, error=None):
        #: Number of the line where it begins, from 1.
        self.line = line
        self.fields = fields
        self.error = error


class Lines:
    """Lines of an open text file with their numbers; read ones can be put back."""

    def __init__(self, file):
        self._file = file
        self._number = 0
        self._back = []

    def read(self):
        """(number, text), or None at the end. The text of a line that is too long is None."""
        if self._back:
            return self._back.pop()
        text = self._file.readline(MAX_LINE)
        if not text:
            return None
        self._number += 1
        number = self._number
        if len(text) == MAX_LINE and not text.endswith(("\n", "\r")):
            while True:
                rest = self._file.readline(MAX_LINE)
                if not rest or rest.endswith(("\n", "\r")):
                    return number, None
        return number, text

    def put_back(self, lines):
        self._back.extend(reversed(lines))


class Parser:
    """Splits records by a delimiter; fields in double quotes may hold it, line ends, and quotes written twice."""

    def __init__(self, delimiter):
        # Without a delimiter a record is one field; the control character made for that stands in no text.
        self.delimiter = "\x1f" if delimiter is None else delimiter
        self._quoted = re.compile(r'"((?:[^"]|"")*)"')

    def split(self, text):
        """(fields, error); fields are None while a quote is open."""
        delimiter = self.delimiter
        if '"' not in text:
            return text.split(delimiter), None
        fields, at = [], 0
        while True:
            if text.startswith('"', at):
                match = self._quoted.match(text, at)
                if match is None:
                    return None, None
                fields.append(match[1].replace('""', '"'))
                at = match.end()
                if at < len(text) and text[at] != delimiter:
                    return fields, "there is text behind a closing quote"
            else:
                end = text.find(delimiter, at)
                fields.append(text[at:] if end == -1 else text[at:end])
                at = len(text) if end == -1 else end
            if at >= len(text):
                return fields, None
            at += 1
            if at == len(text):
                fields.append("")
                return fields, None


def read_records(file, delimiter):
    """Yields a Record for each one in the file; empty lines are none."""
    lines, parser = Lines(file), Parser(delimiter)
    while True:
        first = lines.read()
        if first is None:
            return
        number, text = first
        if text is None:
            yield Record(number, None, f"the line is longer than {MAX_LINE} characters")
            continue
        record = text.rstrip("\r\n")
        if not record.strip():
            continue
        fields, error = parser.split(record)
        if fields is not None:
            yield Record(number, fields, error)
            continue
        yield _continued(lines, parser, number, text)


def _continued(lines, parser, number, text):
    """A record whose quote is still open; lines that are no part of it are put back."""
    read = []
    while len(read) < MAX_LINES_OF_RECORD:
        following = lines.read()
        if following is None or following[1] is None:
            if following is not None:
                lines.put_back([following])
            break
        read.append(following)
        text += following[1]
        if '"' not in following[1]:
            continue
        fields, error = parser.split(text.rstrip("\r\n"))
        if fields is not None and error is None:
            return Record(number, fields)
        if error is not None:
            break
    lines.put_back(read)
    return Record(number, None, "a quote is opened and not closed")
