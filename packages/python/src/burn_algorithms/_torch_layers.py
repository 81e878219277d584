"""The layers of a model file as modules of PyTorch. Images are flat, channels last, between layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn


class Network(nn.Module):
    """What a model takes, prepared and given to its layers."""

    def __init__(self, prepare: nn.Module, layers: nn.Sequential) -> None:
        super().__init__()
        self.prepare = prepare
        self.layers = layers

    def forward(self, x: Tensor) -> Tensor:
        """Shape ``(n, inputs)`` to ``(n, outputs)``."""
        result: Tensor = self.layers(self.prepare(x))
        return result


class PrepareTable(nn.Module):
    """Transforms the fields of a table: each by itself, a category to a one-hot code."""

    def __init__(self, fields: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self.transforms: list[Any] = [field["transform"] for field in fields]
        self.sizes = [len(field.get("categories", ())) for field in fields]

    def forward(self, x: Tensor) -> Tensor:
        """Shape ``(n, fields)`` to ``(n, numbers of the network)``."""
        parts = []
        for index, (transform, size) in enumerate(zip(self.transforms, self.sizes)):
            column = x[:, index : index + 1]
            if size:
                column = nn.functional.one_hot(column[:, 0].long(), size).to(x.dtype)
            elif transform == "log":
                column = column.log()
            elif isinstance(transform, Mapping):
                numbers = transform["standardise"]
                column = (column - numbers["mean"]) / numbers["std_dev"]
            elif transform != "identity":
                raise ValueError(f"the transform {transform!r} is unknown")
            parts.append(column)
        return torch.cat(parts, dim=1)


class PrepareImage(nn.Module):
    """Scales pixels to mean 0 and variance 1 over the training images, channel by channel."""

    mean: Tensor
    std_dev: Tensor

    def __init__(self, image: Mapping[str, Any]) -> None:
        super().__init__()
        self.maximum = float(image["maximum"])
        pixels = image["height"] * image["width"]
        self.register_buffer("mean", torch.tensor(image["mean"]).repeat(pixels))
        self.register_buffer("std_dev", torch.tensor(image["std_dev"]).repeat(pixels))

    def forward(self, x: Tensor) -> Tensor:
        """Shape ``(n, pixels * channels)``, from 0 to the largest value, to the same shape."""
        return (x / self.maximum - self.mean) / self.std_dev


class Centre(nn.Module):
    """``x − mean``."""

    mean: Tensor

    def __init__(self, mean: Tensor) -> None:
        super().__init__()
        self.register_buffer("mean", mean)

    def forward(self, x: Tensor) -> Tensor:
        """The same shape."""
        return x - self.mean


class Clip(nn.Module):
    """``min(max(x, low), high)``."""

    def __init__(self, limits: Tensor) -> None:
        super().__init__()
        self.low, self.high = (float(limit) for limit in limits)

    def forward(self, x: Tensor) -> Tensor:
        """The same shape."""
        return x.clamp(self.low, self.high)


class Cosine(nn.Module):
    """``cos(x)``."""

    def forward(self, x: Tensor) -> Tensor:
        """The same shape."""
        return torch.cos(x)


class Exp(nn.Module):
    """``exp(x)``."""

    def forward(self, x: Tensor) -> Tensor:
        """The same shape."""
        return torch.exp(x)


class Logistic(nn.Module):
    """The probabilities of two classes from the logarithm of the odds of the second."""

    def forward(self, x: Tensor) -> Tensor:
        """Shape ``(n, 1)`` to ``(n, 2)``."""
        return torch.cat([torch.sigmoid(-x), torch.sigmoid(x)], dim=1)


class Convolution(nn.Module):
    """A convolution of 3 × 3 pixels without padding.

    Args:
        layer: has ``height`` and ``width`` of the image.
        weight: shape ``(3, 3, channels, filters)``.
        bias: shape ``(filters,)``.
    """

    def __init__(self, layer: Mapping[str, int], weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        rows, columns, channels, filters = weight.shape
        self.shape = (layer["height"], layer["width"], channels)
        self.convolution = nn.Conv2d(channels, filters, (rows, columns))
        with torch.no_grad():
            self.convolution.weight.copy_(weight.permute(3, 2, 0, 1))
            _bias(self.convolution).copy_(bias)

    def forward(self, x: Tensor) -> Tensor:
        """Shape ``(n, height * width * channels)`` to ``(n, (height − 2) * (width − 2) * filters)``."""
        image = x.unflatten(1, self.shape).permute(0, 3, 1, 2)
        result: Tensor = self.convolution(image)
        return result.permute(0, 2, 3, 1).flatten(1)


def ungrouped(layer: Mapping[str, int], weight: Tensor) -> Tensor:
    """The kernel of a convolution on fixed-point numbers, of shape ``(3, 3, channels, filters)``.

    The file has it as the module reads it: sixteen filters together, and columns and channels in pairs.
    """
    channels, filters = layer["channels"], layer["filters"]
    taps, group = 9 * channels, 16
    parts = []
    for part in weight.split(taps * group):
        pairs = part.reshape(taps // 2, -1, 2)
        parts.append(pairs.swapaxes(1, 2).reshape(taps, -1))
    return torch.cat(parts, dim=1).reshape(3, 3, channels, filters)


class FixedPoint(nn.Module):
    """A layer on fixed-point numbers: multiples of 1/2048 from −16 up to 16.

    Args:
        layer: takes the rounded numbers.
    """

    STEPS = 2048.0

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor) -> Tensor:
        """The shapes of the layer."""
        rounded = (x * self.STEPS).round().clamp(-32768, 32767) / self.STEPS
        # The gradient is that of x.
        result: Tensor = self.layer(x + (rounded - x).detach())
        return result


class FixedPointGelu(nn.Module):
    """GELU as modules with fixed-point numbers compute it, off by less than 1e-4."""

    END = 4.25
    COEFFICIENTS = (
        -8.460362e-10,
        7.570801e-8,
        -2.9387932e-6,
        6.552695e-5,
        -9.404465e-4,
        9.257819e-3,
        -6.545349e-2,
        0.39842004,
    )

    def forward(self, x: Tensor) -> Tensor:
        """The same shape."""
        end = x.abs().clamp(max=self.END)
        square = end * end
        polynomial = torch.zeros_like(x)
        for coefficient in self.COEFFICIENTS:
            polynomial = polynomial * square + coefficient
        return x * 0.5 + x.abs() * (end * polynomial)


class MaxPool(nn.Module):
    """The largest number of each square of an image, with a border of zeros around the result."""

    def __init__(self, layer: Mapping[str, int]) -> None:
        super().__init__()
        self.shape = (layer["height"], layer["width"], layer["channels"])
        self.border = layer["border"]
        self.pool = nn.MaxPool2d(layer["side"])

    def forward(self, x: Tensor) -> Tensor:
        """Shape ``(n, height * width * channels)`` to that of the pooled image, flat."""
        image = self.pool(x.unflatten(1, self.shape).permute(0, 3, 1, 2))
        image = nn.functional.pad(image, [self.border] * 4)
        result: Tensor = image.permute(0, 2, 3, 1).flatten(1)
        return result


class MeanOfPixels(nn.Module):
    """The mean of each channel over all pixels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.channels = channels

    def forward(self, x: Tensor) -> Tensor:
        """Shape ``(n, pixels * channels)`` to ``(n, channels)``."""
        return x.unflatten(1, (-1, self.channels)).mean(dim=1)


def linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    """A linear layer.

    Args:
        weight: shape ``(inputs, outputs)``, as in the model file.
        bias: shape ``(outputs,)``.
    """
    layer = nn.Linear(*weight.shape)
    with torch.no_grad():
        layer.weight.copy_(weight.t())
        _bias(layer).copy_(bias)
    return layer


def _bias(layer: Any) -> Tensor:
    bias: Tensor = layer.bias
    return bias
