"""Whole trainings, started as SageMaker and people start them."""

import json
import re
import shutil
import tarfile

import numpy as np
import pytest
import torch
from conftest import LINE, QUICK, command, epochs, make_photos, weights
from PIL import Image
from strata_training import predict, training
from strata_training.errors import TrainingError
from strata_training.evaluate import main as evaluate
from strata_training.inference import ExportedModel
from strata_training.training import main as train

LABELS = [
    {
        "label": name,
        "name": {"ko": ko, "en": name.title(), "ja": ja},
        "description": {"ko": "", "en": f"All {name}.", "ja": ""},
    }
    for name, ko, ja in (("red", "빨강", "赤"), ("blue", "파랑", "青"), ("green", "초록", "緑"))
]


@pytest.fixture(scope="module")
def job(tmp_path_factory, three_colours):
    """A job as SageMaker's toolkit runs it: `python train.py --epochs 6 ...` with SM_ variables and /opt/ml's paths."""
    root = tmp_path_factory.mktemp("job")
    data = root / "input" / "train"
    data.parent.mkdir()
    for source in three_colours.rglob("*.jpg"):
        (data / source.parent.name).mkdir(parents=True, exist_ok=True)
        (data / source.parent.name / source.name).write_bytes(source.read_bytes())
    (data / "labels.json").write_text(json.dumps(LABELS, ensure_ascii=False), encoding="utf-8")
    (data / "red" / "broken.jpg").write_bytes((data / "red" / "000.jpg").read_bytes()[:900])
    make_photos(root / "input" / "test", ["red", "green", "blue"], 6, first_seed=500)
    variables = {
        "SM_CHANNELS": '["test","train"]',
        "SM_CHANNEL_TRAIN": str(data),
        "SM_CHANNEL_TEST": str(root / "input" / "test"),
        "SM_MODEL_DIR": str(root / "model"),
        "SM_OUTPUT_DATA_DIR": str(root / "output" / "data"),
        "SM_OUTPUT_DIR": str(root / "output"),
        "SM_HOSTS": '["algo-1"]',
        "SM_CURRENT_HOST": "algo-1",
        "SM_NUM_GPUS": "0",
        "SM_NETWORK_INTERFACE_NAME": "eth0",
        "SM_CHECKPOINT_DIR": str(root / "checkpoints"),
    }
    (root / "output").mkdir()
    ended = command("train.py", *QUICK, "--epochs", 6, "--learning_rate", "0.004", "--model-version", 7, **variables)
    assert ended.returncode == 0, ended.stderr
    with tarfile.open(root / "model.tar.gz", "w:gz") as archive:
        for file in (root / "model").iterdir():
            archive.add(file, file.name)
    return root, ended, variables


