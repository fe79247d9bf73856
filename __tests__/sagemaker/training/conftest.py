"""Photos of the tests' own making, and the commands as their users start them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

ROOT = Path(__file__).resolve().parents[3]
TRAINING = ROOT / "sagemaker" / "training"
COLOURS = {
    "red": (200, 60, 60),
    "green": (60, 200, 60),
    "blue": (60, 60, 200),
    "yellow": (200, 200, 60),
    "cyan": (60, 200, 200),
}

# A training of the tests takes seconds; a machine that does much else makes minutes of them.
TIMEOUT_SECONDS = 900

# Small, and enough to learn colours: the network is the project's own.
QUICK = ["--image-size", "32", "--cache-size", "32", "--batch-size", "8", "--threads", "1", "--workers", "1"]


# What metric definitions read.
LINE = re.compile(
    r"^epoch=(\d+); training_loss=([0-9.]+); training_accuracy=([0-9.]+); validation_loss=([0-9.]+); "
    r"validation_accuracy=([0-9.]+); ",
    re.M,
)


def photo(colour: tuple[int, int, int], seed: int, size: tuple[int, int] = (48, 40)) -> Image.Image:
    """Patches of one colour, in an order that is every photo's own, so that none is a near-duplicate of another."""
    random = np.random.default_rng(seed)
    patches = np.clip(np.array(colour) + random.normal(0, 30, (6, 6, 3)), 0, 255).astype(np.uint8)
    return Image.fromarray(patches).resize(size, Image.Resampling.NEAREST)


def make_photos(folder: Path, classes: list[str], count: int, first_seed: int = 0) -> Path:
    for index, name in enumerate(classes):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            photo(COLOURS[name], first_seed + 1000 * index + number).save(
                folder / name / f"{number:03}.jpg", quality=92
            )
    return folder


def clean_environment(**variables: str) -> dict[str, str]:
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("SM_", "MASTER_", "RANK", "WORLD_SIZE", "LOCAL_"))
    }
    return kept | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(TRAINING)} | variables


def command(script: str, *arguments: object, **variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, str(TRAINING / script), *map(str, arguments)],
        capture_output=True,
        text=True,
        env=clean_environment(**variables),
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


def epochs(text: str) -> list[int]:
    return [int(found[0]) for found in LINE.findall(text)]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return torch.load(folder / "weights.pt", weights_only=True)["network"]


@pytest.fixture(scope="session")
def three_colours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_photos(tmp_path_factory.mktemp("photos") / "three", ["red", "green", "blue"], 16)


@pytest.fixture(scope="session")
def flowers() -> Path:
    folder = Path(os.environ.get("STRATA_FLOWERS", ROOT.parent / "shared" / "flowers"))
    if not folder.is_dir():
        pytest.skip(f"no photos in {folder}: set STRATA_FLOWERS to a folder of photos, one folder for each class")
    return folder
