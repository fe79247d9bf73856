"""The usual Python serving of the same model folder, to compare with: FastAPI, uvicorn, onnxruntime, Pillow.

Not part of the product. THREADS sets onnxruntime's threads for one inference; without it, onnxruntime decides.
"""

import io
import json
import os
from pathlib import Path

import numpy as np

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before onnxruntime loads
import onnxruntime
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from PIL import Image, ImageOps

folder = Path(os.environ["MODEL_DIR"])
labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
card = json.loads((folder / "model-card.json").read_text(encoding="utf-8"))
model = {"name": card["name"], "version": str(card["version"])}

options = onnxruntime.SessionOptions()
if "THREADS" in os.environ:
    options.intra_op_num_threads = int(os.environ["THREADS"])
session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])

app = FastAPI()


def classify(body: bytes) -> list[float]:
    with Image.open(io.BytesIO(body)) as image:
        pixels = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    return session.run(["probabilities"], {"images": pixels[np.newaxis]})[0][0].tolist()


@app.get("/ping")
async def ping() -> dict:
    return {"status": "ready"}


@app.post("/invocations")
async def invocations(request: Request) -> dict:
    body = await request.body()
    # Decoding and inference hold no lock of the interpreter: threads run them side by side.
    probabilities = await run_in_threadpool(classify, body)
    return {"model": model, "labels": labels, "predictions": [{"probabilities": probabilities}]}
