"""The network of mnist-inference in PyTorch, on one thread.

Prints its name and version, the microseconds of one prediction, and of an image of a batch of 100:

    pip install torch==2.*
"""

import statistics
import sys
import time

BATCH = 100
SECONDS = 2.0


def median(predict):
    """The median time of a call in microseconds, after some that do not count."""
    for _ in range(20):
        predict()
    times = []
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        before = time.perf_counter()
        predict()
        times.append(time.perf_counter() - before)
    return 1e6 * statistics.median(times)


def network(torch):
    """The layers of `mnist/src/model.rs`, for prediction."""
    nn = torch.nn
    layers = []
    for channels, filters in [(1, 8), (8, 16), (16, 24)]:
        layers += [nn.Conv2d(channels, filters, 3), nn.GELU()]
    layers += [nn.Flatten(), nn.Linear(11616, 32), nn.GELU()]
    layers += [nn.Linear(32, 10), nn.Softmax(1)]
    return nn.Sequential(*layers).eval()


def main():
    try:
        import torch
    except ImportError:
        sys.exit("PyTorch is not installed")
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model, images = network(torch), torch.rand(BATCH, 1, 28, 28)
    with torch.inference_mode():
        one = median(lambda: model(images[:1]))
        many = median(lambda: model(images)) / BATCH
    print(f"PyTorch {torch.__version__}", f"{one:.1f}", f"{many:.1f}", sep="\t")


main()
