"""A picture of a confusion matrix."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from .metrics import Classification

_TEXT = (32, 36, 44)
_FAINT = (120, 128, 140)
_RIGHT = (38, 110, 80)
_WRONG = (178, 60, 48)


def draw_confusion(result: Classification, path: Path, title: str) -> None:
    """Rows are what the photos show, columns what the model took them for; a cell's colour is its share of the row."""
    count = len(result.classes)
    cell = max(28, min(96, 960 // count))
    large, small = ImageFont.load_default(20), ImageFont.load_default(max(11, min(16, cell // 4)))
    widest = min(260, max(int(small.getlength(name)) for name in result.classes))
    left, top = widest + 48, 84
    low, high = result.accuracy_interval()
    summary = f"{result.photos} photos, accuracy {result.accuracy:.1%} ({low:.1%} to {high:.1%})"
    legend = "rows: class of the photo; columns: answer of the model"
    width = max(left + count * cell + 32, 48 + int(max(large.getlength(title), small.getlength(summary))), 380)
    image = Image.new("RGB", (width, top + count * cell + widest + 60), "white")
    draw = ImageDraw.Draw(image)
    draw.text((24, 20), title, _TEXT, large)
    draw.text((24, 50), summary, _FAINT, small)

    for row in range(count):
        total = int(result.confusion[row].sum())
        middle = top + row * cell + cell // 2
        draw.text((left - 12, middle), _shortened(result.classes[row], small, widest), _TEXT, small, anchor="rm")
        for column in range(count):
            value = int(result.confusion[row, column])
            share = value / total if total else 0.0
            colour = _RIGHT if row == column else _WRONG
            fill = tuple(round(246 + (part - 246) * (share**0.5 if row != column else share)) for part in colour)
            box = (left + column * cell, top + row * cell, left + (column + 1) * cell - 2, top + (row + 1) * cell - 2)
            draw.rectangle(box, fill=fill)
            if value:
                text = "white" if sum(fill) < 380 else _TEXT
                draw.text(((box[0] + box[2]) // 2, (box[1] + box[3]) // 2), str(value), text, small, anchor="mm")
    for column in range(count):
        label = _shortened(result.classes[column], small, widest)
        strip = Image.new("RGB", (widest + 4, int(small.size) + 8), "white")
        ImageDraw.Draw(strip).text((widest, strip.height // 2), label, _TEXT, small, anchor="rm")
        turned = strip.rotate(90, expand=True)
        image.paste(turned, (left + column * cell + (cell - turned.width) // 2, top + count * cell + 6))
    draw.text((24, image.height - 30), legend, _FAINT, ImageFont.load_default(12))
    image.save(path, "PNG", optimize=True)


def _shortened(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    while len(text) > 1 and font.getlength(text + "...") > width:
        text = text[:-1]
    return text + "..."
