"""PyTorch to ONNX, and the proof that both answer alike."""

import contextlib
import io
import logging
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from .errors import TrainingError
from .inference import MODEL_FILE, open_session
from .serving_module import ServingModule

# Resize knows `antialias` and `axes` since 18.
OPSET = 18

# Largest difference of a probability between PyTorch and onnxruntime.
TOLERANCE = {"float32": 1e-4, "float16": 5e-3}


def export_onnx(network: nn.Module, folder: Path, *, image_size: int, weights_type: str) -> Path:
    """Writes `model.onnx`: input `images` (uint8 [N, H, W, 3]), output `probabilities`. A network that has
    `for_inference()` is exported as what that returns.
    """
    network = network.for_inference() if hasattr(network, "for_inference") else network
    module = ServingModule(network, image_size).cpu().eval()
    example = torch.zeros(2, image_size + 8, image_size + 16, 3, dtype=torch.uint8)
    dimensions = {0: torch.export.Dim("N"), 1: torch.export.Dim("H"), 2: torch.export.Dim("W")}
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    # The exporter says each of its steps, and warns of what it does itself.
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            module,
            (example,),
            input_names=["images"],
            output_names=["probabilities"],
            opset_version=OPSET,
            dynamo=True,
            dynamic_shapes=(dimensions,),
        )
    logger.setLevel(level)
    model = program.model_proto
    model.producer_name = "strata"
    for node in model.graph.node:
        # Where in the source each node comes from: useless for serving, and paths of the machine that trained it.
        del node.metadata_props[:]
        node.doc_string = ""
    del model.graph.value_info[:]
    if weights_type == "float16":
        _store_as_float16(model)
    onnx.checker.check_model(model, full_check=True)
    path = folder / MODEL_FILE
    path.write_bytes(model.SerializeToString())
    return path


def verify_export(
    network: nn.Module, path: Path, images: list[np.ndarray], *, image_size: int, weights_type: str
) -> float:
    """Runs real photos, each in its own size, through both; returns the largest difference of a probability.

    Raises `TrainingError` when it is too large.
    """
    module = ServingModule(network, image_size).cpu().eval()
    session = open_session(path)
    largest, tolerance = 0.0, TOLERANCE[weights_type]
    for image in images:
        with torch.no_grad():
            expected = module(torch.from_numpy(image[None])).numpy()
        found = session.run(["probabilities"], {"images": image[None]})[0]
        largest = max(largest, float(np.abs(found - expected).max()))
    if not largest <= tolerance:
        raise TrainingError(
            f"the exported model and PyTorch disagree: a probability differs by {largest:.6f}, and {tolerance} is "
            "allowed"
        )
    return largest


def _store_as_float16(model: onnx.ModelProto) -> None:
    """Halves the file; onnxruntime widens the weights once, when it loads the model."""
    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < 256:
            continue
        narrow = values.astype(np.float16)
        if not np.isfinite(narrow).all():
            raise TrainingError(f"the weights {tensor.name} are too large for --weights-type float16: use float32")
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(narrow, f"{name}_float16"))
        casts.append(helper.make_node("Cast", [f"{name}_float16"], [name], name=f"widen_{name}", to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
