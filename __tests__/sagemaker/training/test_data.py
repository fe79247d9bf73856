import json
import shutil

import numpy as np
import pytest
from conftest import COLOURS, make_photos, photo
from PIL import Image
from strata_training.dataset import describe_skipped, find_classes, load_photos
from strata_training.duplicates import fingerprint, similar_groups, similar_pairs
from strata_training.errors import TrainingError
from strata_training.labels import labels_for
from strata_training.preprocessing import Preprocessing
from strata_training.split import stratified_split

PREPROCESSING = Preprocessing.for_image_size(32)


def load(folder, classes=None, workers=1):
    return load_photos(
        folder,
        classes or find_classes(folder),
        size=32,
        preprocessing=PREPROCESSING,
        workers=workers,
        scratch=folder / ".scratch",
    )


def test_a_folder_for_each_class_whatever_its_depth(tmp_path):
    make_photos(tmp_path, ["red", "blue"], 2)
    (tmp_path / "red" / "more").mkdir()
    photo(COLOURS["red"], 9, (500, 300)).save(tmp_path / "red" / "more" / "large.png")
    (tmp_path / "red" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "blue" / "Thumbs.db").write_bytes(b"x")
    (tmp_path / ".git").mkdir()
    photos = load(tmp_path)
    assert find_classes(tmp_path) == ["blue", "red"]
    assert [file.name for file in photos.files] == [
        "blue/000.jpg",
        "blue/001.jpg",
        "red/000.jpg",
        "red/001.jpg",
        "red/more/large.png",
    ]
    assert photos.labels.tolist() == [0, 0, 1, 1, 1]
    assert photos.images.shape == (5, 3, 32, 32)
    assert photos.skipped == []
    # Channels first: red photos are brightest in their first plane, blue ones in their last.
    means = photos.images.mean((2, 3)).argmax(1)
    assert means.tolist() == [2, 2, 0, 0, 0]


def test_bad_files_are_listed_and_skipped(tmp_path):
    make_photos(tmp_path, ["red", "blue"], 3)
    whole = (tmp_path / "red" / "000.jpg").read_bytes()
    (tmp_path / "red" / "broken.jpg").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "blue" / "empty.png").touch()
    (tmp_path / "blue" / "notes.txt").write_text("to do")
    photos = load(tmp_path)
    assert len(photos.files) == 6
    assert [entry.name for entry in photos.skipped] == ["blue/empty.png", "blue/notes.txt", "red/broken.jpg"]
    text = describe_skipped(photos.skipped)
    assert text.startswith(
        "3 files were skipped:\n  blue/empty.png is empty\n  blue/notes.txt is neither JPEG nor PNG nor WebP\n  "
        "red/broken.jpg is damaged ("
    )
    assert describe_skipped(photos.skipped * 10).endswith("  and 10 more")


def test_a_class_without_photos_is_an_error(tmp_path):
    make_photos(tmp_path, ["red", "blue"], 2)
    (tmp_path / "green").mkdir()
    (tmp_path / "yellow").mkdir()
    (tmp_path / "yellow" / "a.jpg").write_bytes(b"nothing")
    with pytest.raises(TrainingError) as error:
        load(tmp_path)
    assert str(error.value) == (
        f"2 of 4 classes of the training data '{tmp_path}' have no photo:\n"
        "  'green': its folder has no files\n"
        "  'yellow': none of its 1 files can be read (yellow/a.jpg is neither JPEG nor PNG nor WebP)\n"
        "put JPEG, PNG or WebP photos there, or remove the folder"
    )


def test_no_folders_at_all(tmp_path):
    (tmp_path / "a.jpg").touch()
    with pytest.raises(
        TrainingError, match=r"has no folders \(it holds a.jpg\): one folder of photos for each class is needed"
    ):
        find_classes(tmp_path)
    with pytest.raises(TrainingError, match="is no folder"):
        find_classes(tmp_path / "a.jpg")


def test_more_photos_than_memory_is_given_wait_in_a_file(tmp_path, monkeypatch):
    make_photos(tmp_path, ["red", "blue"], 3)
    in_memory = load(tmp_path).images.copy()
    monkeypatch.setattr("strata_training.dataset.MEMORY_BYTES", 1000)
    photos = load(tmp_path)
    assert isinstance(photos.images, np.memmap)
    # A second set, such as the validation photos, has a file of its own.
    load(tmp_path / "red", classes=["."])
    assert np.array_equal(photos.images, in_memory)


def test_several_processes_decode_in_the_same_order(tmp_path):
    make_photos(tmp_path, ["red", "blue"], 3)
    for number in range(3, 260):
        for name in ("red", "blue"):
            shutil.copy(tmp_path / name / f"{number % 3:03}.jpg", tmp_path / name / f"{number:03}.jpg")
    (tmp_path / "blue" / "100.jpg").write_bytes(b"nothing")
    one, two = load(tmp_path), load(tmp_path, workers=2)
    assert [file.name for file in one.files] == [file.name for file in two.files]
    assert np.array_equal(one.images, two.images)
    assert [entry.name for entry in two.skipped] == ["blue/100.jpg"]


