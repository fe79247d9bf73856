"""Networks by name, and weights that come from elsewhere."""

from pathlib import Path
from typing import Any

import torch
from torch import nn

from .archive import opened_model
from .errors import TrainingError
from .network import build_network

OWN = "strata"
WEIGHTS_FILE = "weights.pt"
WEIGHTS_FORMAT = 1


def build(architecture: str, num_classes: int) -> nn.Module:
    """A new network with random weights.

    Raises `TrainingError` for a name that neither this project nor torchvision knows.
    """
    if architecture == OWN:
        return build_network(num_classes)
    try:
        from torchvision import models
    except Exception as error:
        raise TrainingError(
            f"--architecture is '{architecture}', one of torchvision's, and torchvision cannot be imported ({error}): "
            f"install the torchvision that belongs to torch {torch.__version__}, or use '{OWN}'"
        ) from None
    if architecture not in models.list_models(module=models):
        near = (
            ", ".join(name for name in models.list_models(module=models) if name[:4] == architecture[:4])
            or "resnet18, mobilenet_v3_small, efficientnet_b0, ..."
        )
        raise TrainingError(
            f"--architecture is '{architecture}': must be '{OWN}' or a classification network of torchvision.models "
            f"({near})"
        )
    network = models.get_model(architecture, weights=None)
    replace_head(network, num_classes)
    return network


def head_name(network: nn.Module) -> str:
    """Name of the last linear layer, which returns a number for each class."""
    names = [name for name, module in network.named_modules() if isinstance(module, nn.Linear)]
    if not names:
        raise TrainingError("the network has no linear layer that could be replaced by one for these classes")
    return names[-1]


def replace_head(network: nn.Module, num_classes: int) -> None:
    parent_name, _, name = head_name(network).rpartition(".")
    parent = network.get_submodule(parent_name)
    old = parent.get_submodule(name)
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)
    setattr(parent, name, new)


def save_weights(
    path: Path, network: nn.Module, *, architecture: str, image_size: int, classes: list[str], version: str
) -> None:
    state = {key: value.detach().cpu().clone() for key, value in network.state_dict().items()}
    torch.save(
        {
            "format": WEIGHTS_FORMAT,
            "architecture": architecture,
            "imageSize": image_size,
            "classes": classes,
            "version": version,
            "network": state,
        },
        path,
    )


def read_weights(path: Path) -> dict[str, Any]:
    """What `save_weights` wrote: a folder of a model, a model.tar.gz or the file itself."""
    with opened_model(path, needs=WEIGHTS_FILE) as folder:
        value = _load(folder / WEIGHTS_FILE)
    if not isinstance(value, dict) or value.get("format") != WEIGHTS_FORMAT:
        raise TrainingError(
            f"'{path}' was not written by this training code (its {WEIGHTS_FILE} has another form): give weights from "
            "elsewhere as the channel backbone"
        )
    return value


def find_backbone(channel: Path) -> Path:
    """The one file with weights in the channel `backbone`."""
    if channel.is_file():
        return channel
    found = [
        path
        for path in sorted(channel.rglob("*"))
        if path.is_file() and (path.suffix in (".pt", ".pth") or path.name.endswith(".tar.gz"))
    ]
    if len(found) != 1:
        listed = ", ".join(path.name for path in found) if found else "none"
        raise TrainingError(
            f"the channel backbone '{channel}' must hold one file of weights (.pt, .pth or a model.tar.gz of this "
            f"code), and holds {listed}"
        )
    return found[0]


def read_backbone(channel: Path) -> tuple[dict[str, torch.Tensor], str | None]:
    """State dict of a backbone, and its architecture where the file tells it."""
    path = find_backbone(channel)
    if path.name.endswith(".tar.gz"):
        weights = read_weights(path)
        return weights["network"], weights["architecture"]
    value = _load(path)
    architecture = value.get("architecture") if isinstance(value, dict) else None
    for key in ("network", "state_dict", "model_state_dict", "model"):
        if isinstance(value, dict) and isinstance(value.get(key), dict):
            value = value[key]
            break
    if (
        not isinstance(value, dict)
        or not value
        or not all(isinstance(tensor, torch.Tensor) for tensor in value.values())
    ):
        raise TrainingError(
            f"'{path}' holds no state dict: save the backbone with torch.save(network.state_dict(), path)"
        )
    return {key.removeprefix("module."): tensor for key, tensor in value.items()}, architecture if isinstance(
        architecture, str
    ) else None


def load_backbone(network: nn.Module, state: dict[str, torch.Tensor], architecture: str) -> str:
    """Takes over everything but the head, which keeps its random weights; says what was done.

    Raises `TrainingError` when the weights are those of another network.
    """
    head = head_name(network) + "."
    own = {key: value for key, value in network.state_dict().items() if not key.startswith(head)}
    # Counters of batches, which older files lack, change nothing.
    needed = [key for key in own if not key.endswith("num_batches_tracked")]
    missing = [key for key in needed if key not in state]
    shapes = [
        f"{key} is {_shape(state[key])}, and {_shape(own[key])} is needed"
        for key in needed
        if key in state and state[key].shape != own[key].shape
    ]
    if missing or shapes:
        details = shapes + [f"{key} is missing" for key in missing]
        raise TrainingError(
            f"the backbone's weights do not fit the architecture '{architecture}' ({len(details)} of {len(needed)} "
            "tensors):"
            + "".join(f"\n  {detail}" for detail in details[:5])
            + ("\n  ..." if len(details) > 5 else "")
            + "\nset --architecture to the network that the weights are of"
        )
    taken = {key: state[key] for key in own if key in state}
    network.load_state_dict(taken, strict=False)
    return f"{len(taken)} tensors of the backbone were taken over; {head[:-1]} is new"


def head_parameters(network: nn.Module) -> list[nn.Parameter]:
    return list(network.get_submodule(head_name(network)).parameters())


def _load(path: Path) -> Any:
    try:
        # weights_only: a pickle from elsewhere could run code.
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise TrainingError(f"'{path}' cannot be read as PyTorch weights: {first}") from None


def _shape(tensor: torch.Tensor) -> str:
    return " x ".join(str(size) for size in tensor.shape) or "a number"
