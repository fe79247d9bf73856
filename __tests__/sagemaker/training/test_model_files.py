"""Weights, archives and the graph."""

import io
import tarfile

import numpy as np
import pytest
import torch
from strata_training import architectures
from strata_training.archive import opened_model
from strata_training.checkpoint import mark_completed, read_checkpoint, write_checkpoint
from strata_training.errors import TrainingError
from strata_training.export import export_onnx, verify_export
from strata_training.inference import ExportedModel, open_session
from strata_training.labels import write_labels
from strata_training.preprocessing import Preprocessing, decode
from strata_training.serving_module import ServingModule


def network(classes: int = 3) -> torch.nn.Module:
    torch.manual_seed(5)
    built = architectures.build("strata", classes)
    # Statistics other than 0 and 1, as after training.
    for module in built.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.8, 1.2)
    return built.eval()


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    return network(), export_onnx(network(), folder, image_size=64, weights_type="float32")


class TestExport:
    @pytest.mark.parametrize(
        "shape", [(1, 64, 64, 3), (3, 256, 256, 3), (2, 300, 200, 3), (1, 17, 91, 3), (1, 1, 1, 3), (1, 511, 1200, 3)]
    )
    def test_any_size_and_any_number_of_photos(self, exported, shape):
        built, path = exported
        images = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
        found = open_session(path, threads=1).run(["probabilities"], {"images": images})[0]
        with torch.no_grad():
            expected = ServingModule(built, 64)(torch.from_numpy(images)).numpy()
        assert found.dtype == np.float32 and found.shape == (shape[0], 3)
        assert np.abs(found - expected).max() < 1e-4
        assert found.sum(1) == pytest.approx(1, abs=1e-5)
        # Answers differ between photos: the graph does look at them.
        assert shape[0] == 1 or np.abs(found[0] - found[1]).max() > 1e-6

    def test_real_photos_through_both(self, exported, flowers):
        built, path = exported
        photos = [decode(file, Preprocessing.for_image_size(64)) for file in sorted(flowers.glob("*/*.jpg"))[::200]]
        assert len(photos) > 5
        assert verify_export(built, path, photos, image_size=64, weights_type="float32") < 1e-4

    def test_what_the_file_says_of_itself(self, exported):
        session = open_session(exported[1])
        (taken,), (given,) = session.get_inputs(), session.get_outputs()
        assert (taken.name, taken.type, taken.shape[3]) == ("images", "tensor(uint8)", 3)
        assert [isinstance(size, str) for size in taken.shape[:3]] == [True] * 3
        assert (given.name, given.type, given.shape[1]) == ("probabilities", "tensor(float)", 3)
        # Nothing of the machine that trained it.
        assert b"/strata_training" not in exported[1].read_bytes()
        assert b"site-packages" not in exported[1].read_bytes()

    def test_half_of_the_bytes_with_float16(self, exported, tmp_path):
        built, whole = exported
        half = export_onnx(built, tmp_path, image_size=64, weights_type="float16")
        assert half.stat().st_size < 0.6 * whole.stat().st_size
        photos = list(np.random.default_rng(2).integers(0, 256, (4, 80, 80, 3), dtype=np.uint8))
        assert 0 < verify_export(built, half, photos, image_size=64, weights_type="float16") < 5e-3

    def test_a_graph_that_disagrees_fails_the_job(self, exported):
        other = network()
        with torch.no_grad():
            other.get_submodule(architectures.head_name(other)).bias[0] += 1
        photos = list(np.random.default_rng(2).integers(0, 256, (2, 80, 80, 3), dtype=np.uint8))
        with pytest.raises(
            TrainingError,
            match=r"^the exported model and PyTorch disagree: a probability differs by 0\.\d+, and 0.0001 is allowed$",
        ):
            verify_export(other, exported[1], photos, image_size=64, weights_type="float32")

    def test_a_folder_whose_files_do_not_belong_together(self, exported, tmp_path):
        (tmp_path / "model.onnx").write_bytes(exported[1].read_bytes())
        with pytest.raises(TrainingError, match="has no labels.json"):
            ExportedModel(tmp_path)
        texts = {"ko": "a", "en": "a", "ja": "a"}
        write_labels(
            [{"label": name, "name": texts, "description": texts} for name in ("a", "b")], tmp_path / "labels.json"
        )
        Preprocessing.for_image_size(64).write(tmp_path / "preprocessing.json")
        with pytest.raises(TrainingError, match=r"returns 3 probabilities, and its labels.json has 2 labels"):
            ExportedModel(tmp_path)
        (tmp_path / "model.onnx").write_bytes(b"nothing")
        with pytest.raises(TrainingError, match="cannot be loaded as an ONNX model"):
            ExportedModel(tmp_path)