class TestScriptMode:
    def test_metric_lines(self, job):
        _, ended, _ = job
        assert epochs(ended.stdout) == [1, 2, 3, 4, 5, 6]
        # Where there is no terminal, no progress bar either.
        assert "\r" not in ended.stdout + ended.stderr and "%|" not in ended.stderr

    def test_it_learns(self, job):
        _, ended, _ = job
        losses = [float(found[1]) for found in LINE.findall(ended.stdout)]
        assert losses[-1] < losses[0]
        assert float(LINE.findall(ended.stdout)[-1][4]) >= 0.9

    def test_bad_files_are_listed(self, job):
        root, ended, _ = job
        assert "1 file was skipped:\n  red/broken.jpg is damaged" in ended.stdout
        assert [entry["name"] for entry in json.loads((root / "output/data/skipped-files.json").read_text())] == [
            "red/broken.jpg"
        ]

    def test_the_models_folder(self, job):
        root, _, _ = job
        assert sorted(path.name for path in (root / "model").iterdir()) == [
            "labels.json",
            "model-card.json",
            "model-card.md",
            "model.onnx",
            "preprocessing.json",
            "weights.pt",
        ]
        labels = json.loads((root / "model/labels.json").read_text(encoding="utf-8"))
        assert [entry["label"] for entry in labels] == ["blue", "green", "red"]
        assert labels[2]["name"] == {"ko": "빨강", "en": "Red", "ja": "赤"}
        split = json.loads((root / "output/data/split.json").read_text())
        assert (len(split["training"]), len(split["validation"])) == (48, 18)

    def test_the_card(self, job):
        root, _, _ = job
        card = json.loads((root / "model/model-card.json").read_text())
        assert (card["name"], card["version"], card["classes"]) == ("flowers", "7", ["blue", "green", "red"])
        assert card["data"]["counts"] == {name: {"training": 16, "validation": 6} for name in ("blue", "green", "red")}
        assert card["data"]["skipped"] == 1
        assert card["evaluation"]["photos"] == 18
        assert card["evaluation"]["largestDifferenceToPyTorch"] < 1e-4
        assert card["fileBytes"] == (root / "model/model.onnx").stat().st_size
        assert card["hyperparameters"]["learning_rate"] == 0.004
        text = (root / "model/model-card.md").read_text(encoding="utf-8")
        assert text.startswith("# flowers 7\n\nTells which of 3 classes a photo shows: Blue, Green, Red.\n")
        assert f"Accuracy {card['evaluation']['accuracy']['value'] * 100:.1f} % on 18 validation photos" in text

    def test_the_graph_tells_colours_apart(self, job):
        root, _, _ = job
        model = ExportedModel(root / "model")
        for index, colour in enumerate(((50, 50, 210), (50, 210, 50), (210, 50, 50))):
            image = np.full((1, 90, 120, 3), colour, np.uint8)
            assert model.probabilities(image)[0].argmax() == index

    def test_evaluation_of_the_archive(self, job, tmp_path, capsys):
        root, _, _ = job
        assert (
            evaluate(
                ["--model", str(root / "model.tar.gz"), "--data", str(root / "input/test"), "--output", str(tmp_path)]
            )
            == 0
        )
        value = json.loads((tmp_path / "evaluation.json").read_text())
        matrix = value["metrics"]["confusion_matrix"]
        hits = sum(matrix[name][name] for name in matrix)
        assert value["photos"] == sum(sum(row.values()) for row in matrix.values()) == 18
        assert value["metrics"]["accuracy"]["value"] == pytest.approx(hits / 18)
        assert (
            value["metrics"]["accuracy"]["value"]
            == json.loads((root / "model/model-card.json").read_text())["evaluation"]["accuracy"]["value"]
        )
        assert value["model"] == {"name": "flowers", "version": "7"}
        assert len(value["wrong"]) == 18 - hits
        with Image.open(tmp_path / "evaluation.png") as image:
            assert image.format == "PNG" and image.width > 300
        printed = capsys.readouterr().out
        assert re.search(r"^red +\d\.\d{3} +\d\.\d{3} +\d\.\d{3} +6$", printed, re.M)
        assert f"accuracy={hits / 18:.4f};" in printed

    def test_evaluation_of_wrong_answers_counts_them(self, job, tmp_path):
        root, _, _ = job
        # Blue photos in the folder of red ones.
        make_photos(tmp_path / "data", ["blue", "red"], 3, first_seed=700)
        (tmp_path / "data" / "red" / "000.jpg").write_bytes((tmp_path / "data" / "blue" / "001.jpg").read_bytes())
        (tmp_path / "data" / "red" / "note.txt").write_text("no photo")
        evaluate(["--model", str(root / "model"), "--data", str(tmp_path / "data"), "--output", str(tmp_path / "out")])
        value = json.loads((tmp_path / "out/evaluation.json").read_text())
        assert value["metrics"]["confusion_matrix"]["red"] == {"blue": 1, "green": 0, "red": 2}
        assert value["metrics"]["per_class"]["red"]["recall"] == 0.6667
        assert value["metrics"]["per_class"]["green"]["photos"] == 0
        assert [entry["file"] for entry in value["wrong"]] == ["red/000.jpg"]
        assert [entry["name"] for entry in value["skipped"]] == ["red/note.txt"]

        (tmp_path / "list.json").write_text('["red/001.jpg", "blue/000.jpg"]')
        evaluate(
            [
                "--model",
                str(root / "model"),
                "--data",
                str(tmp_path / "data"),
                "--output",
                str(tmp_path / "out"),
                "--files",
                str(tmp_path / "list.json"),
            ]
        )
        assert json.loads((tmp_path / "out/evaluation.json").read_text())["photos"] == 2

    def test_evaluation_of_classes_that_the_model_does_not_know(self, job, tmp_path):
        root, _, _ = job
        make_photos(tmp_path / "data", ["cyan", "red"], 1)
        with pytest.raises(
            TrainingError, match=r"has the folders cyan, which the model does not know: it knows blue, green, red$"
        ):
            evaluate(
                ["--model", str(root / "model"), "--data", str(tmp_path / "data"), "--output", str(tmp_path / "out")]
            )

    def test_prediction(self, job, tmp_path, capsys):
        root, _, _ = job
        photos = sorted((root / "input/test/green").glob("*.jpg"))[:2]
        (tmp_path / "a.txt").write_text("no photo")
        assert predict.main(["--model", str(root / "model"), "--json", *map(str, photos)]) == 0
        answers = json.loads(capsys.readouterr().out)
        assert [answer["label"] for answer in answers] == ["green", "green"]
        assert sum(answers[0]["probabilities"]) == pytest.approx(1, abs=1e-5)
        assert predict.main(["--model", str(root / "model"), str(photos[0]), str(tmp_path / "a.txt")]) == 1
        assert "a.txt" in (text := capsys.readouterr().out) and "is neither JPEG nor PNG nor WebP" in text

    def test_a_failure_is_told_where_sagemaker_looks_for_it(self, job):
        root, _, variables = job
        ended = command("train.py", "--epochs", "none", **variables)
        assert ended.returncode == 1
        message = "1 setting is wrong:\n  --epochs is 'none': must be a whole number of at least 1 and at most 100000"
        assert ended.stderr.strip() == message
        assert (root / "output" / "failure").read_text() == message


