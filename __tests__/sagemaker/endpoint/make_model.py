"""Makes model/model.onnx: a graph of the form that docs/endpoint.md describes, small enough to commit, that tells red,
green and blue apart.

Where in the photo a colour is counts a little too, so that a photo that was not turned as its EXIF says answers
something else. Usage: python make_model.py (with onnx and numpy)
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 8

rng = np.random.default_rng(1)
weights = rng.normal(0, 0.02, (3, SIDE, SIDE, 3)).astype(np.float32)
for channel in range(3):
    weights[channel, :, :, channel] += 6 / SIDE**2
weights = weights.reshape(3 * SIDE * SIDE, 3)

nodes = [
    helper.make_node("Transpose", ["images"], ["planes"], perm=[0, 3, 1, 2]),
    helper.make_node("Cast", ["planes"], ["floats"], to=TensorProto.FLOAT),
    helper.make_node("Resize", ["floats", "", "", "size"], ["small"], axes=[2, 3], mode="linear", antialias=1),
    helper.make_node("Div", ["small", "scale"], ["scaled"]),
    helper.make_node("Flatten", ["scaled"], ["flat"]),
    helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
    helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
]
graph = helper.make_graph(
    nodes,
    "colours",
    [helper.make_tensor_value_info("images", TensorProto.UINT8, ["N", "H", "W", 3])],
    [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", 3])],
    [
        numpy_helper.from_array(np.array([SIDE, SIDE], dtype=np.int64), "size"),
        numpy_helper.from_array(np.array(255, dtype=np.float32), "scale"),
        numpy_helper.from_array(weights, "weights"),
    ],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
onnx.checker.check_model(model)
onnx.save(model, Path(__file__).parent / "model" / "model.onnx")
