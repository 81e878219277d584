"""The network of mnist-inference in PyTorch and ONNX Runtime: one image at a time, one thread.

Prints a line for each that is installed: its name and version, the median of one prediction in
milliseconds, and images a second. `cargo xtask bench modules` runs this where Python has them:

    pip install torch==2.* onnxruntime onnx
"""

import io
import statistics
import sys
import time

RUNS = 2000


def measure(name, predict):
    """Times `predict` after a tenth as many runs that do not count."""
    for _ in range(RUNS // 10):
        predict()
    times = []
    started = time.perf_counter()
    for _ in range(RUNS):
        before = time.perf_counter()
        predict()
        times.append(time.perf_counter() - before)
    rate = RUNS / (time.perf_counter() - started)
    print(f"{name}\t{1000 * statistics.median(times):.4f}\t{rate:.0f}", flush=True)


def network(torch):
    """The layers of `mnist/src/model.rs`, for prediction."""
    nn = torch.nn
    layers = []
    for channels, filters in [(1, 8), (8, 16), (16, 24)]:
        layers += [nn.Conv2d(channels, filters, 3), nn.BatchNorm2d(filters), nn.GELU()]
    layers += [nn.Flatten(), nn.Dropout(0.5), nn.Linear(11616, 32, bias=False), nn.GELU()]
    layers += [nn.Linear(32, 10, bias=False), nn.Softmax(1)]
    return nn.Sequential(*layers).eval()


def main():
    try:
        import torch
    except ImportError:
        sys.exit("PyTorch is not installed")
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model, image = network(torch), torch.rand(1, 1, 28, 28)
    with torch.inference_mode():
        measure(f"PyTorch {torch.__version__}", lambda: model(image))
    try:
        import onnxruntime
    except ImportError:
        return
    file = io.BytesIO()
    torch.onnx.export(model, (image,), file, input_names=["image"], dynamo=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        file.getvalue(), options, providers=["CPUExecutionProvider"]
    )
    inputs = {"image": image.numpy()}
    measure(f"ONNX Runtime {onnxruntime.__version__}", lambda: session.run(None, inputs))


main()
