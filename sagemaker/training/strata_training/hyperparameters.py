"""The settings and their limits. They are checked before anything else; all errors are reported together."""

import argparse
import math
from dataclasses import dataclass, field, fields
from typing import Any, Sequence

from .errors import TrainingError


def _setting(
    default: Any,
    help: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
    below: float | None = None,
    choices: Sequence[str] | None = None,
    multiple_of: int | None = None,
) -> Any:
    limits = {
        "help": help,
        "minimum": minimum,
        "maximum": maximum,
        "above": above,
        "below": below,
        "choices": choices,
        "multiple_of": multiple_of,
    }
    return field(default=default, metadata=limits)


@dataclass(frozen=True)
class Hyperparameters:
    """Each is a flag: `batch_size` is `--batch-size`."""

    epochs: int = _setting(20, "how often each photo is seen", minimum=1, maximum=100_000)
    batch_size: int = _setting(64, "photos a step, in each process", minimum=1, maximum=65_536)
    learning_rate: float = _setting(0.002, "the highest, reached after the warm-up", above=0, maximum=10)
    weight_decay: float = _setting(0.05, "AdamW's", minimum=0, maximum=10)
    warmup_epochs: float = _setting(
        2.0, "epochs over which the learning rate rises, but no more than a fifth of all", minimum=0
    )
    label_smoothing: float = _setting(0.1, "share of the target that is spread over all classes", minimum=0, below=1)
    ema_decay: float = _setting(
        0.998,
        "of the moving average of the weights, which is what is validated and exported; 0 for none",
        minimum=0,
        below=1,
    )
    calm_share: float = _setting(
        0.2,
        "last part of the epochs, in which photos are no longer mixed or erased and labels are smoothed less",
        minimum=0,
        maximum=1,
    )
    augmentation: str = _setting("standard", "how photos are varied in training", choices=("standard", "light", "none"))
    image_size: int = _setting(128, "side of the network's input, pixels", minimum=32, maximum=1024, multiple_of=8)
    training_size: int = _setting(
        0,
        "side of the photos in training, pixels; 0: as image-size. Crops magnify: flowers in smaller crops are as "
        "large as in whole photos",
        minimum=0,
        maximum=1024,
        multiple_of=8,
    )
    cache_size: int = _setting(
        0,
        "side of the photos as they are kept while training, pixels; 0: one and a half times image-size",
        minimum=0,
        maximum=2048,
    )
    architecture: str = _setting(
        "auto",
        "'strata' (the project's own), or a name that torchvision.models.get_model knows; auto: the one of the given "
        "weights, else strata",
    )
    frozen_epochs: int = _setting(
        1, "epochs in which only the head of a network that began with a backbone's weights is trained", minimum=0
    )
    seed: int = _setting(1, "of the split, the weights and the variations", minimum=0, maximum=2**31 - 1)
    validation_share: float = _setting(
        0.15, "part of the photos that is held back when there is no test channel", above=0, below=1
    )
    keep: str = _setting(
        "best",
        "the epoch that is exported: the one with the lowest validation loss, or the last",
        choices=("best", "last"),
    )
    patience: int = _setting(0, "stops after so many epochs without a lower validation loss; 0: never", minimum=0)
    time_limit_minutes: float = _setting(0.0, "no epoch is begun that would not end within it; 0: no limit", minimum=0)
    workers: int = _setting(0, "processes that decode photos; 0: one a core", minimum=0, maximum=256)
    threads: int = _setting(0, "threads of the network on a CPU; 0: one a core", minimum=0, maximum=256)
    processes: int = _setting(0, "training processes on each instance; 0: one a GPU, else one", minimum=0, maximum=64)
    mixed_precision: str = _setting("auto", "auto: on a GPU", choices=("auto", "on", "off"))
    weights_type: str = _setting(
        "float32",
        "how the ONNX file stores weights; the arithmetic is float32 in any case",
        choices=("float32", "float16"),
    )
    ignore_checkpoint: bool = _setting(False, "starts over although there is a checkpoint of an unfinished run")
    model_name: str = _setting("flowers", "in the model card and in the endpoint's answer")
    model_version: str = _setting("", "the same (default: the time of the training, as 20260131T120000Z)")

    @property
    def working_size(self) -> int:
        return self.cache_size or math.ceil(self.image_size * 1.5 / 8) * 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    for setting in fields(Hyperparameters):
        default = str(setting.default).lower() if isinstance(setting.default, bool) else setting.default
        text = setting.metadata["help"].replace("%", "%%")
        limits = _allowed(setting)
        text += f"; {limits}" * (limits != "") + f" (default: {default})" * (default != "")
        # Values stay text here, so that a wrong one is reported beside all others.
        parser.add_argument(
            "--" + setting.name.replace("_", "-"),
            dest=setting.name,
            default=None,
            metavar=_kind(setting).__name__.upper(),
            help=text,
        )


