"""Whether there are photos to evaluate that training does not see: given apart, or held back by training itself."""

from pathlib import Path

# Stands in a test channel for "there is none": a pipeline's channel cannot be left out.
NO_TEST_SET_FILE = "no-test-data.json"
# Among the model's files: which photos training held back, as {"validation": ["class/file.jpg", ...]}.
SPLIT_FILE = "split.json"


def given_test_set(test: Path | None, training: Path) -> Path | None:
    """`test`, or None where it is no test set: it contains the file that says so, or the training photos themselves."""
    if test is None or (test / NO_TEST_SET_FILE).is_file():
        return None
    return None if _same_photos(test, training) else test


def _same_photos(left: Path, right: Path) -> bool:
    if not left.is_dir() or not right.is_dir():
        return False
    return left.resolve() == right.resolve() or (_listing(left) == _listing(right) != [])


def _listing(data: Path) -> list[tuple[str, int]]:
    return sorted(
        (path.relative_to(data).as_posix(), path.stat().st_size)
        for path in data.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    )
