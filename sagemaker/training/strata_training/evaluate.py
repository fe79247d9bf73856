"""The command `evaluate`: exported model and photos with known classes in; evaluation.json and evaluation.png out."""

import argparse
import json
from pathlib import Path
from typing import Sequence

from .archive import opened_model
from .confusion_picture import draw_confusion
from .dataset import PhotoFile, describe_skipped, find_classes, list_photos
from .errors import TrainingError
from .evaluation import describe, evaluate_files, write_evaluation
from .inference import MODEL_FILE, ExportedModel
from .progress import with_bar
from .test_set import SPLIT_FILE, given_test_set


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="evaluate", allow_abbrev=False, description="Measures an exported model on photos with known classes."
    )
    parser.add_argument("--model", type=Path, required=True, help="the model's folder, or its model.tar.gz")
    parser.add_argument("--data", type=Path, required=True, help="folder of the photos, one folder for each class")
    parser.add_argument(
        "--test-data",
        type=Path,
        help="photos that training did not see, of the same form: they are measured instead. Where it holds "
        "no-test-data.json, "
        "or the photos of --data, those of --data that the training held back are (by the model's split.json)",
    )
    parser.add_argument("--output", type=Path, required=True, help="folder for evaluation.json and evaluation.png")
    parser.add_argument(
        "--files",
        type=Path,
        help="measures only what this file lists: a JSON array of names below --data, or the split.json of a training "
        "(its validation photos)",
    )
    parser.add_argument("--threads", type=int, default=0, help="threads of the network; 0: one a core (default: 0)")
    given = parser.parse_args(arguments)
    if given.threads < 0:
        raise TrainingError(f"--threads is '{given.threads}': must be 0 or more")

    with opened_model(given.model, needs=MODEL_FILE) as folder:
        model = ExportedModel(folder, threads=given.threads)
        data, listed, measured = _unseen(given, folder)
        classes = find_classes(data, "evaluation data")
        unknown = [name for name in classes if name not in model.classes]
        if unknown:
            raise TrainingError(
                f"the evaluation data '{data}' has the folders {', '.join(unknown)}, which the model does not know: "
                f"it knows {', '.join(model.classes)}"
            )
        files = _chosen(list_photos(data, classes), listed)
        if not files:
            raise TrainingError(f"the evaluation data '{data}' has no files in its folders {', '.join(classes)}")
        evaluation = evaluate_files(
            model,
            files,
            classes,
            threads=given.threads,
            progress=lambda items, total: with_bar(items, total, "evaluation"),
        )

    result = evaluation.classification
    given.output.mkdir(parents=True, exist_ok=True)
    write_evaluation({**describe(evaluation, model), "data": measured}, given.output / "evaluation.json")
    draw_confusion(
        result,
        given.output / "evaluation.png",
        " ".join(str(model.card[key]) for key in ("name", "version") if key in model.card) or "model",
    )
    if evaluation.skipped:
        print(describe_skipped(evaluation.skipped))
    print(result.table())
    low, high = result.accuracy_interval()
    print(
        f"accuracy={result.accuracy:.4f}; log_loss={result.log_loss:.4f}; photos={result.photos}; 95 % interval "
        f"{low:.4f} to {high:.4f}"
    )
    print(
        f"a photo: {evaluation.decode_ms:.2f} ms to decode, {evaluation.inference_ms:.2f} ms in the network (medians)",
        flush=True,
    )
    return 0


def _unseen(given: argparse.Namespace, model: Path) -> tuple[Path, Path | None, str]:
    """The folder to measure with, the list of its files where only some count, and what they are: "test", "validation"
    (held back by the training) or "given".
    """
    if given.test_data is None:
        return given.data, given.files, "given"
    if given.files is not None:
        raise TrainingError("--files and --test-data exclude each other: each says what is measured")
    test = given_test_set(given.test_data, given.data)
    if test is not None:
        return test, None, "test"
    split = model / SPLIT_FILE
    if not split.is_file():
        raise TrainingError(
            f"there is no test set ('{given.test_data}'), and the model has no {SPLIT_FILE} that says which photos "
            "its training held back: "
            "give a test set, or train again without one"
        )
    return given.data, split, "validation"


def _chosen(files: list[PhotoFile], listed: Path | None) -> list[PhotoFile]:
    if listed is None:
        return files
    try:
        names = json.loads(listed.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"--files '{listed}' cannot be read as JSON: {error}") from None
    names = names.get("validation") if isinstance(names, dict) else names
    if not isinstance(names, list) or not names:
        raise TrainingError(
            f"--files '{listed}' must be an array of names, or an object with such an array as 'validation'"
        )
    by_name = {file.name: file for file in files}
    missing = [name for name in names if name not in by_name]
    if missing:
        raise TrainingError(
            f"{len(missing)} of the {len(names)} files that '{listed}' lists are not there, {missing[0]} for one"
        )
    return [by_name[name] for name in names]
