"""Trains an image classifier as SageMaker's script mode asks, exports it to ONNX and evaluates what was exported."""

import os

# onnxruntime sends telemetry to Microsoft unless this is set before the library loads.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"