class TestDuplicates:
    def test_the_same_photo_in_another_size_quality_and_exposure_is_near(self, tmp_path, flowers):
        files = sorted(flowers.glob("*/*.jpg"))[::60]
        images = [Image.open(file).convert("RGB") for file in files]
        smaller = [image.resize((150, 140)) for image in images]
        brighter = [image.point(lambda value: min(255, int(value * 1.08))) for image in images]
        prints = [np.stack([fingerprint(image) for image in group]) for group in (images, smaller, brighter)]
        assert similar_pairs(prints[0]) == []
        for other in prints[1:]:
            found = similar_pairs(prints[0], other)
            assert {i for i, j in found if i == j} == set(range(len(files)))
            assert [pair for pair in found if pair[0] != pair[1]] == []

    def test_groups_reach_over_several_steps(self):
        rows = np.zeros((4, 8 + 768), np.uint8)
        rows[1, 8:] = 15
        rows[2, 8:] = 30
        rows[3, :8] = 255
        assert similar_pairs(rows) == [(0, 1), (1, 2), (0, 2)] or similar_pairs(rows) == [(0, 1), (0, 2), (1, 2)]
        rows[2, 8:] = 50
        rows[1, 8:] = 30
        groups = similar_groups(rows)
        assert groups[0] == groups[1] == groups[2] != groups[3]


class TestSplit:
    labels = np.repeat([0, 1, 2], [40, 60, 100])

    def test_each_class_gives_its_share_and_the_seed_decides(self):
        groups = np.arange(200)
        first, second = stratified_split(self.labels, groups, ["a", "b", "c"], 0.15, 1)
        assert sorted([*first, *second]) == list(range(200))
        assert np.bincount(self.labels[second]).tolist() == [6, 9, 15]
        assert np.array_equal(second, stratified_split(self.labels, groups, ["a", "b", "c"], 0.15, 1)[1])
        assert not np.array_equal(second, stratified_split(self.labels, groups, ["a", "b", "c"], 0.15, 2)[1])

    @pytest.mark.parametrize("seed", range(5))
    def test_near_duplicates_stay_on_one_side(self, seed):
        groups = np.arange(200) // 4 * 4
        groups[41] = groups[0]  # a photo of another class that looks the same
        first, second = stratified_split(self.labels, groups, ["a", "b", "c"], 0.2, seed)
        assert set(groups[first]) & set(groups[second]) == set()
        counts = np.bincount(self.labels[second], minlength=3)
        assert (np.abs(counts - [8, 12, 20]) <= 4).all()

    def test_two_photos_are_the_least(self):
        first, second = stratified_split(np.array([0, 0, 1, 1]), np.arange(4), ["a", "b"], 0.15, 1)
        assert (len(first), len(second)) == (2, 2)
        with pytest.raises(TrainingError) as error:
            stratified_split(np.array([0, 1, 1, 2, 2]), np.array([0, 1, 1, 3, 4]), ["a", "b", "c"], 0.15, 1)
        assert str(error.value).startswith(
            "2 classes have too few photos to hold some back for validation:\n  'a' has 1 photo\n  'b' has 2 photos, "
            "all alike\ntwo that differ are the least"
        )


class TestLabels:
    rose = {
        "label": "rose",
        "name": {"ko": "장미", "en": "Rose", "ja": "バラ"},
        "description": {"ko": "", "en": "Thorns.", "ja": ""},
    }

    def test_are_put_in_the_models_order(self, tmp_path):
        (tmp_path / "labels.json").write_text(json.dumps([self.rose, self.rose | {"label": "aster"}]))
        labels, warnings = labels_for(["aster", "rose"], tmp_path)
        assert [entry["label"] for entry in labels] == ["aster", "rose"]
        assert labels[1] == self.rose
        assert warnings == []

    def test_a_class_without_an_entry_is_called_as_its_folder_in_words(self, tmp_path):
        labels, _warnings = labels_for(["black_eyed_susan", "_"], tmp_path)
        assert [(entry["label"], entry["name"]["ja"]) for entry in labels] == [
            ("black_eyed_susan", "black eyed susan"),
            ("_", "_"),
        ]

    def test_without_a_file_a_class_is_called_as_its_folder(self, tmp_path):
        labels, warnings = labels_for(["rose"], tmp_path)
        assert labels == [
            {
                "label": "rose",
                "name": {"ko": "rose", "en": "rose", "ja": "rose"},
                "description": {"ko": "", "en": "", "ja": ""},
            }
        ]
        assert warnings == []

    def test_warns_of_what_is_missing_or_left_over(self, tmp_path):
        (tmp_path / "labels.json").write_text(json.dumps([self.rose]))
        labels, warnings = labels_for(["aster"], tmp_path)
        assert labels[0]["name"]["en"] == "aster"
        assert [warning.split("labels.json ")[1] for warning in warnings] == [
            "has no entry for 'aster': its folder's name is shown instead",
            "has an entry for 'rose', for which there is no folder: it is left out",
        ]

    def test_says_all_that_is_wrong(self, tmp_path):
        path = tmp_path / "labels.json"
        path.write_text(
            json.dumps([{"label": "rose", "name": {"ko": "장미", "en": " "}, "description": "red"}, self.rose, 7])
        )
        with pytest.raises(TrainingError) as error:
            labels_for(["rose"], tmp_path)
        assert str(error.value).split("\n  ")[1:] == [
            '[0] name.en must be text that is not empty, and is " "',
            "[0] name.ja must be text that is not empty, and is null",
            "[0] description must be an object with the languages ko, en, ja",
            "[1] label 'rose' is there twice",
            "[2] must be an object with label, name and description, and is a number or a boolean",
        ]
        path.write_text("{")
        with pytest.raises(TrainingError, match="is not JSON in UTF-8"):
            labels_for(["rose"], tmp_path)
        path.write_text("{}")
        with pytest.raises(TrainingError, match="must be an array of labels, and is an object"):
            labels_for(["rose"], tmp_path)