def with_hyphens(arguments: Sequence[str]) -> list[str]:
    """`--batch_size` is as good as `--batch-size`: hyperparameters are often written so."""
    named = [text.partition("=") if text.startswith("--") else (text, "", "") for text in arguments]
    return [name.replace("_", "-") + equals + value if name.startswith("--") else name for name, equals, value in named]


def check_hyperparameters(values: dict[str, str | None], problems: list[str]) -> Hyperparameters:
    """Reads texts as flags give them; `None` is a flag that was not given. What is wrong is appended to `problems`."""
    read: dict[str, Any] = {}
    for setting in fields(Hyperparameters):
        text = values.get(setting.name)
        if text is None:
            continue
        try:
            read[setting.name] = _read(setting, text.strip())
        except ValueError as error:
            problems.append(f"--{setting.name.replace('_', '-')} is '{text}': {error}")
    settings = Hyperparameters(**read)
    if "cache_size" in read and 0 < settings.cache_size < settings.image_size:
        problems.append(
            f"--cache-size is '{settings.cache_size}': must be 0, or at least --image-size ({settings.image_size})"
        )
    return settings


def refuse(problems: Sequence[str], *, hint: str = "") -> None:
    if problems:
        lines = "".join(f"\n  {problem}" for problem in problems)
        raise TrainingError(f"{len(problems)} setting{'s are' if len(problems) > 1 else ' is'} wrong:{lines}{hint}")


def _read(setting: Any, text: str) -> Any:
    kind, limits = _kind(setting), setting.metadata
    if kind is str:
        if limits["choices"] is not None and text not in limits["choices"]:
            raise ValueError(f"must be {_allowed(setting)}")
        if limits["choices"] is None and (len(text) > 256 or not text.isprintable()):
            raise ValueError("must be printable, up to 256 characters")
        return text
    if kind is bool:
        if text.lower() not in ("true", "false"):
            raise ValueError(f"must be {_allowed(setting)}")
        return text.lower() == "true"
    allowed = _allowed(setting)
    try:
        # `int('20.0')` fails, and pipelines' parameters arrive as floats at times.
        value = kind(text) if kind is float or "." not in text else _whole(text)
    except ValueError:
        raise ValueError(f"must be {allowed}") from None
    outside = (
        not math.isfinite(value)
        or (limits["minimum"] is not None and value < limits["minimum"])
        or (limits["maximum"] is not None and value > limits["maximum"])
        or (limits["above"] is not None and value <= limits["above"])
        or (limits["below"] is not None and value >= limits["below"])
        or (limits["multiple_of"] is not None and value % limits["multiple_of"] != 0)
    )
    if outside:
        raise ValueError(f"must be {allowed}")
    return value


def _whole(text: str) -> int:
    value = float(text)
    if not value.is_integer():
        raise ValueError
    return int(value)


def _kind(setting: Any) -> type:
    return (
        setting.type
        if isinstance(setting.type, type)
        else {"int": int, "float": float, "str": str, "bool": bool}[setting.type]
    )


def _allowed(setting: Any) -> str:
    kind, limits = _kind(setting), setting.metadata
    if kind is bool:
        return "true or false"
    if kind is str:
        choices = limits["choices"]
        return "" if choices is None else ", ".join(choices[:-1]) + f" or {choices[-1]}"
    words = {
        "minimum": "of at least",
        "above": "above",
        "maximum": "at most",
        "below": "below",
        "multiple_of": "that is a multiple of",
    }
    parts = [f"{word} {limits[key]}" for key, word in words.items() if limits[key] is not None]
    return ("a whole number " if kind is int else "a number ") + " and ".join(parts)
