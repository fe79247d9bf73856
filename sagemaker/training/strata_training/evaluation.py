"""How good an exported model is, measured on photos with known classes."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Iterable, Sequence

import numpy as np

from .dataset import PhotoFile, Skipped
from .errors import TrainingError
from .inference import ExportedModel
from .metrics import Classification
from .preprocessing import UnreadablePhoto, decode


@dataclass(frozen=True)
class Evaluation:
    classification: Classification
    skipped: list[Skipped]
    # Medians for one photo, milliseconds.
    decode_ms: float
    inference_ms: float
    threads: int


def evaluate_files(
    model: ExportedModel,
    files: Sequence[PhotoFile],
    classes: Sequence[str],
    *,
    threads: int = 0,
    progress: Callable[[Iterable, int], Iterable] | None = None,
) -> Evaluation:
    """`classes` are those of the files' `class_index`; each must be one of the model's.

    Raises `TrainingError` when no photo can be read.
    """
    places = [model.classes.index(name) for name in classes]
    rows, labels, names, skipped = [], [], [], []
    decoding, running = [], []
    for file in progress(files, len(files)) if progress else files:
        begun = time.perf_counter()
        try:
            image = decode(file.path, model.preprocessing)
        except UnreadablePhoto as error:
            skipped.append(Skipped(file.name, str(error)))
            continue
        decoded = time.perf_counter()
        rows.append(model.probabilities(image[None])[0])
        running.append(time.perf_counter() - decoded)
        decoding.append(decoded - begun)
        labels.append(places[file.class_index])
        names.append(file.name)
    if not rows:
        raise TrainingError(f"none of the {len(files)} files can be read as a photo")
    classification = Classification.of(model.classes, np.array(labels), np.stack(rows), names)
    return Evaluation(
        classification, skipped, float(np.median(decoding) * 1000), float(np.median(running) * 1000), threads
    )


def describe(evaluation: Evaluation, model: ExportedModel) -> dict[str, Any]:
    """The content of `evaluation.json`; a pipeline's condition reads `metrics.accuracy.value`."""
    result = evaluation.classification
    low, high = result.accuracy_interval()
    return {
        "formatVersion": 1,
        "model": {"name": model.card.get("name"), "version": model.card.get("version")},
        "photos": result.photos,
        "metrics": {
            "accuracy": {"value": result.accuracy, "interval95": [round(low, 4), round(high, 4)]},
            "log_loss": {"value": round(result.log_loss, 6)},
            "per_class": result.per_class(),
            "confusion_matrix": result.confusion_by_name(),
        },
        "milliseconds": {
            "decode": round(evaluation.decode_ms, 3),
            "inference": round(evaluation.inference_ms, 3),
            "threads": evaluation.threads,
        },
        "wrong": result.wrong,
        "skipped": [vars(entry) for entry in evaluation.skipped],
    }


def write_evaluation(value: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
