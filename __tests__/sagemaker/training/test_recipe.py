"""Network, variation of photos, optimizer, and the sample model that they made."""

import copy
import json

import numpy as np
import pytest
import torch
from strata_training.augmentation import augment
from strata_training.inference import ExportedModel
from strata_training.network import build_network
from strata_training.normalisation import MEAN, STANDARD_DEVIATION, normalise
from strata_training.optimizer import build_optimizer, orthogonalised
from strata_training.serving_module import resize

from conftest import ROOT

SAMPLE = ROOT / "sagemaker" / "sample-model"


def batch(count: int = 8, size: int = 40) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    return torch.randint(0, 256, (count, 3, size, size), generator=generator, dtype=torch.uint8), torch.arange(
        count
    ) % 3


def vary(seed: int, **others) -> tuple[torch.Tensor, torch.Tensor]:
    images, labels = batch()
    settings = {"image_size": 32, "num_classes": 3, "strength": "standard", **others}
    return augment(images, labels, generator=torch.Generator().manual_seed(seed), **settings)


def test_variations_keep_form_and_targets():
    for seed in range(12):
        images, targets = vary(seed)
        assert images.shape == (8, 3, 32, 32) and torch.isfinite(images).all()
        assert targets.shape == (8, 3) and torch.allclose(targets.sum(1), torch.ones(8)) and (targets >= 0).all()


def test_the_same_generator_varies_alike():
    first, again, other = vary(1), vary(1), vary(2)
    assert torch.equal(first[0], again[0]) and torch.equal(first[1], again[1])
    assert not torch.equal(first[0], other[0])


def test_some_batches_are_mixed_and_calm_or_light_ones_never():
    plain = torch.eye(3)[torch.arange(8) % 3]
    assert 2 <= sum(not torch.equal(vary(seed)[1], plain) for seed in range(12)) <= 10
    for others in ({"calm": True}, {"strength": "light"}):
        assert all(torch.equal(vary(seed, **others)[1], plain) for seed in range(12))


def test_no_variation_is_what_serving_does():
    images, _ = batch()
    assert torch.equal(vary(1, strength="none")[0], normalise(resize(images.float(), 32)))


def test_a_plain_colour_stays_near_itself():
    grey = torch.full((4, 3, 40, 40), 128, dtype=torch.uint8)
    varied, _ = augment(
        grey,
        torch.zeros(4, dtype=torch.int64),
        image_size=32,
        num_classes=3,
        strength="standard",
        calm=True,
        generator=torch.Generator().manual_seed(1),
    )
    values = varied * torch.tensor(STANDARD_DEVIATION).view(1, 3, 1, 1) + torch.tensor(MEAN).view(1, 3, 1, 1)
    # Contrast has nothing to change, saturation and hue neither: brightness (0.7 to 1.3) and white balance (0.94 to
    # 1.06) are left.
    assert 128 * 0.7 * 0.94 - 0.1 <= values.min() and values.max() <= 128 * 1.3 * 1.06 + 0.1
    assert values.flatten(2).std(2).max() < 0.01


def test_the_network_takes_any_size_and_number_of_classes():
    network = build_network(5).eval()
    for size in (32, 44, 97):
        assert network(torch.zeros(2, 3, size, size)).shape == (2, 5)


@pytest.mark.parametrize("shape", [(16, 40), (40, 16)])
def test_updates_are_nearly_orthogonal(shape: tuple[int, int]):
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    values = torch.linalg.svdvals(orthogonalised(matrix))
    assert 0.5 < values.min() and values.max() < 1.4
    assert torch.linalg.svdvals(matrix).max() / torch.linalg.svdvals(matrix).min() > 3


def test_the_optimizer_goes_on_from_its_state():
    images, targets = vary(1)

    def step(network, optimizer) -> float:
        loss = torch.nn.functional.cross_entropy(network(images), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return float(loss.detach())

    torch.manual_seed(0)
    network = build_network(3).eval()  # no dropout: both ways must give the same numbers
    optimizer = build_optimizer(network, 0.001, 0.05)
    assert len({id(p) for group in optimizer.param_groups for p in group["params"]}) == len(list(network.parameters()))
    losses = [step(network, optimizer) for _ in range(3)]
    assert losses[2] < losses[0]
    other = copy.deepcopy(network)
    restored = build_optimizer(other, 0.5, 0.05)
    restored.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    assert [step(network, optimizer) for _ in range(2)] == pytest.approx(
        [step(other, restored) for _ in range(2)], abs=1e-6
    )


def test_a_learning_rate_is_shared_out_by_factor():
    optimizer = build_optimizer(build_network(3), 0.001, 0.05)
    optimizer.set_learning_rate(0.0005)
    assert {group["muon"]: group["lr"] for group in optimizer.param_groups} == {
        True: pytest.approx(0.005),
        False: pytest.approx(0.0005),
    }


def test_the_sample_model_scores_what_its_card_says(flowers):
    """On the photos that its training held back."""
    card = json.loads((SAMPLE / "model-card.json").read_text(encoding="utf-8"))
    names = json.loads((SAMPLE / "split.json").read_text(encoding="utf-8"))["validation"]
    if not all((flowers / name).is_file() for name in names):
        pytest.skip(f"{flowers} does not hold the photos that the sample model was made of")
    model = ExportedModel(SAMPLE, threads=1)
    found = [
        model.classes[int(np.argmax(row))] for row in model.probabilities_of_files(flowers / name for name in names)
    ]
    hits = sum(label == name.split("/")[0] for label, name in zip(found, names, strict=True))
    # One photo's probabilities may lie so close together that another processor rounds them the other way.
    assert hits / len(names) == pytest.approx(card["evaluation"]["accuracy"]["value"], abs=1.5 / len(names))
    assert (SAMPLE / "model.onnx").stat().st_size < 4_000_000
