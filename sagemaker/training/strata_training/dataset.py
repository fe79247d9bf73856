"""Photos on disk: a folder for each class, any number of classes."""

import hashlib
import json
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Callable, Iterable, Sequence

import numpy as np
from PIL import Image

from .duplicates import fingerprint
from .errors import TrainingError
from .labels import FILE_NAME as LABELS_FILE
from .preprocessing import Preprocessing, UnreadablePhoto, decode

# Files that file managers leave behind are neither photos nor worth a line in the list of what was skipped.
CLUTTER = {"thumbs.db", "desktop.ini"}

# What is read at most into memory; above, photos wait in a file that the operating system caches.
MEMORY_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class PhotoFile:
    path: Path
    # From the data's folder, with '/' on every system.
    name: str
    class_index: int


@dataclass(frozen=True)
class Skipped:
    name: str
    reason: str


@dataclass
class Photos:
    """Decoded photos, all of one size."""

    files: list[PhotoFile]
    # uint8 [n, 3, S, S]
    images: np.ndarray
    labels: np.ndarray
    skipped: list[Skipped]
    # One row each, for the search of near-duplicates.
    fingerprints: np.ndarray


def available_cores() -> int:
    """What this process may use; fewer than the machine has in most containers."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def find_classes(data: Path, what: str = "training data") -> list[str]:
    if not data.is_dir():
        raise TrainingError(
            f"the {what} '{data}' is no folder: give the folder that holds one folder of photos for each class"
        )
    classes = sorted(entry.name for entry in data.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    if len(classes) == 0:
        found = ", ".join(sorted(entry.name for entry in data.iterdir())[:5])
        raise TrainingError(
            f"the {what} '{data}' has no folders{f' (it holds {found})' if found else ''}: one folder of photos for "
            "each class is needed"
        )
    return classes


def list_photos(data: Path, classes: Sequence[str]) -> list[PhotoFile]:
    """All files below the classes' folders, in an order that does not depend on the file system."""
    files = []
    for index, name in enumerate(classes):
        for directory, folders, names in os.walk(data / name):
            folders[:] = sorted(folder for folder in folders if not folder.startswith("."))
            for file in sorted(names):
                if file.startswith(".") or file.lower() in CLUTTER:
                    continue
                path = Path(directory) / file
                files.append(PhotoFile(path, path.relative_to(data).as_posix(), index))
    return files


def data_hash(files: Iterable[PhotoFile]) -> str:
    """SHA-256 over names and sizes of the files: says whether two trainings saw the same list."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0{file.path.stat().st_size}\n".encode())
    return digest.hexdigest()


def load_photos(
    data: Path,
    classes: Sequence[str],
    *,
    size: int,
    preprocessing: Preprocessing,
    workers: int,
    scratch: Path,
    what: str = "training data",
    progress: Callable[[Iterable, int], Iterable] | None = None,
    require_every_class: bool = True,
) -> Photos:
    """Decodes every photo once and keeps it at `size` x `size`.

    Raises `TrainingError` when a class has no photo that can be read.
    """
    files = list_photos(data, classes)
    shape = (len(files), 3, size, size)
    if int(np.prod(shape)) <= MEMORY_BYTES:
        images = np.empty(shape, np.uint8)
    else:
        scratch.mkdir(parents=True, exist_ok=True)
        images = np.lib.format.open_memmap(
            scratch / f"photos-{os.getpid()}-{len(os.listdir(scratch))}.npy", mode="w+", dtype=np.uint8, shape=shape
        )

    kept: list[PhotoFile] = []
    skipped: list[Skipped] = []
    prints = []
    results = _decode_all(files, size, preprocessing, workers)
    for file, (pixels, print_, reason) in zip(
        files, progress(results, len(files)) if progress else results, strict=True
    ):
        if reason is not None:
            skipped.append(Skipped(file.name, reason))
            continue
        images[len(kept)] = pixels
        kept.append(file)
        prints.append(print_)

    labels = np.array([file.class_index for file in kept], np.int64)
    counts = np.bincount(labels, minlength=len(classes))
    empty = [name for name, count in zip(classes, counts, strict=True) if count == 0]
    if empty and (require_every_class or len(empty) == len(classes)):
        raise TrainingError(_empty_message(data, empty, files, skipped, classes, what))
    return Photos(kept, images[: len(kept)], labels, skipped, np.stack(prints))


def describe_skipped(skipped: Sequence[Skipped], most: int = 20) -> str:
    lines = [f"{len(skipped)} file{'s were' if len(skipped) != 1 else ' was'} skipped:"]
    lines += [f"  {entry.name} {entry.reason}" for entry in skipped[:most]]
    if len(skipped) > most:
        lines.append(f"  and {len(skipped) - most} more")
    return "\n".join(lines)


def write_skipped(skipped: Sequence[Skipped], path: Path) -> None:
    path.write_text(
        json.dumps([vars(entry) for entry in skipped], indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def _empty_message(
    data: Path, empty: list[str], files: list[PhotoFile], skipped: list[Skipped], classes: Sequence[str], what: str
) -> str:
    lines = []
    for name in empty:
        bad = [entry for entry in skipped if entry.name.startswith(f"{name}/")]
        reason = (
            "its folder has no files"
            if not bad
            else f"none of its {len(bad)} files can be read ({bad[0].name} {bad[0].reason})"
        )
        lines.append(f"\n  '{name}': {reason}")
    return (
        f"{len(empty)} of {len(classes)} classes of the {what} '{data}' {'has' if len(empty) == 1 else 'have'} no "
        f"photo:{''.join(lines)}\n"
        "put JPEG, PNG or WebP photos there, or remove the folder"
    )


def _decode_all(files: Sequence[PhotoFile], size: int, preprocessing: Preprocessing, workers: int):
    tasks = [(file.path, size, preprocessing) for file in files]
    # Starting processes costs more than decoding a few hundred small photos.
    if workers <= 1 or len(files) < 500:
        yield from map(_decode_one, tasks)
        return
    # Threads of the parent (torch's, onnxruntime's) do not survive a fork.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_decode_one, tasks, chunksize=32)


def _decode_one(task: tuple[Path, int, Preprocessing]) -> tuple[np.ndarray | None, np.ndarray | None, str | None]:
    path, size, preprocessing = task
    try:
        pixels = decode(path, preprocessing)
    except UnreadablePhoto as error:
        return None, None, str(error)
    except OSError as error:
        return None, None, f"cannot be opened ({error.strerror or error})"
    image = Image.fromarray(pixels)
    # As the graph resizes: the whole photo, antialiased, whatever its proportions.
    resized = image if image.size == (size, size) else image.resize((size, size), Image.Resampling.BILINEAR)
    return np.asarray(resized).transpose(2, 0, 1), fingerprint(image), None
