"""How photos are varied in training: a batch at a time, on the device where the network is."""

import math
from typing import Callable

import torch
from torch.nn import functional

from .normalisation import normalise
from .serving_module import resize

# Smallest part of the photo's area that is shown.
SMALLEST_AREA = {"standard": 0.35, "light": 0.8}
ROTATION_DEGREES = 20.0
ROTATED_SHARE = 0.7
BRIGHTNESS = CONTRAST = 0.3
SATURATION = 0.4
# Part of a full turn. Hue tells flowers apart, so it is varied little.
HUE_TURN = 0.06
WHITE_BALANCE = 0.06
ERASED_SHARE = 0.25
ERASED_SIDE = (0.15, 0.45)
# Share of batches in which pairs of photos are mixed; half of those by a rectangle (CutMix), half by their values
# (mixup).
MIXED_SHARE = 0.5
MIXUP_ALPHA = 0.4

Draw = Callable[[float, float], torch.Tensor]


def augment(
    images: torch.Tensor,
    labels: torch.Tensor,
    *,
    image_size: int,
    num_classes: int,
    strength: str,
    calm: bool = False,
    generator: torch.Generator,
) -> tuple[torch.Tensor, torch.Tensor]:
    """uint8 [N, 3, W, W] and int64 [N] in; normalised float [N, 3, S, S] and targets [N, classes] (each row sums to 1)
    out.

    `strength` is standard, light (crop and flip) or none; `calm` leaves out erasing and mixing.
    """
    count = len(images)
    targets = functional.one_hot(labels, num_classes).float()
    if strength == "none":
        return normalise(resize(images.float(), image_size)), targets

    def draw(low: float, high: float) -> torch.Tensor:
        return torch.rand(count, generator=generator, device=images.device) * (high - low) + low

    varied = _cropped(images.float(), image_size, draw, strength)
    if strength == "light":
        return normalise(varied), targets
    varied = normalise(_coloured(varied, draw))
    if calm:
        return varied, targets
    _erase(varied, draw)
    return _mixed(varied, targets, draw, generator)


def _cropped(images: torch.Tensor, size: int, draw: Draw, strength: str) -> torch.Tensor:
    """A part of each photo, mirrored half the time; rotated, too, where the strength is standard."""
    area = draw(SMALLEST_AREA[strength], 1.0)
    proportion = torch.exp(draw(-0.25, 0.25))
    width, height = (area * proportion).sqrt().clamp(max=1), (area / proportion).sqrt().clamp(max=1)
    flip = torch.where(draw(0, 1) < 0.5, -1.0, 1.0)
    degrees = ROTATION_DEGREES if strength == "standard" else 0.0
    angle = torch.deg2rad(draw(-degrees, degrees)) * (draw(0, 1) < ROTATED_SHARE)
    cosine, sine = torch.cos(angle), torch.sin(angle)
    matrix = torch.stack(
        [
            torch.stack([cosine * width * flip, -sine * height, draw(-1, 1) * (1 - width)], 1),
            torch.stack([sine * width * flip, cosine * height, draw(-1, 1) * (1 - height)], 1),
        ],
        1,
    )
    grid = functional.affine_grid(matrix, [len(images), 3, size, size], align_corners=False)
    return functional.grid_sample(images, grid, mode="bilinear", padding_mode="reflection", align_corners=False)


def _coloured(images: torch.Tensor, draw: Draw) -> torch.Tensor:
    """Brightness, contrast, saturation, hue and white balance: all of them linear, so one matrix and one offset a
    photo.
    """
    count, device = len(images), images.device
    column = lambda low, high: draw(low, high).view(-1, 1, 1)  # noqa: E731
    identity = torch.eye(3, device=device).expand(count, 3, 3)
    grey = torch.tensor([0.299, 0.587, 0.114], device=device).expand(count, 3, 3)
    saturate = grey + (identity - grey) * column(1 - SATURATION, 1 + SATURATION)
    # A rotation about the axis of greys (Rodrigues' formula).
    turn = column(-HUE_TURN, HUE_TURN) * 2 * math.pi
    third = 1 / math.sqrt(3)
    cross = torch.tensor([[0.0, -third, third], [third, 0.0, -third], [-third, third, 0.0]], device=device)
    rotate = torch.cos(turn) * identity + (1 - torch.cos(turn)) / 3 + torch.sin(turn) * cross
    balance = torch.diag_embed(torch.stack([draw(1 - WHITE_BALANCE, 1 + WHITE_BALANCE) for _ in range(3)], 1))
    brightness, contrast = column(1 - BRIGHTNESS, 1 + BRIGHTNESS), column(1 - CONTRAST, 1 + CONTRAST)
    matrix = balance @ rotate @ saturate * brightness * contrast
    offset = images.mean((1, 2, 3)).view(-1, 1, 1) * brightness * (1 - contrast)
    return (torch.bmm(matrix, images.flatten(2)) + offset).clamp_(0, 255).view_as(images)


def _erase(images: torch.Tensor, draw: Draw) -> None:
    """Fills a rectangle of some photos with one colour, so that no single part of a flower decides."""
    size = images.shape[-1]
    erased, heights, widths = draw(0, 1) < ERASED_SHARE, draw(*ERASED_SIDE) * size, draw(*ERASED_SIDE) * size
    tops, lefts = draw(0, 1), draw(0, 1)
    colours = torch.stack([draw(-1.5, 1.5) for _ in range(3)], 1)
    for index in torch.nonzero(erased).flatten().tolist():
        height, width = int(heights[index]), int(widths[index])
        top, left = int(tops[index] * (size - height)), int(lefts[index] * (size - width))
        images[index, :, top : top + height, left : left + width] = colours[index].view(3, 1, 1)


def _mixed(
    images: torch.Tensor, targets: torch.Tensor, draw: Draw, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    if float(draw(0, 1)[0]) >= MIXED_SHARE:
        return images, targets
    size = images.shape[-1]
    # `draw` is one a photo; each mixing parameter is one a batch.
    by_rectangle, share, row, column = (float(draw(0, 1)[0]) for _ in range(4))
    other = torch.randperm(len(images), generator=generator, device=images.device)
    if by_rectangle < 0.5:
        side = int(size * math.sqrt(1 - share))
        middle, centre = int(row * size), int(column * size)
        top, bottom = max(0, middle - side // 2), min(size, middle + side // 2)
        left, right = max(0, centre - side // 2), min(size, centre + side // 2)
        mixed = images.clone()
        mixed[:, :, top:bottom, left:right] = images[other][:, :, top:bottom, left:right]
        kept = 1 - (bottom - top) * (right - left) / size**2
    else:
        kept = _beta(MIXUP_ALPHA, generator, images.device)
        kept = max(kept, 1 - kept)
        mixed = images * kept + images[other] * (1 - kept)
    return mixed, targets * kept + targets[other] * (1 - kept)


def _beta(alpha: float, generator: torch.Generator, device: torch.device) -> float:
    """One draw of Beta(alpha, alpha), by Jöhnk's method (good for alpha up to 1): torch's own takes no generator."""
    while True:
        first, second = (torch.rand(2, generator=generator, device=device).double() ** (1 / alpha)).tolist()
        if 0 < first + second <= 1:
            return first / (first + second)
