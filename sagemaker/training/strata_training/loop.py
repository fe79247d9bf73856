"""The epochs: steps, validation, the moving average of the weights, checkpoints."""

import copy
import math
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.nn.parallel import DistributedDataParallel

from .architectures import head_parameters
from .augmentation import augment
from .checkpoint import read_checkpoint, write_checkpoint
from .distributed import Processes, add_up, from_first
from .errors import TrainingError
from .hyperparameters import Hyperparameters
from .metrics import EpochMetrics
from .normalisation import normalise
from .optimizer import build_optimizer
from .progress import with_bar
from .serving_module import resize

# Settings that a training may go on with although they changed: they do not touch what was learned so far.
_FREE_SETTINGS = {
    "epochs",
    "time_limit_minutes",
    "workers",
    "threads",
    "patience",
    "keep",
    "weights_type",
    "ignore_checkpoint",
    "model_name",
    "model_version",
}

# Steps after which the statistics of batch normalisations are good by themselves, and photos that are enough to measure
# them before.
_EARLY_STEPS = 500
_STATISTICS_PHOTOS = 256


@dataclass(frozen=True)
class Result:
    """`network` has the weights of `epoch`, on the CPU."""

    network: nn.Module
    epoch: int
    history: list[EpochMetrics]
    # Why it ended before its last epoch.
    stopped: str | None
    seconds: float


