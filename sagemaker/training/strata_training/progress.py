"""A bar for people, nothing for logs: in a file each step of a bar would be a line."""

import sys
from typing import Iterable, TypeVar

from tqdm import tqdm

T = TypeVar("T")


def with_bar(items: Iterable[T], total: int, title: str, *, show: bool = True) -> Iterable[T]:
    return tqdm(items, total=total, desc=title, leave=False, dynamic_ncols=True, disable=not show or not sys.stderr.isatty())
