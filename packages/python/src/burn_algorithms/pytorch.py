"""The network of a model in PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .errors import BadModel, UnsupportedLayer
from .modelfile import ModelFile, read_model_file

if TYPE_CHECKING:
    import torch

    from .model import Source

#: The kinds of layers that :func:`to_torch` converts. The others are ``blend``, ``encode``,
#: ``histograms``, ``text_features``, ``trees`` and ``weighted_ngrams``.
SUPPORTED = (
    "centre",
    "clip",
    "convolution",
    "cosine",
    "exp",
    "fixed_point_convolution",
    "fixed_point_gelu",
    "fixed_point_linear",
    "gelu",
    "linear",
    "logistic",
    "max_pool",
    "mean_of_pixels",
    "quantized_convolution",
    "quantized_linear",
    "relu",
    "softmax",
)


def to_torch(source: "Source") -> "torch.nn.Module":
    """The network of a model as a ``torch.nn.Module`` with the same weights.

    Its ``forward`` takes 32-bit floats of shape ``(n, inputs)``, those of :meth:`Model.predict_numbers`:
    the fields as they stand in the data, with a category as its position, or the pixels from 0 to the
    largest value. It returns shape ``(n, classes)``, the probabilities, or ``(n, 1)``, the number. Ranges
    are not checked. Its part ``prepare`` turns inputs into what the layers take, and ``layers`` is a
    ``torch.nn.Sequential`` of the layers in the order of the model file; weights of 8 and 16 bits become floats. Layers
    on fixed-point numbers round their inputs as the module does; gradients pass through the rounding as if it were not there.

    Args:
        source: the path or the bytes of ``model.safetensors``, or of a WebAssembly module with it.

    Raises:
        UnsupportedLayer: if the model has a kind of layer that is not in :data:`SUPPORTED`, or takes
            texts or columns with missing values.
        BadModel: if the model file is not sound.
        NotAModule: if it is a WebAssembly module without a model.
        ImportError: if PyTorch is not installed.
    """
    from .model import read_source

    try:
        import torch
    except ImportError as error:
        raise ImportError("this needs PyTorch: `pip install burn-algorithms[torch]`") from error
    file = read_model_file(read_source(source))
    # All layers first: a model with layers of several kinds is refused before anything is built.
    for layer in file.description["layers"]:
        if layer["kind"] not in SUPPORTED:
            raise UnsupportedLayer(
                f"the layer `{layer['kind']}` has no form in PyTorch here: "
                f"expected {', '.join(SUPPORTED)}",
                layer["kind"],
            )
    try:
        return _network(torch, file)
    except (KeyError, IndexError, ValueError, TypeError, RuntimeError) as error:
        raise BadModel(f"the layers of the model do not fit: {error}") from error


def _network(torch: Any, file: ModelFile) -> Any:
    from . import _torch_layers as layers

    prepare = _prepare(torch, file.description["input"])
    modules = []
    for index, layer in enumerate(file.description["layers"]):
        prefix = f"layers.{index}."
        tensors = {
            name[len(prefix) :]: torch.tensor(array)
            for name, array in file.tensors.items()
            if name.startswith(prefix)
        }
        modules.append(_BUILDERS[layer["kind"]](layers, layer, tensors))
    return layers.Network(prepare, torch.nn.Sequential(*modules)).eval()


def _prepare(torch: Any, description: Mapping[str, Any]) -> Any:
    from . import _torch_layers as layers

    ((kind, content),) = description.items()
    if kind == "table":
        return layers.PrepareTable(content)
    if kind == "image":
        return layers.PrepareImage(content)
    raise UnsupportedLayer(f"a model whose input is `{kind}` has no form in PyTorch here", kind)


_Builder = Callable[[Any, Mapping[str, Any], Mapping[str, Any]], Any]

_BUILDERS: dict[str, _Builder] = {
    "centre": lambda own, layer, tensors: own.Centre(tensors["mean"]),
    "clip": lambda own, layer, tensors: own.Clip(tensors["range"]),
    "convolution": lambda own, layer, tensors: own.Convolution(
        layer, tensors["weight"], tensors["bias"]
    ),
    "cosine": lambda own, layer, tensors: own.Cosine(),
    "exp": lambda own, layer, tensors: own.Exp(),
    "fixed_point_convolution": lambda own, layer, tensors: own.FixedPoint(
        own.Convolution(
            layer,
            own.ungrouped(layer, tensors["weight"]).float() * tensors["scale"],
            tensors["bias"],
        )
    ),
    "fixed_point_gelu": lambda own, layer, tensors: own.FixedPointGelu(),
    "fixed_point_linear": lambda own, layer, tensors: own.FixedPoint(
        own.linear(
            tensors["weight"].swapaxes(1, 2).flatten(0, 1).float() * tensors["scale"],
            tensors["bias"],
        )
    ),
    "gelu": lambda own, layer, tensors: own.nn.GELU(),
    "linear": lambda own, layer, tensors: own.linear(tensors["weight"], tensors["bias"]),
    "logistic": lambda own, layer, tensors: own.Logistic(),
    "max_pool": lambda own, layer, tensors: own.MaxPool(layer),
    "mean_of_pixels": lambda own, layer, tensors: own.MeanOfPixels(layer["channels"]),
    "quantized_convolution": lambda own, layer, tensors: own.Convolution(
        layer, tensors["weight"].float() * tensors["scale"], tensors["bias"]
    ),
    "quantized_linear": lambda own, layer, tensors: own.linear(
        tensors["weight"].float() * tensors["scale"], tensors["bias"]
    ),
    "relu": lambda own, layer, tensors: own.nn.ReLU(),
    "softmax": lambda own, layer, tensors: own.nn.Softmax(dim=-1),
}
