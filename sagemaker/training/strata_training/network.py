"""The project's own network: small, for training from scratch on a few thousand photos.

Residual blocks of full 3 x 3 convolutions: on a CPU these run near its peak both in PyTorch and in onnxruntime, where
depthwise ones wait for memory. 89 million multiplications at 160 x 160 pixels, 0.9 million weights; wider networks were
not better on 1,400 photos.
"""

import torch
from torch import nn
from torch.nn import functional

STEM_WIDTH = 16
# A stage each: its width, its blocks, whether its blocks weigh their channels. Each stage halves the side of its input.
STAGES = ((24, 1, False), (48, 2, False), (96, 2, True), (192, 1, True))
DROPOUT = 0.1


class _ConvNorm(nn.Sequential):
    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> None:
        super().__init__(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs))


class _ChannelWeights(nn.Module):
    """Squeeze and excitation: weighs each channel by what the whole photo shows."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels, channels // 8, 1)
        self.excite = nn.Conv2d(channels // 8, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weights = functional.relu(self.squeeze(functional.adaptive_avg_pool2d(x, 1)))
        return x * torch.sigmoid(self.excite(weights))


class _Block(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int, weigh_channels: bool) -> None:
        super().__init__()
        self.stride = stride
        self.first = _ConvNorm(inputs, outputs, stride=stride)
        self.second = _ConvNorm(outputs, outputs)
        self.weights = _ChannelWeights(outputs) if weigh_channels else nn.Identity()
        self.shortcut = nn.Identity() if inputs == outputs and stride == 1 else _ConvNorm(inputs, outputs, 1)
        # A block begins as its shortcut alone, which lets the first steps be large.
        nn.init.zeros_(self.second[1].weight)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        change = self.weights(self.second(functional.relu(self.first(x), inplace=True)))
        # The mean of a 2 x 2 field, not one pixel of it: nothing is dropped. An odd side keeps its last row.
        kept = functional.avg_pool2d(x, 2, ceil_mode=True, count_include_pad=False) if self.stride == 2 else x
        return functional.relu(self.shortcut(kept) + change, inplace=True)


class Network(nn.Module):
    """float [N, 3, S, S], normalised, in; logits [N, classes] out. Any S from 32."""

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        self.stem = _ConvNorm(3, STEM_WIDTH, stride=2)
        blocks, inputs = [], STEM_WIDTH
        for width, count, weigh_channels in STAGES:
            for index in range(count):
                blocks.append(_Block(inputs, width, 2 if index == 0 else 1, weigh_channels))
                inputs = width
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(inputs, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.blocks(functional.relu(self.stem(x), inplace=True))
        return self.head(functional.dropout(x.mean((2, 3)), DROPOUT, self.training))


def build_network(num_classes: int) -> nn.Module:
    return Network(num_classes)