class Loop:
    def __init__(
        self,
        network: nn.Module,
        settings: Hyperparameters,
        processes: Processes,
        *,
        training: tuple[np.ndarray, np.ndarray],
        validation: tuple[np.ndarray, np.ndarray],
        num_classes: int,
        frozen_epochs: int,
        checkpoints: Path,
        run_identity: dict[str, Any],
        begun: float,
    ) -> None:
        """`begun`: `time.monotonic()` when the job began; its time limit counts from there."""
        self._settings, self._processes, self._num_classes, self._frozen_epochs = (
            settings,
            processes,
            num_classes,
            frozen_epochs,
        )
        self._training = (torch.from_numpy(training[0]), torch.from_numpy(training[1]))
        self._validation = (torch.from_numpy(validation[0]), torch.from_numpy(validation[1]))
        self._checkpoints, self._job_begun = checkpoints, begun
        self._identity = (
            run_identity
            | {key: value for key, value in asdict(settings).items() if key not in _FREE_SETTINGS}
            | {"processes": processes.count}
        )
        self._network = network.to(processes.device, memory_format=torch.channels_last)
        self._average = copy.deepcopy(self._network).eval().requires_grad_(False)
        self._optimizer = build_optimizer(self._network, settings.learning_rate, settings.weight_decay)
        share = len(training[1]) // processes.count
        self._batch = min(settings.batch_size, share)
        if self._batch < 2:
            raise TrainingError(
                f"{len(training[1])} training photos are too few for {processes.count} "
                f"process{'es' if processes.count > 1 else ''}: two for each are the least"
            )
        self._steps = share // self._batch
        self._precision = _precision(settings, processes.device)
        self._scaler = torch.amp.GradScaler(processes.device.type, enabled=self._precision is torch.float16)
        self._step = 0
        self._history: list[EpochMetrics] = []
        self._best: tuple[int, float, dict[str, torch.Tensor]] | None = None
        self._seconds = 0.0
        self._stop_asked = False

    def run(self) -> Result:
        self._resume()
        restore = self._listen_for_stop()
        begun, before, limit = time.monotonic(), self._seconds, self._settings.time_limit_minutes * 60
        stopped = None
        model, frozen = self._wrap(len(self._history)), None
        try:
            for epoch in range(len(self._history) + 1, self._settings.epochs + 1):
                stopped = from_first(
                    self._processes, self._reason_to_stop(epoch, time.monotonic() - self._job_begun, limit)
                )
                if stopped is not None:
                    break
                if frozen is not (epoch <= self._frozen_epochs):
                    frozen = epoch <= self._frozen_epochs
                    model = self._wrap(epoch)
                metrics = self._epoch(model, epoch)
                if metrics is None:
                    stopped = f"SIGTERM in epoch {epoch}"
                    break
                self._seconds = before + time.monotonic() - begun
                self._finish_epoch(metrics)
        finally:
            restore()
        if self._best is None:
            raise TrainingError(f"no epoch was completed ({stopped}): there is no model to export")
        epoch, _, state = self._best
        network = self._network.cpu().eval()
        network.load_state_dict(state)
        return Result(network, epoch, self._history, stopped, self._seconds)

    def _reason_to_stop(self, epoch: int, elapsed: float, limit: float) -> str | None:
        if self._stop_asked:
            return f"SIGTERM before epoch {epoch}"
        longest = max((metrics.seconds for metrics in self._history[-3:]), default=0.0)
        if limit > 0 and self._history and elapsed + longest > limit:
            return f"epoch {epoch} would not have ended within {self._settings.time_limit_minutes:g} minutes"
        patience = self._settings.patience
        if patience > 0 and self._history:
            best = min(range(len(self._history)), key=lambda index: self._history[index].validation_loss)
            if len(self._history) - 1 - best >= patience:
                return f"{patience} epochs without a lower validation loss than epoch {best + 1}'s"
        return None

    def _wrap(self, epoch: int) -> nn.Module:
        """The network as the steps of an epoch use it: its backbone frozen or not, its gradients shared between the
        processes.
        """
        frozen = epoch <= self._frozen_epochs
        self._network.requires_grad_(not frozen)
        for parameter in head_parameters(self._network):
            parameter.requires_grad_(True)
        if self._processes.count == 1:
            return self._network
        devices = [self._processes.device] if self._processes.device.type == "cuda" else None
        return DistributedDataParallel(self._network, device_ids=devices)

    def _epoch(self, model: nn.Module, epoch: int) -> EpochMetrics | None:
        settings, processes, device = self._settings, self._processes, self._processes.device
        begun = time.monotonic()
        # What is drawn depends on the epoch, not on what was drawn before: a training that was resumed goes the same
        # way as one that was not.
        order = torch.randperm(
            len(self._training[1]), generator=torch.Generator().manual_seed(_mixed(settings.seed, epoch, 0))
        )
        order = order[processes.rank :: processes.count]
        torch.manual_seed(_mixed(settings.seed, epoch, 1 + processes.rank))
        generator = torch.Generator(device).manual_seed(_mixed(settings.seed, epoch, 100_003 + processes.rank))
        self._network.train()
        if epoch <= self._frozen_epochs:
            # The statistics of frozen layers stay as they are, too.
            self._network.eval()
        totals = torch.zeros(3, dtype=torch.float32, device=device)
        calm = epoch > settings.epochs * (1 - settings.calm_share)
        # Photos that are not mixed have surer targets: what is exported then is less timid.
        smoothing = settings.label_smoothing * (0.3 if calm else 1)
        for number in with_bar(
            range(self._steps), self._steps, f"epoch {epoch}/{settings.epochs}", show=processes.first
        ):
            if self._stop_asked:
                return None
            chosen = order[number * self._batch : (number + 1) * self._batch]
            images, labels = (tensor[chosen].to(device) for tensor in self._training)
            images, targets = augment(
                images,
                labels,
                image_size=settings.training_size or settings.image_size,
                num_classes=self._num_classes,
                strength=settings.augmentation,
                calm=calm,
                generator=generator,
            )
            self._optimizer.set_learning_rate(self._learning_rate())
            with torch.autocast(device.type, self._precision, enabled=self._precision is not None):
                logits = model(images.contiguous(memory_format=torch.channels_last))
            if not isinstance(logits, torch.Tensor):
                raise TrainingError(
                    f"the network '{settings.architecture}' returns more than one output in training (it has "
                    "auxiliary heads): use another"
                )
            loss = functional.cross_entropy(logits.float(), targets, label_smoothing=smoothing)
            self._optimizer.zero_grad(set_to_none=True)
            self._scaler.scale(loss).backward()
            self._scaler.unscale_(self._optimizer)
            nn.utils.clip_grad_norm_(self._network.parameters(), 5.0)
            self._scaler.step(self._optimizer)
            self._scaler.update()
            self._step += 1
            self._follow()
            hits = (logits.detach().argmax(1) == targets.argmax(1)).sum()
            totals += torch.stack(
                [loss.detach() * len(chosen), hits.float(), torch.tensor(float(len(chosen)), device=device)]
            )
        training_loss, training_hits, count = (float(value) for value in add_up(processes, totals))
        if not math.isfinite(training_loss):
            raise TrainingError(
                f"the training loss is not a number in epoch {epoch}: lower --learning-rate (it is "
                f"{settings.learning_rate})"
            )
        if self._step < _EARLY_STEPS and epoch > self._frozen_epochs:
            self._measure_statistics(epoch)
        validation_loss, validation_accuracy = self._validate()
        return EpochMetrics(
            epoch,
            training_loss / count,
            training_hits / count,
            validation_loss,
            validation_accuracy,
            time.monotonic() - begun,
        )

    @torch.no_grad()
    def _measure_statistics(self, epoch: int) -> None:
        """Recalculates the statistics of the batch normalisations. They learn it slowly, from weights that change
        quickly at first: a short training would end with weights that fit the photos and statistics that do not.
        """
        network = self._average if self._settings.ema_decay > 0 else self._network
        norms = [
            module
            for module in network.modules()
            if isinstance(module, nn.modules.batchnorm._BatchNorm) and module.track_running_stats
        ]
        if not norms:
            return
        momenta = [norm.momentum for norm in norms]
        network.eval()
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # the plain mean of what it sees
            norm.train()
        # The same photos in each process.
        chosen = torch.randperm(
            len(self._training[1]), generator=torch.Generator().manual_seed(_mixed(self._settings.seed, epoch, 200_003))
        )
        for batch in chosen[:_STATISTICS_PHOTOS].split(64):
            if len(batch) > 1:
                network(
                    normalise(
                        resize(self._training[0][batch].to(self._processes.device).float(), self._settings.image_size)
                    )
                )
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
        network.eval()

    @torch.no_grad()
    def _validate(self) -> tuple[float, float]:
        device = self._processes.device
        network = self._average if self._settings.ema_decay > 0 else self._network.eval()
        totals = torch.zeros(3, dtype=torch.float32, device=device)
        own = torch.arange(self._processes.rank, len(self._validation[1]), self._processes.count)
        for chosen in own.split(128):
            images, labels = (tensor[chosen].to(device) for tensor in self._validation)
            images = normalise(resize(images.float(), self._settings.image_size)).contiguous(
                memory_format=torch.channels_last
            )
            with torch.autocast(device.type, self._precision, enabled=self._precision is not None):
                logits = network(images)
            loss = functional.cross_entropy(logits.float(), labels, reduction="sum")
            totals += torch.stack(
                [loss, (logits.argmax(1) == labels).sum().float(), torch.tensor(float(len(chosen)), device=device)]
            )
        loss, hits, count = (float(value) for value in add_up(self._processes, totals))
        return loss / count, hits / count

    def _finish_epoch(self, metrics: EpochMetrics) -> None:
        self._history.append(metrics)
        kept = self._best
        if kept is None or self._settings.keep == "last" or metrics.validation_loss < kept[1]:
            source = self._average if self._settings.ema_decay > 0 else self._network
            state = {key: value.detach().cpu().clone() for key, value in source.state_dict().items()}
            self._best = (metrics.epoch, metrics.validation_loss, state)
        if self._processes.first:
            print(metrics.line(), flush=True)
            write_checkpoint(
                self._checkpoints,
                {
                    "identity": self._identity,
                    "history": [asdict(entry) for entry in self._history],
                    "step": self._step,
                    "seconds": self._seconds,
                    "network": self._network.state_dict(),
                    "average": self._average.state_dict(),
                    "optimizer": self._optimizer.state_dict(),
                    "scaler": self._scaler.state_dict(),
                    "best": self._best,
                },
            )

    def _resume(self) -> None:
        # Only the first instance's folder is sure to have it.
        state = from_first(
            self._processes,
            read_checkpoint(self._checkpoints)
            if self._processes.first and not self._settings.ignore_checkpoint
            else None,
        )
        if state is None:
            return
        theirs = state["identity"]
        changed = [
            f"\n  {key}: {theirs.get(key)!r} there, {value!r} now"
            for key, value in self._identity.items()
            if theirs.get(key) != value
        ]
        if changed:
            raise TrainingError(
                f"the checkpoint in '{self._checkpoints}' is of an unfinished training with other settings or "
                f"data:{''.join(changed)}\n"
                "take those again to go on with it, or start over with --ignore-checkpoint true (or without that "
                "folder)"
            )
        self._network.load_state_dict(state["network"])
        self._average.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._scaler.load_state_dict(state["scaler"])
        self._history = [EpochMetrics(**entry) for entry in state["history"]]
        self._step, self._seconds, self._best = state["step"], state["seconds"], tuple(state["best"])
        if self._processes.first:
            print(f"going on after epoch {len(self._history)}, from the checkpoint in {self._checkpoints}", flush=True)

    def _learning_rate(self) -> float:
        total = self._steps * self._settings.epochs
        warmup = min(self._steps * self._settings.warmup_epochs, total / 5)
        rising = min(1.0, (self._step + 1) / warmup) if warmup > 0 else 1.0
        return self._settings.learning_rate * rising * 0.5 * (1 + math.cos(math.pi * min(1.0, self._step / total)))

    @torch.no_grad()
    def _follow(self) -> None:
        if self._settings.ema_decay == 0:
            return
        # A short memory at first: the random beginning is forgotten soon.
        decay = min(self._settings.ema_decay, (1 + self._step) / (10 + self._step))
        averages, values = list(self._average.state_dict().values()), list(self._network.state_dict().values())
        floating = [index for index, tensor in enumerate(averages) if tensor.is_floating_point()]
        torch._foreach_lerp_([averages[index] for index in floating], [values[index] for index in floating], 1 - decay)
        for average, value in zip(averages, values, strict=True):
            if not average.is_floating_point():
                average.copy_(value)

    def _listen_for_stop(self):
        """SageMaker stops a job, or takes a spot instance away, with SIGTERM and two minutes: enough to export the best
        epoch so far.
        """
        if self._processes.count > 1:
            return lambda: (
                None
            )  # the processes would stop at different steps and wait for each other; the checkpoint is there

        def ask(*_: Any) -> None:
            self._stop_asked = True

        former = signal.signal(signal.SIGTERM, ask)
        return lambda: signal.signal(signal.SIGTERM, former)


def _precision(settings: Hyperparameters, device: torch.device) -> torch.dtype | None:
    if settings.mixed_precision == "off" or (settings.mixed_precision == "auto" and device.type != "cuda"):
        return None
    if device.type == "cuda" and not torch.cuda.is_bf16_supported():
        return torch.float16
    return torch.bfloat16


def _mixed(seed: int, epoch: int, stream: int) -> int:
    """A separate seed for each epoch and stream."""
    return int(np.random.SeedSequence([seed, epoch, stream]).generate_state(1, np.uint64)[0] >> 1)
