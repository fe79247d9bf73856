"""What SageMaker's training toolkit does before a training, done before a processing job, where the toolkit does not do
it.
"""

import subprocess
import sys
from pathlib import Path

from .errors import TrainingError

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements.txt"
# SageMaker writes this file into each container of a processing job, and nowhere else.
PROCESSING_JOB = Path("/opt/ml/config/processingjobconfig.json")


def install_in_processing_job() -> None:
    """Installs requirements.txt when this is a processing job. Raises `TrainingError` when that fails."""
    if not PROCESSING_JOB.is_file() or not REQUIREMENTS.is_file():
        return
    installed = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
            str(REQUIREMENTS),
        ],
        check=False,
    )
    if installed.returncode != 0:
        raise TrainingError(
            f"the requirements in {REQUIREMENTS.name} could not be installed: the job needs a way to a Python package "
            "index, or an image that has them"
        )
