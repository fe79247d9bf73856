"""Evaluation is of photos that training did not see, also where no test set is given."""

import json
import shutil
from pathlib import Path

import pytest
from conftest import QUICK, command, make_photos
from strata_training import requirements
from strata_training.errors import TrainingError
from strata_training.test_set import given_test_set


@pytest.fixture(scope="module")
def without_test_set(three_colours: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A training as a pipeline starts it: its test channel says that there is no test set. The model's folder, and that
    channel.
    """
    root = tmp_path_factory.mktemp("held-out")
    test = root / "test"
    test.mkdir()
    (test / "no-test-data.json").write_text("{}")
    done = command(
        "train.py",
        *QUICK,
        "--epochs",
        1,
        "--seed",
        7,
        SM_CHANNEL_TRAIN=str(three_colours),
        SM_CHANNEL_TEST=str(test),
        SM_MODEL_DIR=str(root / "model"),
        SM_OUTPUT_DATA_DIR=str(root / "data"),
        SM_CHECKPOINT_DIR=str(root / "checkpoints"),
    )
    assert done.returncode == 0, done.stderr
    return root / "model", test


def test_the_model_says_which_photos_were_held_back(without_test_set: tuple[Path, Path], three_colours: Path) -> None:
    model, _ = without_test_set
    split = json.loads((model / "split.json").read_text())
    assert split["seed"] == 7
    assert 0 < len(split["validation"]) < 48
    assert all((three_colours / name).is_file() for name in split["validation"])


@pytest.mark.parametrize("same", [False, True], ids=["no test set", "the training photos"])
def test_held_back_photos_are_measured(
    without_test_set: tuple[Path, Path], three_colours: Path, tmp_path: Path, same: bool
) -> None:
    model, test = without_test_set
    done = command(
        "evaluate.py",
        "--model",
        model,
        "--data",
        three_colours,
        "--test-data",
        three_colours if same else test,
        "--output",
        tmp_path,
    )
    assert done.returncode == 0, done.stderr
    evaluation = json.loads((tmp_path / "evaluation.json").read_text())
    assert evaluation["data"] == "validation"
    assert evaluation["photos"] == len(json.loads((model / "split.json").read_text())["validation"])


def test_a_test_set_is_measured_whole(without_test_set: tuple[Path, Path], three_colours: Path, tmp_path: Path) -> None:
    model, _ = without_test_set
    test = make_photos(tmp_path / "test", ["red", "green", "blue"], 3, first_seed=50_000)
    done = command(
        "evaluate.py", "--model", model, "--data", three_colours, "--test-data", test, "--output", tmp_path / "out"
    )
    assert done.returncode == 0, done.stderr
    evaluation = json.loads((tmp_path / "out/evaluation.json").read_text())
    assert (evaluation["data"], evaluation["photos"]) == ("test", 9)


def test_a_model_that_held_nothing_back_needs_a_test_set(
    without_test_set: tuple[Path, Path], three_colours: Path, tmp_path: Path
) -> None:
    model, test = without_test_set
    other = shutil.copytree(model, tmp_path / "model")
    (other / "split.json").unlink()
    done = command(
        "evaluate.py", "--model", other, "--data", three_colours, "--test-data", test, "--output", tmp_path / "out"
    )
    assert done.returncode == 1
    assert "give a test set, or train again without one" in done.stderr


def test_what_counts_as_a_test_set(three_colours: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(three_colours, tmp_path / "copy")
    assert given_test_set(None, three_colours) is None
    assert given_test_set(copy, three_colours) is None
    (copy / "red/000.jpg").unlink()
    assert given_test_set(copy, three_colours) == copy


def test_requirements_are_installed_in_a_processing_job_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls: list[list[str]] = []
    monkeypatch.setattr(
        requirements.subprocess,
        "run",
        lambda line, check: calls.append(line) or type("Done", (), {"returncode": len(calls) - 1}),
    )
    requirements.install_in_processing_job()
    assert calls == []
    monkeypatch.setattr(requirements, "PROCESSING_JOB", tmp_path / "job.json")
    (tmp_path / "job.json").write_text("{}")
    requirements.install_in_processing_job()
    assert calls[0][1:4] == ["-m", "pip", "install"] and calls[0][-1] == str(requirements.REQUIREMENTS)
    with pytest.raises(TrainingError, match="a way to a Python package index"):
        requirements.install_in_processing_job()
