"""Failures that the person who started the job can fix: shown as their message alone, without a traceback."""

import os
import sys
from pathlib import Path
from typing import Callable


class TrainingError(Exception):
    """A wrong setting, wrong data or a broken file. It says what is wrong, what is allowed and what to change."""


def run_command(main: Callable[[], int | None]) -> None:
    """Runs a command and ends the process. A `TrainingError` ends it with 1 and its message, also where SageMaker looks
    for the reason of a failure.
    """
    try:
        code = main()
    except TrainingError as error:
        sys.stdout.flush()
        print(f"\n{error}", file=sys.stderr, flush=True)
        _write_failure_reason(str(error))
        code = 1
    except KeyboardInterrupt:
        print("\ninterrupted: the same command goes on after the last whole epoch", file=sys.stderr, flush=True)
        code = 130
    sys.exit(code or 0)


def _write_failure_reason(message: str) -> None:
    # DescribeTrainingJob's FailureReason is the first 1,024 characters of this file.
    # https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-output.html
    directory = Path(os.environ.get("SM_OUTPUT_DIR", "/opt/ml/output"))
    if directory.is_dir() and os.access(directory, os.W_OK):
        (directory / "failure").write_text(message[:1024], encoding="utf-8")
