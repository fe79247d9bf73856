"""The network as it is exported: what lies between a decoded photo and its probabilities is inside."""

import torch
from torch import nn
from torch.nn import functional

from .normalisation import normalise


class ServingModule(nn.Module):
    """uint8 [N, H, W, 3] in, any H and W; float32 [N, classes] out, each row sums to 1."""

    def __init__(self, network: nn.Module, image_size: int) -> None:
        super().__init__()
        self.network = network
        self.image_size = image_size

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        pixels = images.permute(0, 3, 1, 2).float()
        return functional.softmax(self.network(normalise(resize(pixels, self.image_size))), dim=1)


def resize(images: torch.Tensor, size: int) -> torch.Tensor:
    """float [N, 3, H, W] to [N, 3, size, size]: bilinear, antialiased where it makes smaller, which ONNX's Resize does
    alike.
    """
    return functional.interpolate(images, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
