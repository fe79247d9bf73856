"""Where a training reads and writes: SageMaker's variables, or flags on a laptop.

https://github.com/aws/sagemaker-training-toolkit/blob/master/ENVIRONMENT_VARIABLES.md
"""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

from .test_set import given_test_set

_FLAGS = {
    "data": "folder of the training photos, one folder for each class (SM_CHANNEL_TRAIN)",
    "validation": "folder of the validation photos, of the same form (SM_CHANNEL_TEST); without one, a part of the "
    "training photos is held back",
    "output": "folder for all that is written: model/, data/ and checkpoints/ (SM_MODEL_DIR, SM_OUTPUT_DATA_DIR, "
    "SM_CHECKPOINT_DIR)",
    "resume_from": "a model.tar.gz, or folder, of an earlier training with the same classes, to start from "
    "(SM_CHANNEL_MODEL)",
    "backbone": "weights of a network for other classes, to start from (SM_CHANNEL_BACKBONE)",
}

_CHECKPOINTS = Path("/opt/ml/checkpoints")


@dataclass(frozen=True)
class Paths:
    data: Path
    validation: Path | None
    resume_from: Path | None
    backbone: Path | None
    model: Path
    output_data: Path
    checkpoints: Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    for name, text in _FLAGS.items():
        parser.add_argument("--" + name.replace("_", "-"), dest=name, default=None, metavar="PATH", help=text)


def find_paths(
    values: Mapping[str, str | None], problems: list[str], environment: Mapping[str, str] = os.environ
) -> Paths | None:
    """Flags win over variables. What is missing or is not there is appended to `problems`."""

    def read(flag: str, *variables: str) -> Path | None:
        given = [
            ("--" + flag.replace("_", "-"), values.get(flag)),
            *((name, environment.get(name)) for name in variables),
        ]
        for name, text in given:
            if text:
                path = Path(text).expanduser()
                if not path.exists():
                    problems.append(
                        f"{name} is '{text}': there is no such folder"
                        + (" or file" if flag in ("resume_from", "backbone") else "")
                    )
                return path
        return None

    data = read("data", "SM_CHANNEL_TRAIN", "SM_CHANNEL_TRAINING")
    if data is None:
        problems.append("--data is missing: give the folder of the training photos (on SageMaker: the channel train)")
    validation = read("validation", "SM_CHANNEL_TEST", "SM_CHANNEL_VALIDATION")
    if data is not None and not problems:
        validation = given_test_set(validation, data)
    resume_from, backbone = read("resume_from", "SM_CHANNEL_MODEL"), read("backbone", "SM_CHANNEL_BACKBONE")
    if resume_from is not None and backbone is not None:
        problems.append(
            "--resume-from and --backbone exclude each other: the first goes on with the same classes, the second "
            "begins with others"
        )

    output = Path(values["output"]).expanduser() if values.get("output") else None
    model = output / "model" if output else _path(environment, "SM_MODEL_DIR")
    if model is None:
        problems.append("--output is missing: give the folder for the model (on SageMaker: SM_MODEL_DIR)")
    if problems or data is None or model is None:
        return None
    output_data = output / "data" if output else _path(environment, "SM_OUTPUT_DATA_DIR") or model.parent / "output"
    checkpoints = output / "checkpoints" if output else _path(environment, "SM_CHECKPOINT_DIR")
    if checkpoints is None:
        # SageMaker's own default, where a container of SageMaker is what this runs in.
        checkpoints = _CHECKPOINTS if _CHECKPOINTS.parent.is_dir() else model.parent / "checkpoints"
    return Paths(data, validation, resume_from, backbone, model, output_data, checkpoints)


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    return Path(environment[name]) if environment.get(name) else None
