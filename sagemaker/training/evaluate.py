"""Entry point of an evaluation (SageMaker Processing) and of `npm run evaluate`."""

from strata_training.errors import run_command
from strata_training.requirements import install_in_processing_job


def main() -> int:
    # What the rest imports may not be there before.
    install_in_processing_job()
    from strata_training.evaluate import main as evaluate

    return evaluate()


if __name__ == "__main__":
    run_command(main)
