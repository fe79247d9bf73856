"""The exported model, as the endpoint runs it: onnxruntime on what `preprocessing` decodes."""

import json
from pathlib import Path
from typing import Any, Iterable

import numpy as np
import onnxruntime

from .errors import TrainingError
from .labels import FILE_NAME as LABELS_FILE
from .labels import read_labels
from .preprocessing import Preprocessing, decode

MODEL_FILE = "model.onnx"
PREPROCESSING_FILE = "preprocessing.json"
CARD_FILE = "model-card.json"


class ExportedModel:
    """A model's folder, loaded.

    Raises `TrainingError` when a file is missing or does not belong to the others.
    """

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        for name in (MODEL_FILE, LABELS_FILE, PREPROCESSING_FILE):
            if not (folder / name).is_file():
                raise TrainingError(f"the model '{folder}' has no {name}")
        self.labels = read_labels(folder / LABELS_FILE)
        self.classes = [entry["label"] for entry in self.labels]
        try:
            self.preprocessing = Preprocessing.read(folder / PREPROCESSING_FILE)
        except (ValueError, KeyError, TypeError) as error:
            raise TrainingError(f"{folder / PREPROCESSING_FILE} cannot be used: {error}") from None
        card = folder / CARD_FILE
        self.card: dict[str, Any] = json.loads(card.read_text(encoding="utf-8")) if card.is_file() else {}
        self._session = open_session(folder / MODEL_FILE, threads=threads)
        outputs = self._session.get_outputs()[0].shape[1]
        if outputs != len(self.classes):
            raise TrainingError(
                f"the model '{folder}' returns {outputs} probabilities, and its {LABELS_FILE} has {len(self.classes)} "
                "labels"
            )

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """uint8 [N, H, W, 3] to float32 [N, classes]."""
        return self._session.run(["probabilities"], {"images": images})[0]

    def probabilities_of_files(self, files: Iterable[Path | bytes]) -> Iterable[np.ndarray]:
        """One row for each file, in order. Raises `UnreadablePhoto`."""
        for file in files:
            yield self.probabilities(decode(file, self.preprocessing)[None])[0]


def open_session(path: Path, *, threads: int = 0) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise TrainingError(f"'{path}' cannot be loaded as an ONNX model: {str(error).splitlines()[0]}") from None