class TestBeginnings:
    def test_from_an_earlier_model(self, job, tmp_path, monkeypatch, capsys):
        root, _, _ = job
        # As a channel that holds the archive.
        (tmp_path / "channel").mkdir()
        (tmp_path / "channel" / "model.tar.gz").write_bytes((root / "model.tar.gz").read_bytes())
        monkeypatch.setenv("SM_CHANNEL_MODEL", str(tmp_path / "channel"))
        shutil.copytree(root / "input/test", tmp_path / "test")
        shutil.copy(root / "input/train/red/001.jpg", tmp_path / "test/red/copied.jpg")
        assert (
            train(
                [
                    "--data",
                    str(root / "input/train"),
                    "--validation",
                    str(tmp_path / "test"),
                    "--output",
                    str(tmp_path / "out"),
                    *QUICK,
                    "--epochs",
                    "1",
                    "--learning-rate",
                    "1e-9",
                    "--ema-decay",
                    "0",
                ]
            )
            == 0
        )
        # With hardly any step, it answers as the earlier one did; from random weights it would not.
        earlier, found = (weights(folder) for folder in (root / "model", tmp_path / "out/model"))
        for key, value in earlier.items():
            if not key.endswith(("running_mean", "running_var", "num_batches_tracked")):
                assert torch.allclose(found[key], value, atol=1e-5), key
        printed = capsys.readouterr().out
        assert "the weights of an earlier model" in printed
        assert (
            "warning: 1 of the 19 validation photos are (nearly) the same as a training photo, red/copied.jpg for "
            "one: the measured accuracy is too high" in printed
        )

    def test_an_earlier_model_of_other_classes_is_refused(self, job, tmp_path):
        root, _, _ = job
        make_photos(tmp_path / "data", ["red", "cyan"], 4)
        with pytest.raises(
            TrainingError,
            match=r"knows the classes blue, green, red, and the training data has cyan, red: to begin other classes "
            r".* as --backbone",
        ):
            train(
                [
                    "--data",
                    str(tmp_path / "data"),
                    "--output",
                    str(tmp_path / "out"),
                    "--resume-from",
                    str(root / "model.tar.gz"),
                    *QUICK,
                ]
            )

    def test_an_earlier_model_of_another_network_is_refused(self, job, tmp_path):
        root, _, _ = job
        value = torch.load(root / "model/weights.pt", weights_only=True)
        value["network"].popitem()
        torch.save(value, tmp_path / "weights.pt")
        with pytest.raises(
            TrainingError, match=r"written by training code \S+, do not fit the network 'strata' of this one"
        ):
            train(
                [
                    "--data",
                    str(root / "input/train"),
                    "--output",
                    str(tmp_path / "out"),
                    "--resume-from",
                    str(tmp_path),
                    *QUICK,
                ]
            )

    def test_five_classes_from_a_backbone(self, job, tmp_path, monkeypatch, capsys):
        root, _, _ = job
        make_photos(tmp_path / "data", ["red", "green", "blue", "yellow", "cyan"], 8)
        shutil.copy(tmp_path / "data/red/003.jpg", tmp_path / "data/yellow/copied.jpg")
        (tmp_path / "backbone").mkdir()
        (tmp_path / "backbone" / "weights.pt").write_bytes((root / "model/weights.pt").read_bytes())
        monkeypatch.setenv("SM_CHANNEL_BACKBONE", str(tmp_path / "backbone"))
        assert (
            train(
                [
                    "--data",
                    str(tmp_path / "data"),
                    "--output",
                    str(tmp_path / "out"),
                    *QUICK,
                    "--epochs",
                    "2",
                    "--frozen-epochs",
                    "2",
                    "--ema-decay",
                    "0",
                ]
            )
            == 0
        )
        printed = capsys.readouterr().out
        assert "tensors of the backbone were taken over; " in printed
        assert re.search(r"^warning: \S+ and \S+ look the same and are in two classes$", printed, re.M)
        before, after = weights(root / "model"), weights(tmp_path / "out/model")
        head = [key for key in after if after[key].shape != before[key].shape]
        assert [tuple(after[key].shape)[0] for key in head] == [5] * len(head) and len(head) > 0
        # All epochs were frozen: nothing but the head has learned, statistics included.
        assert all(torch.equal(after[key], value) for key, value in before.items() if key not in head)
        labels = json.loads((tmp_path / "out/model/labels.json").read_text())
        assert [entry["label"] for entry in labels] == ["blue", "cyan", "green", "red", "yellow"]
        assert ExportedModel(tmp_path / "out/model").probabilities(np.zeros((2, 40, 40, 3), np.uint8)).shape == (2, 5)


