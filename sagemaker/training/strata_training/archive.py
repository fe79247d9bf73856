"""model.tar.gz, as training jobs write it and endpoints read it."""

import platform
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from .errors import TrainingError


@contextmanager
def opened_model(path: Path, *, needs: str) -> Iterator[Path]:
    """A folder with the model's files: `path` itself, or where the archive at `path` (or `path`/model.tar.gz) was
    unpacked, for as long as the block runs.

    Raises `TrainingError` when there is no file `needs` in it.
    """
    if path.is_dir() and not (path / needs).is_file() and (path / "model.tar.gz").is_file():
        path = path / "model.tar.gz"
    if path.is_dir():
        yield _with(path, needs, path)
        return
    if not path.is_file():
        raise TrainingError(f"there is no model at '{path}': give a model's folder or its model.tar.gz")
    if path.name == needs:
        yield path.parent
        return
    if not hasattr(tarfile, "data_filter"):
        raise TrainingError(
            f"Python {platform.python_version()} cannot unpack archives safely: use 3.10.12, 3.11.4, 3.12 or newer, "
            f"or unpack '{path}' first"
        )
    with tempfile.TemporaryDirectory(prefix="strata-model-") as scratch:
        try:
            with tarfile.open(path) as archive:
                # `data`: no absolute path, no way out of the folder, no devices.
                archive.extractall(scratch, filter="data")
        except (tarfile.TarError, EOFError, OSError) as error:
            raise TrainingError(f"'{path}' cannot be unpacked as a model.tar.gz: {error}") from None
        yield _with(Path(scratch), needs, path)


def _with(folder: Path, needs: str, named: Path) -> Path:
    if not (folder / needs).is_file():
        found = ", ".join(sorted(entry.name for entry in folder.iterdir())) or "nothing"
        raise TrainingError(f"the model '{named}' has no {needs} (it holds {found})")
    return folder
