"""What happens between a photo's file and the graph's input: the one place for it in Python, used in training,
evaluation and prediction.

`preprocessing.json` beside the model says the same to the endpoint. Resizing to the network's size and normalisation
are inside the graph.
"""

import io
import json
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")

# As MAX_IMAGE_PIXELS of the endpoint: a file of a few kilobytes may unfold to gigabytes.
MAXIMUM_PIXELS = 64_000_000

Image.MAX_IMAGE_PIXELS = None  # checked here, before anything is decoded


class UnreadablePhoto(Exception):
    """A file that is no photo, or a damaged one; the message says which."""


@dataclass(frozen=True)
class Preprocessing:
    """When the shorter side is above `reduce_above_pixels`, the decoder makes it `reduce_to_pixels`: a large photo
    costs memory and time otherwise.
    """

    reduce_above_pixels: int
    reduce_to_pixels: int

    @staticmethod
    def for_image_size(image_size: int) -> "Preprocessing":
        """Twice the network's size keeps what its own antialiased resize would keep."""
        return Preprocessing(reduce_above_pixels=4 * image_size, reduce_to_pixels=2 * image_size)

    @staticmethod
    def read(path: Path) -> "Preprocessing":
        value = json.loads(path.read_text(encoding="utf-8"))
        if value.get("formatVersion") != 1:
            raise ValueError(
                f"{path}: formatVersion is {value.get('formatVersion')!r}, and 1 is what this version reads"
            )
        return Preprocessing(int(value["reduceAbovePixels"]), int(value["reduceToPixels"]))

    def write(self, path: Path) -> None:
        value = {
            "formatVersion": 1,
            "input": "uint8 RGB, NHWC",
            "orientation": "exif",
            "reduceAbovePixels": self.reduce_above_pixels,
            "reduceToPixels": self.reduce_to_pixels,
            "alpha": "white",
        }
        path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def decode(file: Path | bytes, preprocessing: Preprocessing) -> np.ndarray:
    """uint8 [H, W, 3], sRGB, as the graph's input wants it.

    Raises `UnreadablePhoto`.
    """
    data = file if isinstance(file, bytes) else Path(file).read_bytes()
    if len(data) == 0:
        raise UnreadablePhoto("is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > MAXIMUM_PIXELS:
                    raise UnreadablePhoto(
                        f"has {image.width} x {image.height} pixels, and {MAXIMUM_PIXELS:,} in all are allowed"
                    )
                return np.array(_prepare(image, preprocessing))
    except UnidentifiedImageError:
        raise UnreadablePhoto(
            "is damaged (its header breaks off)" if _begins_as_photo(data) else "is neither JPEG nor PNG nor WebP"
        ) from None
    except UnreadablePhoto:
        raise
    # Pillow's decoders report damage with whatever their format's parser stumbles on.
    except Exception as error:
        raise UnreadablePhoto(
            f"is damaged ({str(error).splitlines()[0][:120] if str(error) else type(error).__name__})"
        ) from None


def _begins_as_photo(data: bytes) -> bool:
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def _prepare(image: Image.Image, preprocessing: Preprocessing) -> Image.Image:
    reduced = _reduced_size(image.size, preprocessing)
    if reduced is not None and image.format == "JPEG":
        # The JPEG decoder itself reduces by 2, 4 or 8, to a size that is not below what is asked.
        image.draft(None, (2 * reduced[0], 2 * reduced[1]))
    image.load()
    icc_profile = image.info.get("icc_profile")
    if reduced is not None and image.getexif().get(ExifTags.Base.Orientation) in (5, 6, 7, 8):
        reduced = (reduced[1], reduced[0])
    image = _to_srgb(ImageOps.exif_transpose(image), icc_profile)
    return image if reduced is None else image.resize(reduced, Image.Resampling.BILINEAR, reducing_gap=3.0)


def _reduced_size(size: tuple[int, int], preprocessing: Preprocessing) -> tuple[int, int] | None:
    shorter = min(size)
    if shorter <= preprocessing.reduce_above_pixels:
        return None
    scale = preprocessing.reduce_to_pixels / shorter
    return (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))


def _to_srgb(image: Image.Image, icc_profile: bytes | None) -> Image.Image:
    if image.mode.startswith("I"):
        # 16-bit greyscale: Pillow's own conversion would clip, not scale.
        image = Image.fromarray((np.asarray(image, dtype=np.int64) >> 8).clip(0, 255).astype(np.uint8), "L")
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    if image.mode in ("LA", "La", "PA", "RGBa") or (image.mode in ("L", "RGB", "1") and "transparency" in image.info):
        image = image.convert("RGBA")
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = _apply_profile(image.convert("RGB") if image.mode not in ("L", "RGB", "CMYK") else image, icc_profile)
    if alpha is None:
        return colours
    white = Image.new("RGB", colours.size, (255, 255, 255))
    white.paste(colours, mask=alpha)
    return white


def _apply_profile(image: Image.Image, icc_profile: bytes | None) -> Image.Image:
    if icc_profile:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc_profile))
            space = profile.profile.xcolor_space.strip()
            if space == {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}[image.mode]:
                converted = ImageCms.profileToProfile(
                    image,
                    profile,
                    ImageCms.createProfile("sRGB"),
                    outputMode="RGB",
                    renderingIntent=ImageCms.Intent.PERCEPTUAL,
                )
                if converted is not None:
                    return converted
        except (ImageCms.PyCMSError, OSError, KeyError):
            pass  # a broken profile: the pixels are taken as sRGB, as browsers do
    return image.convert("RGB")
