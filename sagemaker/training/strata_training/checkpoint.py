"""What a stopped training goes on from: managed spot instances are taken away at any moment."""

import os
from pathlib import Path
from typing import Any

import torch

FILE_NAME = "checkpoint.pt"


def write_checkpoint(directory: Path, state: dict[str, Any]) -> None:
    """Atomic: a reader finds the previous checkpoint or this one, even after a crash in between."""
    directory.mkdir(parents=True, exist_ok=True)
    # SageMaker uploads what it finds in the folder; it leaves out names that it knows as temporary, this one among
    # them.
    temporary = directory / f"{FILE_NAME}.tmp"
    with temporary.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, directory / FILE_NAME)


def read_checkpoint(directory: Path) -> dict[str, Any] | None:
    """None when there is none, when its run was completed, or when it cannot be read (reported on standard output)."""
    path = directory / FILE_NAME
    if not path.is_file():
        return None
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        print(
            f"the checkpoint {path} cannot be read "
            f"({str(error).splitlines()[0] if str(error) else type(error).__name__}): the training starts over",
            flush=True,
        )
        return None
    return None if state.get("completed") else state


def mark_completed(directory: Path) -> None:
    """A further run with the same folder is a new one, and does not find itself at its end already."""
    if (directory / FILE_NAME).is_file():
        write_checkpoint(directory, {"completed": True})
