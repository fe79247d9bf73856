import pytest
from strata_training.errors import TrainingError
from strata_training.hyperparameters import Hyperparameters, check_hyperparameters, with_hyphens
from strata_training.paths import find_paths
from strata_training.training import main


def problem(name: str, text: str) -> str:
    problems: list[str] = []
    check_hyperparameters({name: text}, problems)
    return problems[0] if problems else ""


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("epochs", "0", "--epochs is '0': must be a whole number of at least 1 and at most 100000"),
        ("epochs", "2.5", "--epochs is '2.5': must be a whole number of at least 1 and at most 100000"),
        ("epochs", "many", "--epochs is 'many': must be a whole number of at least 1 and at most 100000"),
        ("learning_rate", "0", "--learning-rate is '0': must be a number above 0 and at most 10"),
        ("learning_rate", "nan", "--learning-rate is 'nan': must be a number above 0 and at most 10"),
        ("learning_rate", "inf", "--learning-rate is 'inf': must be a number above 0 and at most 10"),
        (
            "image_size",
            "100",
            "--image-size is '100': must be a whole number of at least 32 and at most 1024 and that is a multiple of 8",
        ),
        ("validation_share", "1", "--validation-share is '1': must be a number above 0 and below 1"),
        ("keep", "first", "--keep is 'first': must be best or last"),
        ("mixed_precision", "yes", "--mixed-precision is 'yes': must be auto, on or off"),
        ("ignore_checkpoint", "1", "--ignore-checkpoint is '1': must be true or false"),
        ("model_name", "a\nb", "--model-name is 'a\nb': must be printable, up to 256 characters"),
    ],
)
def test_what_is_wrong_and_what_is_allowed(name: str, text: str, message: str):
    assert problem(name, text) == message


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("epochs", " 20 ", 20),
        ("epochs", "20.0", 20),
        ("learning_rate", "1e-3", 0.001),
        ("ignore_checkpoint", "True", True),
    ],
)
def test_texts_as_jobs_give_them(name: str, text: str, value: object):
    problems: list[str] = []
    assert getattr(check_hyperparameters({name: text}, problems), name) == value
    assert problems == []


def test_the_cache_may_not_be_smaller_than_the_input():
    problems: list[str] = []
    check_hyperparameters({"image_size": "64", "cache_size": "32"}, problems)
    assert problems == ["--cache-size is '32': must be 0, or at least --image-size (64)"]


def test_underscores_are_as_good_as_hyphens():
    assert with_hyphens(["--batch_size", "a_b", "--model_name=my_model"]) == [
        "--batch-size",
        "a_b",
        "--model-name=my_model",
    ]


def test_all_problems_at_once(tmp_path):
    with pytest.raises(TrainingError) as error:
        main(["--data", str(tmp_path / "nowhere"), "--epochs", "-1", "--batch_size", "none", "--optimiser", "sgd"])
    lines = str(error.value).split("\n")
    assert lines[0] == "6 settings are wrong:"
    assert lines[1].startswith("  --optimiser is not known: must be one of ")
    assert "--batch-size" in lines[1]
    assert lines[2:] == [
        "  'sgd' belongs to no flag",
        "  --epochs is '-1': must be a whole number of at least 1 and at most 100000",
        "  --batch-size is 'none': must be a whole number of at least 1 and at most 65536",
        f"  --data is '{tmp_path / 'nowhere'}': there is no such folder",
        "  --output is missing: give the folder for the model (on SageMaker: SM_MODEL_DIR)",
    ]


def test_sagemakers_folders(tmp_path):
    for name in ("train", "test", "model", "backbone"):
        (tmp_path / name).mkdir()
    environment = {
        "SM_CHANNEL_TRAIN": str(tmp_path / "train"),
        "SM_CHANNEL_TEST": str(tmp_path / "test"),
        "SM_MODEL_DIR": str(tmp_path / "out"),
        "SM_OUTPUT_DATA_DIR": str(tmp_path / "data"),
        "SM_CHECKPOINT_DIR": str(tmp_path / "checkpoints"),
        "SM_CHANNEL_BACKBONE": str(tmp_path / "backbone"),
    }
    problems: list[str] = []
    paths = find_paths({}, problems, environment)
    assert problems == []
    assert (paths.data, paths.validation, paths.model) == (tmp_path / "train", tmp_path / "test", tmp_path / "out")
    assert (paths.output_data, paths.checkpoints, paths.backbone, paths.resume_from) == (
        tmp_path / "data",
        tmp_path / "checkpoints",
        tmp_path / "backbone",
        None,
    )

    assert find_paths({}, problems, environment | {"SM_CHANNEL_MODEL": str(tmp_path / "model")}) is None
    assert problems == [
        "--resume-from and --backbone exclude each other: the first goes on with the same classes, the second begins "
        "with others"
    ]


def test_defaults_are_within_their_own_limits():
    for name, value in vars(Hyperparameters()).items():
        assert problem(name, str(value)) == ""
