"""Writes a shipped model as ONNX: `python export.py MODEL.safetensors FILE.onnx`. Needs torch and onnx.

Layers on fixed-point numbers become layers on floats, which ONNX Runtime is faster with.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "packages/python/src"))

import torch
from burn_algorithms import to_torch


def in_floats(layer: torch.nn.Module) -> torch.nn.Module:
    match type(layer).__name__:
        case "FixedPoint":
            return layer.layer
        case "FixedPointGelu":
            return torch.nn.GELU()
    return layer


def main() -> None:
    source, file = sys.argv[1:]
    network = to_torch(source).eval()
    network.layers = torch.nn.Sequential(*map(in_floats, network.layers))
    width = 784 if "mnist" in source else 4
    example = torch.full((1, width), 1.5)
    torch.onnx.export(
        network,
        (example,),
        file,
        input_names=["input"],
        output_names=["output"],
        dynamic_axes={"input": {0: "rows"}, "output": {0: "rows"}},
        dynamo=False,
    )


main()