class TestData:
    def test_photos_that_wait_in_a_file_are_no_part_of_the_checkpoints(self, tmp_path, three_colours, monkeypatch):
        files = []
        opened = np.lib.format.open_memmap
        monkeypatch.setattr("strata_training.dataset.MEMORY_BYTES", 1000)
        monkeypatch.setattr(
            "numpy.lib.format.open_memmap", lambda path, **options: files.append(path) or opened(path, **options)
        )
        monkeypatch.setattr(training, "_write_model", lambda _settings, where, *_: where.model.mkdir() or 0.0)
        out, test = tmp_path / "out", make_photos(tmp_path / "test", ["red", "green", "blue"], 4, first_seed=500)
        assert (
            train(
                ["--data", str(three_colours), "--validation", str(test), "--output", str(out), *QUICK, "--epochs", "1"]
            )
            == 0
        )
        assert len(set(files)) == 2
        assert not [path for path in files if out in path.parents or path.exists()]

    def test_one_class_is_too_few(self, tmp_path):
        make_photos(tmp_path / "data", ["red"], 2)
        with pytest.raises(TrainingError, match=r"has one class \('red'\): at least two folders are needed"):
            train(["--data", str(tmp_path / "data"), "--output", str(tmp_path / "out")])

    def test_validation_data_needs_the_same_classes(self, tmp_path):
        make_photos(tmp_path / "data", ["red", "blue"], 2)
        make_photos(tmp_path / "test", ["red", "cyan"], 2)
        with pytest.raises(
            TrainingError,
            match="has cyan, which the training data has not and lacks blue: it needs the same folders as",
        ):
            train(
                [
                    "--data",
                    str(tmp_path / "data"),
                    "--validation",
                    str(tmp_path / "test"),
                    "--output",
                    str(tmp_path / "out"),
                    *QUICK,
                ]
            )
