"""Entry point of an evaluation (SageMaker Processing) and of `npm run evaluate`."""

from strata_training.errors import run_command
from strata_training.evaluate import main

if __name__ == "__main__":
    run_command(main)
