"""From bytes to what a network takes."""

import torch

# Of the photos of ImageNet, for values from 0 to 255: what torchvision's weights were trained with, and near enough to
# any other photos.
MEAN = (123.675, 116.28, 103.53)
STANDARD_DEVIATION = (58.395, 57.12, 57.375)


def normalise(images: torch.Tensor) -> torch.Tensor:
    """[N, 3, H, W] with values from 0 to 255."""
    mean = torch.tensor(MEAN, device=images.device).view(1, 3, 1, 1)
    deviation = torch.tensor(STANDARD_DEVIATION, device=images.device).view(1, 3, 1, 1)
    return (images.float() - mean) / deviation