class TestWeights:
    def test_go_out_and_come_back(self, tmp_path):
        built = network()
        architectures.save_weights(
            tmp_path / "weights.pt", built, architecture="strata", image_size=64, classes=["a", "b", "c"], version="1"
        )
        read = architectures.read_weights(tmp_path)
        assert (read["architecture"], read["imageSize"], read["classes"]) == ("strata", 64, ["a", "b", "c"])
        assert all(torch.equal(read["network"][key], value) for key, value in built.state_dict().items())

    def test_a_backbone_keeps_all_but_its_head(self):
        old, new = network(7), network(3)
        state = {key: value + 1 for key, value in old.state_dict().items()}
        head = architectures.head_name(new)
        before = new.get_submodule(head).weight.clone()
        text = architectures.load_backbone(new, state, "strata")
        assert text.endswith(f"tensors of the backbone were taken over; {head} is new")
        assert torch.equal(new.get_submodule(head).weight, before)
        for key, value in new.state_dict().items():
            assert key.startswith(head) or torch.equal(value, state[key])

    @pytest.mark.parametrize("wrapped", ["plain", "state_dict", "model", "parallel"])
    def test_the_forms_in_which_weights_are_passed_on(self, tmp_path, wrapped):
        state = network().state_dict()
        value = {
            "plain": state,
            "state_dict": {"state_dict": state, "epoch": 3},
            "model": {"model": state},
            "parallel": {f"module.{key}": tensor for key, tensor in state.items()},
        }[wrapped]
        torch.save(value, tmp_path / "backbone.pth")
        read, architecture = architectures.read_backbone(tmp_path)
        assert read.keys() == state.keys() and architecture is None

    def test_other_weights_are_refused(self, tmp_path):
        with pytest.raises(TrainingError) as error:
            architectures.load_backbone(network(), {"conv1.weight": torch.zeros(64, 3, 7, 7)}, "strata")
        assert str(error.value).startswith("the backbone's weights do not fit the architecture 'strata' (")
        assert str(error.value).endswith("set --architecture to the network that the weights are of")
        (tmp_path / "a.pt").write_bytes(b"nothing")
        with pytest.raises(TrainingError, match="cannot be read as PyTorch weights"):
            architectures.read_backbone(tmp_path)
        torch.save([1, 2], tmp_path / "a.pt")
        with pytest.raises(TrainingError, match="holds no state dict"):
            architectures.read_backbone(tmp_path)
        (tmp_path / "b.pth").touch()
        with pytest.raises(TrainingError, match=r"must hold one file of weights .* and holds a.pt, b.pth"):
            architectures.read_backbone(tmp_path)

    def test_code_in_a_pickle_is_not_run(self, tmp_path):
        class Evil:
            def __reduce__(self):
                return (open, (str(tmp_path / "made"), "w"))

        torch.save({"state_dict": Evil()}, tmp_path / "evil.pt")
        with pytest.raises(TrainingError, match="cannot be read as PyTorch weights"):
            architectures.read_backbone(tmp_path)
        assert not (tmp_path / "made").exists()

    def test_torchvisions_networks(self, monkeypatch, tmp_path):
        # A stand-in that is called as torchvision is.
        (tmp_path / "torchvision").mkdir()
        (tmp_path / "torchvision" / "__init__.py").write_text("")
        (tmp_path / "torchvision" / "models.py").write_text(
            "from collections import OrderedDict\n"
            "from torch import nn\n"
            "HEADS = {'tiny_net': nn.Sequential(nn.Dropout(), nn.Linear(4, 1000)), 'tiny_vit': "
            "nn.Sequential(OrderedDict(head=nn.Linear(4, 1000))),\n"
            "         'tiny_none': nn.Identity()}\n"
            "def list_models(module=None): return list(HEADS)\n"
            "def get_model(name, weights=None):\n"
            "    assert weights is None\n"
            "    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.AdaptiveAvgPool2d(1), nn.Flatten(), "
            "HEADS[name])\n"
        )
        monkeypatch.syspath_prepend(str(tmp_path))
        for name, head in (("tiny_net", "4.1"), ("tiny_vit", "4.head")):
            built = architectures.build(name, 5)
            assert built(torch.zeros(2, 3, 32, 32)).shape == (2, 5)
            assert architectures.head_name(built) == head
        with pytest.raises(TrainingError, match="has no linear layer that could be replaced"):
            architectures.build("tiny_none", 5)
        with pytest.raises(
            TrainingError,
            match=r"--architecture is 'tiny_next': must be 'strata' or a classification network of torchvision.models "
            r"\(tiny_net, tiny_vit, tiny_none\)",
        ):
            architectures.build("tiny_next", 5)


