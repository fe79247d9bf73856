"""Trains an image classifier as SageMaker's script mode asks, exports it to ONNX and evaluates what was exported."""

__version__ = "0.1.0"
