"""The command `train`: photos in, a model's folder out."""

import argparse
import dataclasses
import json
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Sequence

import numpy as np
import torch
from torch import nn

from . import __version__, architectures, hyperparameters, paths
from .dataset import Photos, available_cores, data_hash, describe_skipped, find_classes, load_photos, write_skipped
from .distributed import Processes, join, leave, relaunch_when_several, same_everywhere
from .duplicates import similar_groups, similar_pairs
from .errors import TrainingError
from .evaluation import evaluate_files
from .export import export_onnx, verify_export
from .hyperparameters import Hyperparameters
from .inference import PREPROCESSING_FILE, ExportedModel
from .labels import FILE_NAME as LABELS_FILE
from .labels import Label, labels_for, write_labels
from .loop import Loop, Result
from .checkpoint import mark_completed
from .model_card import LIMITS, write_card
from .paths import Paths
from .preprocessing import Preprocessing, decode
from .progress import with_bar
from .split import stratified_split
from .test_set import SPLIT_FILE

# Photos on which the exported graph is compared with PyTorch.
VERIFIED_PHOTOS = 64

# What was stopped by SIGTERM is no success, although its best epoch was exported.
STOPPED = 143


def main(arguments: Sequence[str] | None = None) -> int:
    begun = time.monotonic()
    settings, where = _read_arguments(arguments)
    relaunch_when_several(settings.processes)
    torch.manual_seed(settings.seed)
    processes = join()
    try:
        cores = available_cores()
        torch.set_num_threads(settings.threads or max(1, cores // processes.on_this_instance))
        # Not below the checkpoints: SageMaker copies all that is there to S3.
        with tempfile.TemporaryDirectory(prefix="strata-photos-", ignore_cleanup_errors=True) as scratch:
            return _train(settings, where, processes, begun, Path(scratch))
    finally:
        leave(processes)


def _read_arguments(arguments: Sequence[str] | None) -> tuple[Hyperparameters, Paths]:
    parser = argparse.ArgumentParser(
        prog="train", allow_abbrev=False, description="Trains an image classifier and exports it to ONNX."
    )
    paths.add_arguments(parser)
    hyperparameters.add_arguments(parser)
    known, unknown = parser.parse_known_args(
        hyperparameters.with_hyphens(sys.argv[1:] if arguments is None else arguments)
    )
    values = vars(known)
    problems = []
    names = [option for action in parser._actions for option in action.option_strings if option.startswith("--")]
    for text in unknown:
        if text.startswith("-"):
            problems.append(f"{text.split('=')[0]} is not known: must be one of {', '.join(names)}")
        else:
            problems.append(f"'{text}' belongs to no flag")
    settings = hyperparameters.check_hyperparameters(values, problems)
    where = paths.find_paths(values, problems)
    hyperparameters.refuse(problems)
    assert where is not None
    return settings, where


def _train(settings: Hyperparameters, where: Paths, processes: Processes, begun: float, scratch: Path) -> int:
    say = print if processes.first else lambda *_, **__: None
    classes = find_classes(where.data)
    if len(classes) < 2:
        raise TrainingError(
            f"the training data '{where.data}' has one class ('{classes[0]}'): at least two folders are needed"
        )
    labels, warnings = labels_for(classes, where.data)
    network, settings, began_with, frozen_epochs = _begin(settings, where, classes)

    training, validation, split, files_hash, skipped = _photos(settings, where, classes, processes, scratch)
    same_everywhere(processes, "photos", files_hash)
    counts = {
        name: {"training": int((training.labels == index).sum()), "validation": int((validation.labels == index).sum())}
        for index, name in enumerate(classes)
    }
    say(
        f"{len(training.files)} photos to train on, {len(validation.files)} to validate; classes: "
        + ", ".join(f"{name} ({entry['training']} + {entry['validation']})" for name, entry in counts.items()),
        flush=True,
    )
    if skipped:
        say(describe_skipped(skipped), flush=True)
    for warning in [*warnings, *_doubtful(training, validation, classes)]:
        say(f"warning: {warning}", flush=True)
    device = _device_name(processes)
    say(f"{settings.architecture}, {_parameters(network):,} parameters, on {device}; {began_with}", flush=True)

    identity = {"architecture": settings.architecture, "classes": classes, "photos": files_hash}
    loop = Loop(
        network,
        settings,
        processes,
        training=(training.images, training.labels),
        validation=(validation.images, validation.labels),
        num_classes=len(classes),
        frozen_epochs=frozen_epochs,
        checkpoints=where.checkpoints,
        run_identity=identity,
        begun=begun,
    )
    result = loop.run()
    if not processes.first:
        return 0
    if result.stopped is not None:
        say(f"stopped: {result.stopped}", flush=True)

    report = {
        "classes": classes,
        "counts": counts,
        "split": split,
        "filesSha256": files_hash,
        "skipped": len(skipped),
        "beganWith": began_with,
        "device": device,
    }
    accuracy = _write_model(settings, where, labels, result, validation, report)
    _write_output_data(where, training, validation, skipped, result, settings.seed)
    interrupted = result.stopped is not None and result.stopped.startswith("SIGTERM")
    if not interrupted:
        mark_completed(where.checkpoints)
    say(
        f"wrote {where.model}: accuracy {accuracy:.4f} on {len(validation.files)} validation photos with the exported "
        "file; "
        f"{(time.monotonic() - begun) / 60:.1f} minutes in all",
        flush=True,
    )
    return STOPPED if interrupted else 0


def _begin(settings: Hyperparameters, where: Paths, classes: list[str]) -> tuple[nn.Module, Hyperparameters, str, int]:
    """The network with the weights it begins with, what they are, and for how many epochs only the head is trained."""
    if where.resume_from is not None:
        weights = architectures.read_weights(where.resume_from)
        if weights["classes"] != classes:
            raise TrainingError(
                f"the model '{where.resume_from}' knows the classes {', '.join(weights['classes'])}, and the training "
                f"data has {', '.join(classes)}: "
                "to begin other classes with its weights, give it as --backbone (channel backbone)"
            )
        settings = _with_architecture(settings, weights["architecture"], "the earlier model")
        if weights["imageSize"] != settings.image_size:
            print(
                f"warning: the earlier model was trained at {weights['imageSize']} pixels, this training runs at "
                f"{settings.image_size}",
                flush=True,
            )
        network = architectures.build(settings.architecture, len(classes))
        try:
            network.load_state_dict(weights["network"])
        except RuntimeError:
            raise TrainingError(
                f"the weights of '{where.resume_from}', written by training code {weights['version']}, do not fit the "
                f"network '{settings.architecture}' "
                f"of this one ({__version__}): train it again"
            ) from None
        return network, settings, f"the weights of an earlier model ({where.resume_from.name})", 0
    if where.backbone is not None:
        state, architecture = architectures.read_backbone(where.backbone)
        settings = _with_architecture(
            settings,
            architecture or (architectures.OWN if settings.architecture == "auto" else settings.architecture),
            "the backbone",
        )
        network = architectures.build(settings.architecture, len(classes))
        took = architectures.load_backbone(network, state, settings.architecture)
        return (
            network,
            settings,
            f"a backbone ({architectures.find_backbone(where.backbone).name}: {took})",
            settings.frozen_epochs,
        )
    settings = _with_architecture(
        settings, architectures.OWN if settings.architecture == "auto" else settings.architecture, ""
    )
    return architectures.build(settings.architecture, len(classes)), settings, "random weights", 0


def _with_architecture(settings: Hyperparameters, architecture: str, what: str) -> Hyperparameters:
    if settings.architecture not in ("auto", architecture):
        raise TrainingError(
            f"--architecture is '{settings.architecture}', and {what} is of '{architecture}': leave it out, or set it "
            "to that"
        )
    return dataclasses.replace(settings, architecture=architecture)


def _photos(settings: Hyperparameters, where: Paths, classes: list[str], processes: Processes, scratch: Path):
    preprocessing = Preprocessing.for_image_size(settings.image_size)
    load = lambda data, what: load_photos(  # noqa: E731
        data,
        classes,
        size=settings.working_size,
        preprocessing=preprocessing,
        workers=settings.workers or available_cores(),
        scratch=scratch,
        what=what,
        progress=lambda items, total: with_bar(items, total, what, show=processes.first),
    )
    photos = load(where.data, "training data")
    if where.validation is not None:
        others = find_classes(where.validation, "validation data")
        unknown, missing = (
            [name for name in others if name not in classes],
            [name for name in classes if name not in others],
        )
        if unknown or missing:
            parts = ([f"has {', '.join(unknown)}, which the training data has not"] if unknown else []) + (
                [f"lacks {', '.join(missing)}"] if missing else []
            )
            raise TrainingError(
                f"the validation data '{where.validation}' {' and '.join(parts)}: it needs the same folders as "
                f"'{where.data}'"
            )
        validation = load(where.validation, "validation data")
        same = {j for _, j in similar_pairs(photos.fingerprints, validation.fingerprints)}
        split = "Validation photos were given apart from the training photos."
        if same:
            split += f" {len(same)} of them are (nearly) the same as a training photo."
            if processes.first:
                print(
                    f"warning: {len(same)} of the {len(validation.files)} validation photos are (nearly) the same as "
                    "a training photo, "
                    f"{validation.files[min(same)].name} for one: the measured accuracy is too high",
                    flush=True,
                )
        files = [*photos.files, *validation.files]
        return photos, validation, split, data_hash(files), [*photos.skipped, *validation.skipped]
    first, second = stratified_split(
        photos.labels, similar_groups(photos.fingerprints), classes, settings.validation_share, settings.seed
    )
    split = (
        f"{settings.validation_share:.0%} of each class were held back for validation, drawn with seed "
        f"{settings.seed}; near-duplicates (by a perceptual hash) "
        "were kept on one side."
    )
    return _chosen(photos, first), _chosen(photos, second), split, data_hash(photos.files), photos.skipped


def _chosen(photos: Photos, indices: np.ndarray) -> Photos:
    return Photos(
        [photos.files[i] for i in indices],
        photos.images[indices],
        photos.labels[indices],
        photos.skipped,
        photos.fingerprints[indices],
    )


def _doubtful(training: Photos, validation: Photos, classes: list[str]) -> list[str]:
    """Pairs of photos that look the same and are in two classes: one of them is in the wrong folder."""
    files, prints = (
        [*training.files, *validation.files],
        np.concatenate([training.fingerprints, validation.fingerprints]),
    )
    pairs = [(files[i], files[j]) for i, j in similar_pairs(prints) if files[i].class_index != files[j].class_index]
    return [f"{left.name} and {right.name} look the same and are in two classes" for left, right in pairs[:10]]


def _write_model(
    settings: Hyperparameters,
    where: Paths,
    labels: list[Label],
    result: Result,
    validation: Photos,
    report: dict[str, Any],
) -> float:
    folder = where.model
    folder.mkdir(parents=True, exist_ok=True)
    preprocessing = Preprocessing.for_image_size(settings.image_size)
    path = export_onnx(result.network, folder, image_size=settings.image_size, weights_type=settings.weights_type)
    chosen = np.linspace(0, len(validation.files) - 1, min(VERIFIED_PHOTOS, len(validation.files))).astype(int)
    photos = [decode(validation.files[i].path, preprocessing) for i in chosen]
    difference = verify_export(
        result.network, path, photos, image_size=settings.image_size, weights_type=settings.weights_type
    )
    write_labels(labels, folder / LABELS_FILE)
    preprocessing.write(folder / PREPROCESSING_FILE)
    architectures.save_weights(
        folder / architectures.WEIGHTS_FILE,
        result.network,
        architecture=settings.architecture,
        image_size=settings.image_size,
        classes=report["classes"],
        version=__version__,
    )
    evaluation = evaluate_files(
        ExportedModel(folder),
        validation.files,
        report["classes"],
        progress=lambda items, total: with_bar(items, total, "validation"),
    )
    measured = evaluation.classification
    created = datetime.now(timezone.utc)
    version = settings.model_version or created.strftime("%Y%m%dT%H%M%SZ")
    chosen_by = "the last" if settings.keep == "last" else "the lowest validation loss"
    note = "The validation photos were not trained on. " + (
        "The epoch was chosen by them, which makes the figure slightly too good."
        if settings.keep == "best"
        else "Nor was the epoch chosen by them."
    )
    write_card(
        {
            "name": settings.model_name,
            "version": version,
            "created": created.isoformat(timespec="seconds"),
            "trainingCodeVersion": __version__,
            "architecture": settings.architecture,
            "parameters": _parameters(result.network),
            "imageSize": settings.image_size,
            "fileBytes": path.stat().st_size,
            "classes": report["classes"],
            "intendedUse": f"Tells which of {len(labels)} classes a photo shows: "
            f"{', '.join(label['name']['en'] for label in labels)}.",
            "limits": list(LIMITS),
            "licence": "That of the training photos and, if it began with them, of the weights; neither is known to "
            "the training code.",
            "data": {
                "counts": report["counts"],
                "skipped": report["skipped"],
                "filesSha256": report["filesSha256"],
                "split": report["split"],
            },
            "training": {
                "beganWith": report["beganWith"],
                "epochsRun": len(result.history),
                "epochExported": result.epoch,
                "epochChosenBy": chosen_by,
                "stopped": result.stopped,
                "seconds": round(result.seconds, 1),
                "device": report["device"],
                "torch": torch.__version__,
            },
            "evaluation": {
                "of": "validation photos",
                "photos": measured.photos,
                "note": note,
                "accuracy": {
                    "value": measured.accuracy,
                    "interval95": [round(value, 4) for value in measured.accuracy_interval()],
                },
                "logLoss": round(measured.log_loss, 6),
                "perClass": measured.per_class(),
                "confusion": measured.confusion_by_name(),
                "largestDifferenceToPyTorch": difference,
            },
            "hyperparameters": dataclasses.asdict(dataclasses.replace(settings, model_version=version)),
        },
        folder,
    )
    return measured.accuracy


def _write_output_data(
    where: Paths, training: Photos, validation: Photos, skipped: list, result: Result, seed: int
) -> None:
    where.output_data.mkdir(parents=True, exist_ok=True)
    write_skipped(skipped, where.output_data / "skipped-files.json")
    split = {"training": [file.name for file in training.files], "validation": [file.name for file in validation.files]}
    write_json(split, where.output_data / SPLIT_FILE)
    # An evaluation without a test set measures with what was held back here; it has the model, not this training's
    # output.
    if where.validation is None:
        write_json({"seed": seed, "validation": split["validation"]}, where.model / SPLIT_FILE)
    history = [dataclasses.asdict(entry) for entry in result.history]
    (where.output_data / "history.json").write_text(json.dumps(history, indent=2) + "\n", encoding="utf-8")


def write_json(value: Any, path: Path) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _parameters(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def _device_name(processes: Processes) -> str:
    device = processes.device
    name = (
        torch.cuda.get_device_name(device)
        if device.type == "cuda"
        else f"{torch.get_num_threads()} CPU threads"
        if device.type == "cpu"
        else device.type
    )
    return name if processes.count == 1 else f"{processes.count} processes, each with {name}"