class TestArchives:
    def archive(self, path, files: dict[str, bytes]):
        with tarfile.open(path, "w:gz") as archive:
            for name, data in files.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
        return path

    def test_a_folder_an_archive_and_a_folder_with_an_archive(self, tmp_path):
        self.archive(tmp_path / "model.tar.gz", {"weights.pt": b"w"})
        for path in (tmp_path / "model.tar.gz", tmp_path):
            with opened_model(path, needs="weights.pt") as folder:
                assert (folder / "weights.pt").read_bytes() == b"w"
        assert not folder.exists()

    def test_what_cannot_be_used_says_so(self, tmp_path):
        cases = [
            (tmp_path / "nowhere", "there is no model at"),
            (self.archive(tmp_path / "other.tar.gz", {"readme": b"x"}), r"has no weights.pt \(it holds readme\)"),
        ]
        (tmp_path / "broken.tar.gz").write_bytes(b"nothing")
        cases.append((tmp_path / "broken.tar.gz", "cannot be unpacked as a model.tar.gz"))
        for path, message in cases:
            with pytest.raises(TrainingError, match=message), opened_model(path, needs="weights.pt"):
                pass

    def test_an_archive_cannot_write_elsewhere(self, tmp_path):
        path = tmp_path / "evil.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            archive.addfile(tarfile.TarInfo("../evil"), io.BytesIO(b""))
        with pytest.raises(TrainingError, match="cannot be unpacked"), opened_model(path, needs="weights.pt"):
            pass


class TestCheckpoints:
    def test_are_written_whole_or_not_at_all(self, tmp_path, monkeypatch):
        write_checkpoint(tmp_path / "new", {"epoch": 1})

        def fails(*_):
            raise OSError("no space left on device")

        monkeypatch.setattr(torch, "save", fails)
        with pytest.raises(OSError, match="no space"):
            write_checkpoint(tmp_path / "new", {"epoch": 2})
        assert read_checkpoint(tmp_path / "new") == {"epoch": 1}

    def test_a_broken_one_counts_for_nothing_and_is_said(self, tmp_path, capsys):
        (tmp_path / "checkpoint.pt").write_bytes(b"half")
        assert read_checkpoint(tmp_path) is None
        assert "cannot be read" in capsys.readouterr().out

    def test_a_completed_run_is_not_gone_on_with(self, tmp_path):
        assert read_checkpoint(tmp_path) is None
        write_checkpoint(tmp_path, {"epoch": 1})
        mark_completed(tmp_path)
        assert read_checkpoint(tmp_path) is None
