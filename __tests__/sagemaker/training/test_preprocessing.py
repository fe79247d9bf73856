import io
import json

import numpy as np
import pytest
from PIL import Image, ImageCms
from strata_training.preprocessing import Preprocessing, UnreadablePhoto, decode

ANY = Preprocessing(reduce_above_pixels=512, reduce_to_pixels=256)


def encoded(image: Image.Image, format: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def corners(width: int = 64, height: int = 32) -> Image.Image:
    """Red top left, green top right, blue bottom left, white bottom right."""
    image = Image.new("RGB", (width, height))
    for box, colour in (((0, 0), (255, 0, 0)), ((1, 0), (0, 255, 0)), ((0, 1), (0, 0, 255)), ((1, 1), (255, 255, 255))):
        image.paste(
            colour, (box[0] * width // 2, box[1] * height // 2, (box[0] + 1) * width // 2, (box[1] + 1) * height // 2)
        )
    return image


def test_rgb_png_is_taken_as_it_is():
    image = corners()
    found = decode(encoded(image, "PNG"), ANY)
    assert found.dtype == np.uint8 and found.shape == (32, 64, 3)
    assert np.array_equal(found, np.asarray(image))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(orientation: int):
    turned_back = {
        1: (),
        2: (Image.Transpose.FLIP_LEFT_RIGHT,),
        3: (Image.Transpose.ROTATE_180,),
        4: (Image.Transpose.FLIP_TOP_BOTTOM,),
        5: (Image.Transpose.TRANSPOSE,),
        6: (Image.Transpose.ROTATE_90,),
        7: (Image.Transpose.TRANSVERSE,),
        8: (Image.Transpose.ROTATE_270,),
    }[orientation]
    stored = corners()
    for step in turned_back:
        stored = stored.transpose(step)
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = decode(encoded(stored, "JPEG", quality=95, exif=exif), ANY)
    assert found.shape == (32, 64, 3)
    assert np.abs(found.astype(int) - np.asarray(corners()).astype(int)).mean() < 6
    # The same where the decoder reduces.
    reduced = decode(
        encoded(stored, "JPEG", quality=95, exif=exif), Preprocessing(reduce_above_pixels=16, reduce_to_pixels=8)
    )
    assert reduced.shape == (8, 16, 3)
    assert [tuple(reduced[y, x] > 128) for y, x in ((1, 1), (1, 14), (6, 1), (6, 14))] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
        (True,) * 3,
    ]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_becomes_white(mode: str):
    image = Image.new("RGBA", (20, 20), (10, 10, 10, 255))
    image.paste((200, 0, 0, 0), (0, 0, 10, 20))
    found = decode(encoded(image.convert(mode), "PNG"), ANY)
    assert found[5, 5].tolist() == [255, 255, 255]
    assert found[5, 15].tolist() == [10, 10, 10]


def test_half_transparent_is_blended_with_white():
    found = decode(encoded(Image.new("RGBA", (4, 4), (0, 0, 0, 128)), "PNG"), ANY)
    assert np.abs(found.astype(int) - 127).max() <= 1


def test_transparent_colour_of_a_png_without_alpha():
    image = Image.new("RGB", (4, 4), (1, 2, 3))
    assert decode(encoded(image, "PNG", transparency=(1, 2, 3)), ANY)[0, 0].tolist() == [255, 255, 255]


def test_greyscale_16_bit_bilevel_and_cmyk():
    assert decode(encoded(Image.new("L", (4, 4), 77), "JPEG"), ANY)[0, 0].tolist() == [77, 77, 77]
    deep = Image.fromarray(np.full((4, 4), 77 * 257, np.uint16))
    assert decode(encoded(deep, "PNG"), ANY)[0, 0].tolist() == [77, 77, 77]
    assert decode(encoded(Image.new("1", (4, 4), 1), "PNG"), ANY)[0, 0].tolist() == [255, 255, 255]
    red = decode(encoded(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG", quality=95), ANY)[8, 8]
    assert red[0] > 200 and red[1] < 60 and red[2] < 60


def test_a_colour_profile_is_applied_and_a_broken_one_ignored():
    image = Image.new("RGB", (8, 8), (120, 60, 30))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert np.abs(decode(encoded(image, "PNG", icc_profile=srgb), ANY)[0, 0].astype(int) - (120, 60, 30)).max() <= 1
    assert decode(encoded(image, "PNG", icc_profile=b"no profile at all"), ANY)[0, 0].tolist() == [120, 60, 30]
    grey = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert decode(encoded(image, "PNG", icc_profile=grey), ANY)[0, 0].tolist() == [120, 60, 30]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("size", "expected"),
    [((512, 900), (512, 900)), ((513, 600), (256, 299)), ((2000, 1500), (341, 256)), ((600, 3000), (256, 1280))],
)
def test_a_large_photo_is_reduced(format: str, size: tuple[int, int], expected: tuple[int, int]):
    found = decode(encoded(corners(*size), format), ANY)
    assert (found.shape[1], found.shape[0]) == expected
    assert found[10, 10, 0] > 200 and found[10, 10, 1] < 60
    assert found[10, -10, 1] > 200 and found[10, -10, 0] < 60


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"no photo", "is neither JPEG nor PNG nor WebP"),
        (encoded(corners(), "GIF"), "is neither JPEG nor PNG nor WebP"),
        (encoded(corners(300, 300), "JPEG")[:60], "is damaged"),
        (encoded(corners(300, 300), "JPEG")[:900], "is damaged (image file is truncated"),
        (encoded(corners(300, 300), "PNG")[:300], "is damaged"),
        (encoded(corners(300, 300), "WEBP")[:200], "is damaged"),
    ],
    ids=["empty", "text", "gif", "jpeg without its header", "half a jpeg", "half a png", "half a webp"],
)
def test_what_is_no_photo_says_why(data: bytes, reason: str):
    with pytest.raises(UnreadablePhoto) as error:
        decode(data, ANY)
    assert str(error.value).startswith(reason)


def test_a_photo_of_too_many_pixels_is_refused_before_it_is_decoded():
    # The header alone says the size: 30,000 x 30,000 in a few bytes.
    header = bytearray(encoded(Image.new("1", (8, 8)), "PNG"))
    header[16:24] = (30_000).to_bytes(4, "big") * 2
    import zlib

    header[29:33] = zlib.crc32(header[12:29]).to_bytes(4, "big")
    with pytest.raises(UnreadablePhoto, match="has 30000 x 30000 pixels, and 64,000,000 in all are allowed"):
        decode(bytes(header), ANY)


def test_the_file_beside_the_model(tmp_path):
    path = tmp_path / "preprocessing.json"
    Preprocessing.for_image_size(128).write(path)
    assert json.loads(path.read_text()) == {
        "formatVersion": 1,
        "input": "uint8 RGB, NHWC",
        "orientation": "exif",
        "reduceAbovePixels": 512,
        "reduceToPixels": 256,
        "alpha": "white",
    }
    assert Preprocessing.read(path) == Preprocessing(512, 256)
    path.write_text(json.dumps({"formatVersion": 2}))
    with pytest.raises(ValueError, match="formatVersion is 2, and 1 is what this version reads"):
        Preprocessing.read(path)
