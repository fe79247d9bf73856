"""Which encoding a file of text has."""

import codecs
import re

CHUNK = 1 << 20
#: Bytes in which a text in UTF-16 shows its zeros.
SAMPLE = 4096
_HANGUL = re.compile("[가-힣]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def detect_encoding(path):
    """The name of the file's encoding, as `open` takes it. Reads the file once, a part at a time.

    A mark at the start says it; else UTF-8, unless much of it is none; then CP949 where the bytes are Korean, else
    Windows-1252, of which ISO-8859-1 is a part.
    """
    with open(path, "rb") as file:
        start = file.read(SAMPLE)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    if b"\0" in start:
        # Of a text in UTF-16 the upper halves of ASCII are zeros, second in little endian.
        return "utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"
    good, bad = _count(path, "utf-8")
    if bad == 0 or good >= 10 * bad:
        return "utf-8"
    good, bad = _count(path, "cp949", _HANGUL)
    return "cp949" if good > 10 * bad else "cp1252"


def _count(path, encoding, is_good=None):
    """How many characters beyond ASCII are good in this encoding, and how many are not."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    good = bad = 0
    with open(path, "rb") as file:
        while True:
            chunk = file.read(CHUNK)
            text = decoder.decode(chunk, final=not chunk)
            if not text.isascii():
                beyond = len(text) - len(text.encode("ascii", "ignore"))
                fine = beyond - text.count("\ufffd") if is_good is None else len(text) - len(is_good.sub("", text))
                good += fine
                bad += beyond - fine
            if not chunk:
                return good, bad
