"""The command `python -m strata_training.predict`: what an exported model says of some files."""

import argparse
import json
from pathlib import Path
from typing import Any, Sequence

from .archive import opened_model
from .errors import run_command
from .inference import MODEL_FILE, ExportedModel
from .preprocessing import UnreadablePhoto


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="predict", allow_abbrev=False, description="Classifies photos with an exported model."
    )
    parser.add_argument("--model", type=Path, required=True, help="the model's folder, or its model.tar.gz")
    parser.add_argument(
        "--json",
        action="store_true",
        help="one JSON array, an object for each file, with all probabilities in the order of the labels",
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    given = parser.parse_args(arguments)
    with opened_model(given.model, needs=MODEL_FILE) as folder:
        model = ExportedModel(folder)
        answers = [_answer(model, file) for file in given.files]
    if given.json:
        print(json.dumps(answers, indent=2, ensure_ascii=False))
    else:
        width = max(len(str(file)) for file in given.files)
        for answer in answers:
            print(
                f"{answer['file'].ljust(width)}  "
                + (answer.get("error") or f"{answer['label']} {max(answer['probabilities']):.4f}")
            )
    return 1 if any("error" in answer for answer in answers) else 0


def _answer(model: ExportedModel, file: Path) -> dict[str, Any]:
    try:
        (row,) = model.probabilities_of_files([file])
    except (UnreadablePhoto, OSError) as error:
        return {"file": str(file), "error": str(error)}
    return {
        "file": str(file),
        "label": model.classes[int(row.argmax())],
        "probabilities": [float(value) for value in row],
    }


if __name__ == "__main__":
    run_command(main)
