"""Numbers of a training and of an evaluation."""

import math
from dataclasses import dataclass, field
from typing import Any, Sequence

import numpy as np


@dataclass(frozen=True)
class EpochMetrics:
    epoch: int
    training_loss: float
    training_accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float

    def line(self) -> str:
        """What SageMaker's metric definitions read, such as `validation_accuracy=([0-9.]+)`; one line an epoch."""
        return (
            f"epoch={self.epoch}; training_loss={self.training_loss:.4f}; "
            f"training_accuracy={self.training_accuracy:.4f}; "
            f"validation_loss={self.validation_loss:.4f}; validation_accuracy={self.validation_accuracy:.4f}; "
            f"seconds={self.seconds:.1f};"
        )


@dataclass(frozen=True)
class Classification:
    """What came out for photos whose class is known. `confusion[i, j]`: photos of class i that were taken for j."""

    classes: list[str]
    confusion: np.ndarray
    log_loss: float
    wrong: list[dict[str, Any]] = field(default_factory=list)

    @staticmethod
    def of(
        classes: Sequence[str], labels: np.ndarray, probabilities: np.ndarray, names: Sequence[str]
    ) -> "Classification":
        count = len(classes)
        predicted = probabilities.argmax(1)
        confusion = np.zeros((count, count), np.int64)
        np.add.at(confusion, (labels, predicted), 1)
        log_loss = float(-np.log(probabilities[np.arange(len(labels)), labels].clip(1e-12)).mean())
        wrong = [
            {
                "file": names[i],
                "class": classes[labels[i]],
                "predicted": classes[predicted[i]],
                "probability": round(float(probabilities[i, predicted[i]]), 4),
            }
            for i in np.flatnonzero(predicted != labels)
        ]
        return Classification(list(classes), confusion, log_loss, wrong)

    @property
    def photos(self) -> int:
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        return float(np.trace(self.confusion) / self.photos)

    def accuracy_interval(self) -> tuple[float, float]:
        """Wilson's interval of 95 %: how far chance alone could have moved the accuracy with so many photos."""
        z, n, p = 1.959964, self.photos, self.accuracy
        centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, centre - half), min(1.0, centre + half)

    def per_class(self) -> dict[str, dict[str, float | int | None]]:
        """None where a figure has no meaning: recall of a class without photos, precision of a class that was never
        predicted.
        """
        result: dict[str, dict[str, float | int | None]] = {}
        for index, name in enumerate(self.classes):
            hits, support, predicted = (
                int(value)
                for value in (self.confusion[index, index], self.confusion[index].sum(), self.confusion[:, index].sum())
            )
            result[name] = {
                "precision": round(hits / predicted, 4) if predicted else None,
                "recall": round(hits / support, 4) if support else None,
                "f1": round(2 * hits / (support + predicted), 4) if support + predicted else None,
                "photos": support,
            }
        return result

    def confusion_by_name(self) -> dict[str, dict[str, int]]:
        return {
            name: dict(zip(self.classes, (int(value) for value in row), strict=True))
            for name, row in zip(self.classes, self.confusion, strict=True)
        }

    def table(self) -> str:
        width = max(len("class"), *(len(name) for name in self.classes))
        number = lambda value: "     -" if value is None else f"{value:6.3f}"  # noqa: E731
        lines = [f"{'class'.ljust(width)}  precision  recall      f1  photos"]
        for name, values in self.per_class().items():
            lines.append(
                f"{name.ljust(width)}     {number(values['precision'])}  {number(values['recall'])}  "
                f"{number(values['f1'])}  {values['photos']:6d}"
            )
        return "\n".join(lines)
