"""A training step of the MNIST network in PyTorch: forward, backward and optimiser.

Prints a line of JSON: the median of STEPS steps in milliseconds, the peak memory of the process in
bytes and PyTorch's version. Batches are real images in random order, made from bytes as they are
needed; there is no augmentation, no averaging of weights and no validation.

    python mnist_training.py DATA_FOLDER THREADS STEPS

DATA_FOLDER has the IDX files in `mnist`, packed with gzip.
"""

import gzip
import json
import pathlib
import resource
import statistics
import sys
import time

import numpy
import torch
from torch import nn

WARM_UP = 10
BATCH = 64
MEAN, DEVIATION = 0.1307, 0.3081


def read(path, header):
    """What an IDX file holds after its header."""
    content = bytearray(gzip.decompress(path.read_bytes()))
    return numpy.frombuffer(content, numpy.uint8, offset=header)


def peak_memory():
    """The most memory that the process had, in bytes: macOS counts so, Linux in KiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def network():
    """The layers of `mnist/src/model.rs`."""
    layers = []
    for channels, filters in [(1, 8), (8, 16), (16, 24)]:
        convolution = nn.Conv2d(channels, filters, 3)
        # Normalisation takes it out again, so the trainer leaves it alone as well.
        convolution.bias.requires_grad_(False)
        layers += [convolution, nn.BatchNorm2d(filters), nn.GELU()]
    layers += [nn.Flatten(), nn.Dropout(0.5), nn.Linear(11616, 32, bias=False), nn.GELU()]
    return nn.Sequential(*layers, nn.Linear(32, 10, bias=False))


def optimiser(model):
    """AdamW with the settings of `mnist/src/training.rs`: weights decay, other parameters do not.

    On the CPU a step takes a fifth longer with the memory format `channels_last`, and two fifths
    longer out of `torch.compile`; the fused optimiser is as fast as the one with `foreach`.
    """
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    groups = [
        {"params": [p for p in trained if p.ndim > 1], "weight_decay": 0.05},
        {"params": [p for p in trained if p.ndim == 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=2e-3, fused=True)


def main():
    folder, threads, steps = pathlib.Path(sys.argv[1]) / "mnist", int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    torch.manual_seed(42)
    images = torch.from_numpy(read(folder / "train-images-idx3-ubyte.gz", 16)).view(-1, 1, 28, 28)
    labels = torch.from_numpy(read(folder / "train-labels-idx1-ubyte.gz", 8)).long()

    model = network()
    adam = optimiser(model)
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.05)
    order = torch.randperm(len(images)).split(BATCH)[:-1]
    times = []
    for step in range(WARM_UP + steps):
        rows = order[step % len(order)]
        before = time.perf_counter()
        batch = images[rows].float().div_(255.0).sub_(MEAN).div_(DEVIATION)
        loss = loss_of(model(batch), labels[rows])
        adam.zero_grad(set_to_none=True)
        loss.backward()
        adam.step()
        times.append(time.perf_counter() - before)
    figures = {
        "milliseconds_a_step": 1000 * statistics.median(times[WARM_UP:]),
        "peak_memory_bytes": peak_memory(),
        "version": torch.__version__,
    }
    print(json.dumps(figures))


main()
