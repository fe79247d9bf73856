import re

import numpy as np
import pytest
from PIL import Image
from strata_training.confusion_picture import draw_confusion
from strata_training.metrics import Classification, EpochMetrics


def classification() -> Classification:
    labels = np.array([0, 0, 0, 1, 1, 1])
    probabilities = np.array(
        [[0.8, 0.1, 0.1], [0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.1, 0.8, 0.1], [0.5, 0.4, 0.1], [0.1, 0.9, 0.0]]
    )
    return Classification.of(["a", "b", "c"], labels, probabilities, [f"{index}.jpg" for index in range(6)])


def test_the_line_of_an_epoch_is_what_metric_definitions_read():
    line = EpochMetrics(3, 0.1234, 0.98, 1e-9, 1.0, 12.34).line()
    # As they stand in a training job's MetricDefinitions.
    found = {
        name: re.search(f"{name}=([0-9.]+);", line).group(1)
        for name in ("epoch", "training_loss", "training_accuracy", "validation_loss", "validation_accuracy")
    }
    assert found == {
        "epoch": "3",
        "training_loss": "0.1234",
        "training_accuracy": "0.9800",
        "validation_loss": "0.0000",
        "validation_accuracy": "1.0000",
    }


def test_counts_and_shares():
    result = classification()
    assert result.confusion.tolist() == [[2, 1, 0], [1, 2, 0], [0, 0, 0]]
    assert result.accuracy == pytest.approx(4 / 6)
    assert result.log_loss == pytest.approx(-np.log([0.8, 0.6, 0.2, 0.8, 0.4, 0.9]).mean())
    assert result.per_class()["a"] == {"precision": 0.6667, "recall": 0.6667, "f1": 0.6667, "photos": 3}
    assert result.per_class()["c"] == {"precision": None, "recall": None, "f1": None, "photos": 0}
    assert result.confusion_by_name()["b"] == {"a": 1, "b": 2, "c": 0}
    assert [entry["file"] for entry in result.wrong] == ["2.jpg", "4.jpg"]
    assert result.wrong[0] == {"file": "2.jpg", "class": "a", "predicted": "b", "probability": 0.7}


def test_wilsons_interval():
    # 98 of 100, as published tables give it.
    result = Classification(["a", "b"], np.array([[49, 1], [1, 49]]), 0.1)
    assert result.accuracy_interval() == pytest.approx((0.9300, 0.9945), abs=2e-4)


@pytest.mark.parametrize("count", [2, 12])
def test_the_picture_shows_shares_as_colours(tmp_path, count):
    confusion = np.eye(count, dtype=int) * 10
    confusion[0, 1] = 10
    names = [f"a class with quite a long name, number {index}, as folders have at times" for index in range(count)]
    draw_confusion(Classification(names, confusion, 0.1), tmp_path / "a.png", "flowers 7")
    with Image.open(tmp_path / "a.png") as image:
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 24)}
        # All of a row right; half of a row right; half of it wrong.
        assert (38, 110, 80) in colours
        assert (142, 178, 163) in colours
        assert any(red > 150 and green < 130 and blue < 130 for red, green, blue in colours)
