"""What a model is, how it was made and what it scores: for programs (json) and for people (md)."""

import json
from pathlib import Path
from typing import Any

LIMITS = (
    "It knows the classes above and nothing else: a photo of another subject is given to one of them, often with a "
    "high probability.",
    "Probabilities are not calibrated for photos of another kind (other cameras, drawings, close-ups, several "
    "subjects in one photo).",
    "The accuracy holds for photos like those it was measured on.",
)


def write_card(card: dict[str, Any], folder: Path) -> None:
    (folder / "model-card.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "model-card.md").write_text(_markdown(card), encoding="utf-8")


def _markdown(card: dict[str, Any]) -> str:
    data, training, evaluation = card["data"], card["training"], card["evaluation"]
    percent = lambda value: "-" if value is None else f"{value * 100:.1f} %"  # noqa: E731
    low, high = evaluation["accuracy"]["interval95"]
    lines = [
        f"# {card['name']} {card['version']}",
        "",
        card["intendedUse"],
        "",
        "| | |",
        "|---|---|",
        f"| made | {card['created']}, training code {card['trainingCodeVersion']} |",
        f"| network | {card['architecture']}, {card['parameters']:,} parameters, input {card['imageSize']} x "
        f"{card['imageSize']} |",
        f"| file | {card['fileBytes']:,} bytes (ONNX, weights as {card['hyperparameters']['weights_type']}) |",
        f"| began with | {training['beganWith']} |",
        f"| epochs | {training['epochsRun']} run, weights of epoch {training['epochExported']} "
        f"({training['epochChosenBy']}); {training['seconds']:.0f} s on {training['device']} |",
        f"| seed | {card['hyperparameters']['seed']} |",
        f"| licence | {card['licence']} |",
        "",
        "## Measured",
        "",
        f"Accuracy {percent(evaluation['accuracy']['value'])} on {evaluation['photos']} {evaluation['of']} (95 % "
        f"interval {percent(low)} to {percent(high)}), "
        f"log loss {evaluation['logLoss']:.4f}. Measured with the exported file, from the photos' files on.",
        "",
        evaluation["note"],
        "",
        "| class | training photos | validation photos | precision | recall |",
        "|---|---|---|---|---|",
    ]
    for name, values in evaluation["perClass"].items():
        counts = data["counts"][name]
        lines.append(
            f"| {name} | {counts['training']} | {counts['validation']} | {percent(values['precision'])} | "
            f"{percent(values['recall'])} |"
        )
    lines += [
        "",
        "| photo shows, taken for | " + " | ".join(evaluation["confusion"]) + " |",
        "|---|" + "---|" * len(evaluation["confusion"]),
    ]
    for name, row in evaluation["confusion"].items():
        lines.append(f"| {name} | " + " | ".join(str(value) for value in row.values()) + " |")
    lines += ["", "## Limits", "", *(f"- {limit}" for limit in card["limits"]), "", "## Data", "", data["split"]]
    if data["skipped"]:
        lines += ["", f"{data['skipped']} files could not be read and were left out."]
    lines += ["", f"List of the files: SHA-256 `{data['filesSha256']}`.", "", "## Settings", "", "| | |", "|---|---|"]
    lines += [f"| {name.replace('_', '-')} | {value} |" for name, value in card["hyperparameters"].items()]
    return "\n".join(lines) + "\n"
