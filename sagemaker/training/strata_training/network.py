"""The project's own network: small, for training from scratch on a CPU."""

import torch
from torch import nn
from torch.nn import functional


class _ConvNorm(nn.Sequential):
    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> None:
        super().__init__(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs))


class _Block(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = _ConvNorm(inputs, outputs, stride=stride)
        self.second = _ConvNorm(outputs, outputs)
        self.shortcut = nn.Identity() if inputs == outputs and stride == 1 else _ConvNorm(inputs, outputs, 1, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.relu(self.shortcut(x) + self.second(functional.relu(self.first(x))))


class Network(nn.Module):
    """float [N, 3, S, S], normalised, in; logits [N, classes] out."""

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        widths = (24, 48, 96, 192)
        self.stem = _ConvNorm(3, widths[0], stride=2)
        self.blocks = nn.Sequential(*(_Block(inputs, outputs, 2) for inputs, outputs in zip(widths[:-1], widths[1:], strict=True)))
        self.head = nn.Linear(widths[-1], num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.blocks(functional.relu(self.stem(x)))
        return self.head(functional.dropout(x.mean((2, 3)), 0.1, self.training))


def build_network(num_classes: int) -> nn.Module:
    return Network(num_classes)
