"""The same answers in PyTorch."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from inputs import flowers, pictures, wines
from modules import fake

from burn_algorithms import BadModel, Model, NotAModule, UnsupportedLayer, to_torch
from burn_algorithms.modelfile import extract


def answered(network: torch.nn.Module, rows: Any) -> Any:
    with torch.no_grad():
        return network(torch.as_tensor(rows, dtype=torch.float32)).numpy()


def test_the_same_answers(iris: Model, wine: Model, mnist: Model) -> None:
    rows = flowers(500)
    assert np.abs(answered(iris.to_torch(), rows) - iris.predict_numbers(rows)).max() < 1e-5
    images = pictures(64).reshape(64, -1)
    # Floats that are added up in another order may be rounded to another step.
    assert np.abs(answered(mnist.to_torch(), images) - mnist.predict_numbers(images)).max() < 2e-4
    grades = answered(wine.to_torch(), wines(500))
    assert grades.shape == (500, 1)
    assert np.abs(grades[:, 0] - wine.predict(wines(500))).max() < 1e-5


def test_from_a_model_file(iris: Model, tmp_path: Path) -> None:
    content = extract(iris.content)
    file = tmp_path / "model.safetensors"
    file.write_bytes(content)
    for source in (file, str(file), content, iris.content):
        assert torch.equal(to_torch(source)(torch.ones(1, 4)), iris.to_torch()(torch.ones(1, 4)))


def test_it_is_a_usual_module(iris: Model) -> None:
    network = iris.to_torch()
    assert not network.training
    assert len(list(network.parameters())) == 6
    rows = torch.tensor(flowers(8), dtype=torch.float32)
    network(rows).log().mean().backward()
    assert all(each.grad is not None for each in network.parameters())
    buffer = io.BytesIO()
    torch.save(network.state_dict(), buffer)
    buffer.seek(0)
    network.load_state_dict(torch.load(buffer))


def model_file(layers: list[dict[str, Any]], table: Any, tensors: dict[str, Any]) -> bytes:
    header: dict[str, Any] = {}
    data = b""
    for name, tensor in tensors.items():
        tensor = np.asarray(tensor)
        kind = {"float32": "F32", "int16": "I16", "int8": "I8", "uint32": "U32"}[str(tensor.dtype)]
        end = len(data) + tensor.nbytes
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), end]}
        data += tensor.tobytes()
    description = {"input": table, "output": {"classes": ["a", "b"]}, "layers": layers}
    header["__metadata__"] = {"model": json.dumps(description)}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def test_transforms_and_layers_without_a_shipped_model() -> None:
    fields = [
        {"name": "a", "transform": "identity"},
        {"name": "b", "transform": {"standardise": {"mean": 2.0, "std_dev": 4.0}}},
        {"name": "c", "transform": "one_hot", "categories": ["x", "y", "z"]},
        {"name": "d", "transform": "log"},
    ]
    weight = np.array([1, 2, 3, 4, 5, 6], dtype=np.float32).reshape(6, 1)
    layers = [{"kind": kind} for kind in ("linear", "clip", "exp", "logistic")]
    tensors = {
        "layers.0.weight": weight / 10,
        "layers.0.bias": np.float32([0.5]),
        "layers.1.range": np.float32([-1, 2]),
    }
    network = to_torch(model_file(layers, {"table": fields}, tensors))
    found = answered(network, [[1, 6, 1, np.e], [9, 6, 1, np.e]])
    for row, first in zip(found, (1, 9)):
        x = min(0.1 * first + 0.2 * 1 + 0.4 + 0.6 + 0.5, 2)
        second = 1 / (1 + np.exp(-np.exp(x)))
        assert row == pytest.approx([1 - second, second], abs=1e-6)


def test_pictures_with_pools_and_weights_of_8_bits() -> None:
    random = np.random.default_rng(0)
    image = {"height": 5, "width": 7, "channels": 2, "maximum": 255, "mean": [0.1, 0.2], "std_dev": [0.5, 2.0]}
    weight = random.integers(-127, 128, (3, 3, 2, 3)).astype(np.int8)
    scale, bias = np.float32([0.01, 0.02, 0.03]), np.float32([0.1, -0.2, 0.3])
    layers = [
        {"kind": "max_pool", "height": 5, "width": 7, "channels": 2, "side": 1, "border": 1},
        {"kind": "quantized_convolution", "height": 7, "width": 9},
        {"kind": "max_pool", "height": 5, "width": 7, "channels": 3, "side": 2, "border": 0},
        {"kind": "mean_of_pixels", "channels": 3},
        {"kind": "softmax"},
    ]
    tensors = {f"layers.1.{name}": value for name, value in [("weight", weight), ("scale", scale), ("bias", bias)]}
    network = to_torch(model_file(layers, {"image": image}, tensors))
    pixels = random.integers(0, 256, (1, 70)).astype(np.float32)
    scaled = (pixels.reshape(5, 7, 2) / 255 - [0.1, 0.2]) / [0.5, 2.0]
    padded = np.zeros((7, 9, 2))
    padded[1:6, 1:8] = scaled
    convolved = np.zeros((5, 7, 3))
    for y in range(5):
        for x in range(7):
            convolved[y, x] = np.tensordot(padded[y : y + 3, x : x + 3], weight * scale, 3) + bias
    pooled = convolved[:4, :6].reshape(2, 2, 3, 2, 3).max(axis=(1, 3)).mean(axis=(0, 1))
    expected = np.exp(pooled) / np.exp(pooled).sum()
    assert answered(network, pixels)[0] == pytest.approx(expected, abs=1e-5)


def test_what_cannot_be_converted(agnews: Model, iris: Model) -> None:
    with pytest.raises(UnsupportedLayer, match="`text_features`") as caught:
        agnews.to_torch()
    assert caught.value.kind == "text_features"
    with pytest.raises(UnsupportedLayer, match="`columns`"):
        to_torch(model_file([], {"columns": []}, {}))
    content = extract(iris.content)
    for bad in (b"", content[:100], b"\xff" * 100, content.replace(b"layers.1.weight", b"layers.9.weight")):
        with pytest.raises(BadModel):
            to_torch(bad)
    for module in (fake(), b"\0asm", iris.content[:-5]):
        with pytest.raises(NotAModule):
            to_torch(module)


def test_layers_on_fixed_point_numbers_round_and_let_gradients_through() -> None:
    random = np.random.default_rng(0)
    image = {"height": 3, "width": 8, "channels": 2, "maximum": 1, "mean": [0.0, 0.0], "std_dev": [1.0, 1.0]}
    kernel = random.integers(-400, 401, (3, 3, 2, 24)).astype(np.int16)
    scale, bias = np.float32(random.uniform(1e-3, 2e-3, 24)), np.float32(random.normal(size=24))
    weight = random.integers(-127, 128, (72, 2, 2)).astype(np.int8)
    groups = [kernel.reshape(9, 2, 24)[..., part].swapaxes(1, 2).ravel() for part in (slice(16), slice(16, 24))]
    layers = [
        {"kind": "fixed_point_convolution", "height": 3, "width": 8, "channels": 2, "filters": 24},
        {"kind": "fixed_point_gelu"},
        {"kind": "fixed_point_linear"},
        {"kind": "softmax"},
    ]
    tensors = {
        "layers.0.weight": np.concatenate(groups),
        "layers.0.scale": scale,
        "layers.0.bias": bias,
        "layers.2.weight": weight,
        "layers.2.scale": np.float32([0.002, 0.003]),
        "layers.2.bias": np.float32([0.1, -0.2]),
    }
    network = to_torch(model_file(layers, {"image": image}, tensors))
    # Half a step more or less than a whole number of steps, and one number out of range.
    pixels = (random.integers(-4096, 4096, (1, 48)) + 0.4) / 2048
    pixels[0, 5] = 20
    steps = np.clip(np.round(pixels * 2048), -32768, 32767).reshape(3, 8, 2)
    convolved = np.stack([np.tensordot(steps[:, x : x + 3], kernel, 3) for x in range(6)])
    outputs = torch.nn.functional.gelu(torch.tensor(convolved * scale / 2048 + bias)).numpy().ravel()
    rows = weight.swapaxes(1, 2).reshape(144, 2)
    scores = np.clip(np.round(outputs * 2048), -32768, 32767) @ rows * tensors["layers.2.scale"] / 2048
    expected = np.exp(scores + tensors["layers.2.bias"])
    assert answered(network, pixels)[0] == pytest.approx(expected / expected.sum(), abs=2e-3)
    inputs = torch.tensor(pixels, dtype=torch.float32, requires_grad=True)
    network.layers[:3](inputs).sum().backward()
    assert inputs.grad is not None and inputs.grad.abs().min() > 0
