"""How photos are varied in training: a batch at a time, on the device where the network is."""

import torch
from torch.nn import functional

from .normalisation import normalise


def augment(
    images: torch.Tensor, labels: torch.Tensor, *, image_size: int, num_classes: int, strength: str, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """uint8 [N, 3, W, W] and int64 [N] in; normalised float [N, 3, S, S] and targets [N, classes] (each row sums to 1) out.

    `strength` is standard, light (crop and flip) or none.
    """
    count = len(images)
    targets = functional.one_hot(labels, num_classes).float()
    if strength == "none":
        return normalise(functional.interpolate(images.float(), size=(image_size, image_size), mode="bilinear", antialias=True)), targets
    uniform = lambda low, high: torch.rand(count, generator=generator, device=images.device) * (high - low) + low  # noqa: E731
    scale = uniform(0.4 if strength == "standard" else 0.8, 1.0).sqrt()
    flip = (uniform(0, 1) < 0.5).float() * 2 - 1
    theta = torch.zeros(count, 2, 3, device=images.device)
    theta[:, 0, 0], theta[:, 1, 1] = scale * flip, scale
    theta[:, 0, 2], theta[:, 1, 2] = uniform(-1, 1) * (1 - scale), uniform(-1, 1) * (1 - scale)
    grid = functional.affine_grid(theta, [count, 3, image_size, image_size], align_corners=False)
    varied = functional.grid_sample(images.float(), grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    if strength == "standard":
        varied = (varied * uniform(0.7, 1.3).view(-1, 1, 1, 1)).clamp_(0, 255)
    return normalise(varied), targets
