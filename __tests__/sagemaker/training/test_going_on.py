"""Trainings that are stopped and gone on with, and trainings of several instances."""

import json
import re
import signal
import socket
import subprocess
import sys

import pytest
import torch
from conftest import LINE, QUICK, TIMEOUT_SECONDS, TRAINING, clean_environment, command, epochs, weights
from strata_training import training
from strata_training.checkpoint import read_checkpoint
from strata_training.errors import TrainingError
from strata_training.inference import ExportedModel
from strata_training.training import main as train


class TestGoingOn:
    ARGUMENTS = (*QUICK, "--epochs", "5", "--seed", "3", "--keep", "last", "--model-version", "1")

    @pytest.fixture(scope="class")
    @classmethod
    def uninterrupted(cls, tmp_path_factory, three_colours):
        output = tmp_path_factory.mktemp("uninterrupted")
        assert train(["--data", str(three_colours), "--output", str(output), *cls.ARGUMENTS]) == 0
        return output

    @staticmethod
    def started(*arguments: object) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, str(TRAINING / "train.py"), *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=clean_environment(),
        )

    @staticmethod
    def read_until(process: subprocess.Popen, beginning: str) -> str:
        text = ""
        for line in process.stdout:
            text += line
            if line.startswith(beginning):
                return text
        raise AssertionError(f"ended with {process.wait()} before '{beginning}':\n{text}")

    def test_after_a_kill_it_continues_as_if_nothing_had_been(self, tmp_path, three_colours, uninterrupted):
        arguments = ("--data", three_colours, "--output", tmp_path, *self.ARGUMENTS)
        process = self.started(*arguments)
        try:
            # When epoch 3 is said, epoch 2 is on disk for certain.
            self.read_until(process, "epoch=3;")
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
        assert not (tmp_path / "model").exists()

        ended = command("train.py", *arguments)
        assert ended.returncode == 0, ended.stderr
        resumed_after = int(re.search(r"^going on after epoch (\d+), from the checkpoint", ended.stdout, re.M).group(1))
        assert resumed_after in (2, 3, 4)
        assert epochs(ended.stdout) == list(range(resumed_after + 1, 6))
        expected, found = weights(uninterrupted / "model"), weights(tmp_path / "model")
        assert all(torch.equal(found[key], value) for key, value in expected.items())
        assert [entry["epoch"] for entry in json.loads((tmp_path / "data/history.json").read_text())] == [1, 2, 3, 4, 5]

    def test_stopped_by_sagemaker_it_exports_what_it_has(self, tmp_path, three_colours):
        process = self.started("--data", three_colours, "--output", tmp_path, *QUICK, "--epochs", "5000")
        try:
            self.read_until(process, "epoch=2;")
            process.send_signal(signal.SIGTERM)
            text, _ = process.communicate(timeout=TIMEOUT_SECONDS)
        finally:
            process.kill()
            process.wait()
        # Not 0: nobody should take it for a finished training.
        assert process.returncode == 143
        assert re.search(r"^stopped: SIGTERM ", text, re.M)
        assert (tmp_path / "model" / "model.onnx").is_file()
        # A spot instance that is started anew goes on.
        assert len(read_checkpoint(tmp_path / "checkpoints")["history"]) >= 2

    def test_with_other_settings_or_photos_it_does_not_go_on(self, tmp_path, three_colours, monkeypatch, capsys):
        arguments = [
            "--data",
            str(three_colours),
            "--output",
            str(tmp_path),
            *QUICK,
            "--epochs",
            "1000",
            "--time-limit-minutes",
        ]
        process = self.started(*arguments, "0")
        try:
            self.read_until(process, "epoch=1;")
            self.read_until(process, "epoch=2;")
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
        with pytest.raises(TrainingError) as error:
            train([*arguments, "0", "--learning-rate", "0.01"])
        assert (
            "is of an unfinished training with other settings or data:\n  learning_rate: 0.002 there, 0.01 now\n"
            in str(error.value)
        )
        # Begins anew when told to; a limit of no time at all still lets one epoch be. What is exported is no matter
        # here.
        monkeypatch.setattr(training, "_write_model", lambda _settings, where, *_: where.model.mkdir() or 0.0)
        assert train([*arguments, "0.00001", "--learning-rate", "0.01", "--ignore-checkpoint", "true"]) == 0
        printed = capsys.readouterr().out
        assert epochs(printed) == [1]
        assert "stopped: epoch 2 would not have ended within 1e-05 minutes\n" in printed

    def test_a_second_run_is_a_new_one_and_a_short_one_gives_a_model_that_works(
        self, uninterrupted, three_colours, capsys
    ):
        assert (
            train(
                [
                    "--data",
                    str(three_colours),
                    "--output",
                    str(uninterrupted),
                    *QUICK,
                    "--epochs",
                    "1",
                    "--augmentation",
                    "none",
                ]
            )
            == 0
        )
        printed = capsys.readouterr().out
        assert epochs(printed) == [1]
        # After six steps: statistics of batch normalisations that had only just begun to move would give one class for
        # all.
        assert float(LINE.findall(printed)[0][4]) >= 0.8


def test_two_instances_train_one_model(tmp_path, three_colours):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
    hosts = ("algo-1", "algo-2")

    def start(host: str) -> subprocess.Popen:
        folder = tmp_path / host
        variables = {
            "SM_CHANNEL_TRAIN": str(three_colours),
            "SM_MODEL_DIR": str(folder / "model"),
            "SM_OUTPUT_DATA_DIR": str(folder / "output"),
            "SM_CHECKPOINT_DIR": str(folder / "checkpoints"),
            "SM_HOSTS": json.dumps(hosts),
            "SM_CURRENT_HOST": host,
            "MASTER_ADDR": "127.0.0.1",
            "MASTER_PORT": port,
        }
        return subprocess.Popen(
            [sys.executable, str(TRAINING / "train.py"), *QUICK, "--epochs", "6", "--learning-rate", "0.004"],
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=clean_environment(**variables),
        )

    processes = [start(host) for host in hosts]
    try:
        (first, first_errors), (second, second_errors) = (
            process.communicate(timeout=TIMEOUT_SECONDS) for process in processes
        )
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert [process.returncode for process in processes] == [0, 0], first_errors + second_errors
    assert epochs(first) == [1, 2, 3, 4, 5, 6]
    assert "on 2 processes" in first
    # Only the first says and writes anything.
    assert second == ""
    assert (
        not (tmp_path / "algo-2" / "model").exists()
        and not (tmp_path / "algo-2" / "checkpoints" / "checkpoint.pt").exists()
    )
    model = ExportedModel(tmp_path / "algo-1" / "model")
    assert model.card["evaluation"]["accuracy"]["value"] >= 0.8
