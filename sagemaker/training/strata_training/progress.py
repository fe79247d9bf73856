"""A bar for people, nothing for logs: in a file each step of a bar would be a line."""

import os
import sys
from typing import Iterable, TypeVar

from tqdm import tqdm

T = TypeVar("T")


def with_bar(items: Iterable[T], total: int, title: str, *, show: bool = True) -> Iterable[T]:
    return tqdm(items, total=total, desc=title, leave=False, dynamic_ncols=True, disable=not (show and _is_watched()))


def _is_watched() -> bool:
    """A terminal, or a program in front of one, which says so by this variable because it reads the output."""
    return sys.stderr.isatty() or os.environ.get("STRATA_PROGRESS_BAR") == "1"
