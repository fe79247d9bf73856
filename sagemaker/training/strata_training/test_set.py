"""Whether there are photos to evaluate with that training does not see: given apart, or held back by training itself."""

from pathlib import Path

from .dataset import find_classes, list_photos

# Stands in a test channel for "there is none": a pipeline's channel cannot be left out.
NO_TEST_SET_FILE = "no-test-data.json"
# Among the model's files: which photos training held back, as {"validation": ["class/file.jpg", ...]}.
SPLIT_FILE = "split.json"


def given_test_set(test: Path | None, training: Path) -> Path | None:
    """`test`, or None where it is no test set: it holds the file that says so, or the very photos that are trained on."""
    if test is None or (test / NO_TEST_SET_FILE).is_file():
        return None
    return None if _same_photos(test, training) else test


def _same_photos(left: Path, right: Path) -> bool:
    if not left.is_dir() or not right.is_dir():
        return False
    if left.resolve() == right.resolve():
        return True
    return _listing(left, "test data") == _listing(right, "training data")


def _listing(data: Path, what: str) -> list[tuple[str, int]]:
    return [(file.name, file.path.stat().st_size) for file in list_photos(data, find_classes(data, what))]
