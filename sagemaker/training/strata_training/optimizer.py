"""Muon for the convolutions, AdamW for everything else.

Muon (K. Jordan et al., 2024, https://kellerjordan.github.io/posts/muon/) makes each update of a weight matrix nearly
orthogonal. In one comparison on the flower photos, with one seed each, log loss after 40 epochs was 0.181, against
0.217 for AdamW alone after 70. torch.optim.Muon takes matrices only, no convolutions.
"""

import torch
from torch import nn

# How much larger Muon's steps are than AdamW's at the same learning rate: an orthogonal update has another scale.
MUON_LEARNING_RATE_FACTOR = 10.0
MUON_MOMENTUM = 0.95
ADAM_BETAS = (0.9, 0.99)
ADAM_EPSILON = 1e-8


class MuonAdamW(torch.optim.Optimizer):
    """A group with `muon` is stepped by Muon, each other by AdamW; `lr_factor` times the schedule's learning rate is a
    group's own.
    """

    def __init__(self, groups: list[dict], lr: float) -> None:
        super().__init__(groups, {"lr": lr, "lr_factor": 1.0, "weight_decay": 0.0, "muon": False})
        self.set_learning_rate(lr)

    def set_learning_rate(self, lr: float) -> None:
        for group in self.param_groups:
            group["lr"] = lr * group["lr_factor"]

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            step = _muon if group["muon"] else _adamw
            for parameter in group["params"]:
                if parameter.grad is not None:
                    parameter.mul_(1 - group["lr"] * group["weight_decay"])
                    step(parameter, parameter.grad, self.state[parameter], group["lr"])
        return loss


def build_optimizer(network: nn.Module, learning_rate: float, weight_decay: float) -> MuonAdamW:
    """Biases and the scales of normalisations are not decayed. Convolutions with one input channel a group (depthwise),
    those that see the photo itself and the linear layers are no matrices that Muon is made for.
    """
    muon, decayed, others = [], [], []
    for module in network.modules():
        for name, parameter in module.named_parameters(recurse=False):
            if isinstance(module, nn.Conv2d) and name == "weight" and module.groups == 1 and module.in_channels > 3:
                muon.append(parameter)
            elif parameter.ndim > 1:
                decayed.append(parameter)
            else:
                others.append(parameter)
    groups = [
        {"params": muon, "muon": True, "lr_factor": MUON_LEARNING_RATE_FACTOR, "weight_decay": weight_decay},
        {"params": decayed, "weight_decay": weight_decay},
        {"params": others},
    ]
    return MuonAdamW([group for group in groups if group["params"]], learning_rate)


def _muon(parameter: torch.Tensor, gradient: torch.Tensor, state: dict, lr: float) -> None:
    if not state:
        state["momentum"] = torch.zeros_like(parameter)
    momentum = state["momentum"].lerp_(gradient, 1 - MUON_MOMENTUM)
    update = gradient.lerp(momentum, MUON_MOMENTUM).flatten(1)
    rows, columns = update.shape
    parameter.add_(orthogonalised(update).view(parameter.shape), alpha=-lr * max(1.0, rows / columns) ** 0.5)


def orthogonalised(matrix: torch.Tensor) -> torch.Tensor:
    """Nearly the orthogonal matrix next to it: five steps of a Newton-Schulz iteration, whose coefficients bring all
    singular values to about 1 (0.7 to 1.2).
    """
    rows, columns = matrix.shape
    # bfloat16 is exact enough for this, and several times as fast where the processor has it.
    x = (matrix.T if rows > columns else matrix).bfloat16()
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        gram = x @ x.T
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return (x.T if rows > columns else x).to(matrix.dtype)


def _adamw(parameter: torch.Tensor, gradient: torch.Tensor, state: dict, lr: float) -> None:
    if not state:
        state["step"] = torch.tensor(0.0)
        state["first"], state["second"] = torch.zeros_like(parameter), torch.zeros_like(parameter)
    state["step"] += 1
    count = float(state["step"])
    first = state["first"].lerp_(gradient, 1 - ADAM_BETAS[0])
    second = state["second"].lerp_(gradient * gradient, 1 - ADAM_BETAS[1])
    corrected = (second / (1 - ADAM_BETAS[1] ** count)).sqrt_().add_(ADAM_EPSILON)
    parameter.addcdiv_(first, corrected, value=-lr / (1 - ADAM_BETAS[0] ** count))
