"""The training run of Iris in PyTorch, from start to exit.

Reads the data set, trains with early stopping on the validation rows, keeps the best epoch's
averaged weights, measures them on the test rows and saves them. Prints a line of JSON: test
accuracy, epochs and PyTorch's version.

    python iris_training.py IRIS_CSV WEIGHTS_TO_WRITE
"""

import copy
import csv
import json
import sys

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

SPECIES = ["Iris-setosa", "Iris-versicolor", "Iris-virginica"]
EPOCHS, PATIENCE, BATCH = 100, 5, 16
AVERAGING, SMOOTHING = 0.95, 0.01


def read(path):
    """Measurements of shape [flowers, 4], and labels."""
    with open(path, newline="") as file:
        rows = list(csv.reader(file))[1:]
    inputs = torch.tensor([[float(x) for x in row[1:5]] for row in rows])
    return inputs, torch.tensor([SPECIES.index(row[5]) for row in rows])


def split(labels):
    """Rows for training, validation and test: 70, 10 and 20 % of each species."""
    parts = ([], [], [])
    for species in labels.unique():
        rows = (labels == species).nonzero().flatten()
        rows = rows[torch.randperm(len(rows))]
        sizes = [len(rows) - len(rows) // 10 - len(rows) // 5, len(rows) // 10, len(rows) // 5]
        for part, chunk in zip(parts, rows.split(sizes)):
            part.append(chunk)
    return [torch.cat(part) for part in parts]


def average(averaged, current, count):
    """A plain mean at first, so that the random first weights do not linger."""
    torch._foreach_lerp_(averaged, current, 1 - min(AVERAGING, float(count / (count + 1))))


def main():
    # The network is too small to share out between threads.
    torch.set_num_threads(1)
    torch.manual_seed(42)
    inputs, labels = read(sys.argv[1])
    train, validation, test = split(labels)
    inputs = (inputs - inputs[train].mean(0)) / inputs[train].std(0)

    hidden = [nn.Linear(4, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU()]
    model = nn.Sequential(*hidden, nn.Linear(64, 3))
    parameters = list(model.parameters())
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": 1.0},
        {"params": [p for p in parameters if p.ndim == 1], "weight_decay": 0.0},
    ]
    adam = torch.optim.AdamW(groups, lr=5e-3, fused=True)
    loss_of = nn.CrossEntropyLoss(label_smoothing=SMOOTHING)
    averaged = AveragedModel(model, multi_avg_fn=average)
    best, best_epoch, kept = float("inf"), 0, None
    for epoch in range(1, EPOCHS + 1):
        for rows in train[torch.randperm(len(train))].split(BATCH):
            loss = loss_of(model(inputs[rows]), labels[rows])
            adam.zero_grad(set_to_none=True)
            loss.backward()
            adam.step()
            averaged.update_parameters(model)
        with torch.inference_mode():
            objective = loss_of(averaged(inputs[validation]), labels[validation]).item()
        if objective < best:
            best, best_epoch, kept = objective, epoch, copy.deepcopy(averaged.module.state_dict())
        elif epoch - best_epoch >= PATIENCE:
            break

    model.load_state_dict(kept)
    with torch.inference_mode():
        right = model(inputs[test]).argmax(1) == labels[test]
    torch.save(kept, sys.argv[2])
    accuracy = right.float().mean().item()
    print(json.dumps({"accuracy": accuracy, "epochs": epoch, "version": torch.__version__}))


main()
