"""Entry point of a training job (SageMaker script mode) and of `npm run train`."""

from strata_training.errors import run_command
from strata_training.training import main

# Processes that decode photos import this file, too.
if __name__ == "__main__":
    run_command(main)
