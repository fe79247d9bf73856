"""Names and descriptions of the classes in Korean, English and Japanese: `labels.json` beside the class folders, and
beside the model.
"""

import json
from pathlib import Path
from typing import Any, Sequence

from .errors import TrainingError

FILE_NAME = "labels.json"
LANGUAGES = ("ko", "en", "ja")

Label = dict[str, Any]


def read_labels(path: Path) -> list[Label]:
    """The array of `{ label, name, description }`.

    Raises `TrainingError` with all that is wrong in the file.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise TrainingError(f"{path} is not JSON in UTF-8: {error}") from None
    problems: list[str] = []
    if not isinstance(value, list):
        problems.append(f"must be an array of labels, and is {_kind(value)}")
        value = []
    seen: set[str] = set()
    for index, entry in enumerate(value):
        problems.extend(f"[{index}] {problem}" for problem in _problems(entry))
        label = entry.get("label") if isinstance(entry, dict) else None
        if isinstance(label, str):
            if label in seen:
                problems.append(f"[{index}] label '{label}' is there twice")
            seen.add(label)
    if problems:
        raise TrainingError(f"{path} cannot be used:" + "".join(f"\n  {problem}" for problem in problems))
    return [{key: entry[key] for key in ("label", "name", "description")} for entry in value]


def labels_for(classes: Sequence[str], data: Path) -> tuple[list[Label], list[str]]:
    """The labels of `classes`, in their order, and what is worth a warning. Without a `labels.json` a class is called
    as its folder, in every language, with spaces for underscores.
    """
    path = data / FILE_NAME
    given = {entry["label"]: entry for entry in read_labels(path)} if path.is_file() else {}
    warnings = []
    if given:
        for name in classes:
            if name not in given:
                warnings.append(f"{path} has no entry for '{name}': its folder's name is shown instead")
        for name in given:
            if name not in classes:
                warnings.append(f"{path} has an entry for '{name}', for which there is no folder: it is left out")
    return [given.get(name, _plain(name)) for name in classes], warnings


def _plain(folder: str) -> Label:
    name = folder.replace("_", " ").strip() or folder
    return {"label": folder, "name": dict.fromkeys(LANGUAGES, name), "description": dict.fromkeys(LANGUAGES, "")}


def write_labels(labels: Sequence[Label], path: Path) -> None:
    path.write_text(json.dumps(list(labels), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _problems(entry: Any) -> list[str]:
    if not isinstance(entry, dict):
        return [f"must be an object with label, name and description, and is {_kind(entry)}"]
    problems = []
    label = entry.get("label")
    if not isinstance(label, str) or label == "":
        problems.append("label must be the name of the class's folder")
    for key, empty in (("name", False), ("description", True)):
        texts = entry.get(key)
        if not isinstance(texts, dict):
            problems.append(f"{key} must be an object with the languages {', '.join(LANGUAGES)}")
            continue
        for language in LANGUAGES:
            text = texts.get(language)
            if not isinstance(text, str) or (text.strip() == "" and not empty):
                problems.append(
                    f"{key}.{language} must be text{'' if empty else ' that is not empty'}, and is "
                    f"{json.dumps(text, ensure_ascii=False)}"
                )
    return problems


def _kind(value: Any) -> str:
    return {dict: "an object", list: "an array", str: "text", type(None): "null"}.get(
        type(value), "a number or a boolean"
    )
