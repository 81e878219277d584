"""The training run of red wine's quality in PyTorch, from start to exit.

Reads the data set, trains, keeps the averaged weights of the epoch that is best on the validation
rows, measures them on the test rows and saves them. Prints a line of JSON: root mean square error
and mean absolute error on the test rows, and PyTorch's version.

    python wine_quality_training.py WINE_CSV WEIGHTS_TO_WRITE
"""

import copy
import csv
import json
import math
import sys

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

# Columns with a long tail: volatile acidity, residual sugar, chlorides, free sulphur dioxide and
# sulphates.
LOGARITHMIC = [1, 3, 4, 5, 9]
EPOCHS, BATCH, RATE = 50, 128, 2e-2
AVERAGING, DELTA, WARM_UP = 0.99, 0.5, 0.05
MEMBERS, WIDTH = 16, 32


class Network(nn.Module):
    """Members with a hidden layer each; the prediction is their mean."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(11, MEMBERS * WIDTH)
        self.dropout = nn.Dropout(0.1)
        self.output = nn.Parameter(torch.randn(MEMBERS, WIDTH) / math.sqrt(WIDTH))
        self.bias = nn.Parameter(torch.zeros(MEMBERS))
        nn.init.normal_(self.hidden.weight, std=2.5 / math.sqrt(11))
        nn.init.uniform_(self.hidden.bias, -math.pi, math.pi)

    def forward(self, inputs):
        """One score a member, of shape [rows, members]."""
        hidden = self.dropout(math.sqrt(2) * self.hidden(inputs).cos())
        return (hidden.view(-1, MEMBERS, WIDTH) * self.output).sum(-1) + self.bias


def read(path):
    """Measurements of shape [wines, 11], and qualities."""
    with open(path, newline="") as file:
        delimiter = ";" if ";" in file.readline() else ","
        rows = [[float(x) for x in row] for row in csv.reader(file, delimiter=delimiter)]
    rows = torch.tensor(rows, dtype=torch.float64)
    return rows[:, :11], rows[:, 11]


def split(qualities):
    """Rows for training, validation and test: 70, 10 and 20 % of each quality."""
    shuffled = torch.randperm(len(qualities))
    dealt = shuffled[qualities[shuffled].sort(stable=True).indices]
    tested = torch.arange(len(dealt)) % 5 == 4
    rest = dealt[~tested]
    validated = torch.arange(len(rest)) % 8 == 7
    return rest[~validated], rest[validated], dealt[tested]


def whitened(inputs, train):
    """Inputs with mean 0, variance 1 and no correlation over the rows `train`."""
    inputs = inputs.clone()
    inputs[:, LOGARITHMIC] = inputs[:, LOGARITHMIC].log()
    inputs = (inputs - inputs[train].mean(0)) / inputs[train].std(0)
    values, vectors = torch.linalg.eigh(inputs[train].T.cov())
    inputs = inputs @ (vectors * (values + 0.02).rsqrt()) @ vectors.T
    return (inputs / inputs[train].std(0)).float()


def average(averaged, current, count):
    """A plain mean at first, so that the random first weights do not linger."""
    torch._foreach_lerp_(averaged, current, 1 - min(AVERAGING, float(count / (count + 1))))


def factor(step, steps):
    """The factor on the learning rate: a linear warm-up, then half a cosine down to zero."""
    warm_up = int(WARM_UP * steps)
    if step < warm_up:
        return (step + 1) / warm_up
    return 0.5 * (1 + math.cos(math.pi * (step - warm_up) / (steps - warm_up)))


def main():
    # Two threads are no faster with matrices of this size.
    torch.set_num_threads(1)
    torch.manual_seed(42)
    inputs, qualities = read(sys.argv[1])
    train, validation, test = split(qualities)
    inputs = whitened(inputs, train)
    mean, deviation = qualities[train].mean(), qualities[train].std()
    targets = ((qualities - mean) / deviation).float().unsqueeze(1).expand(-1, MEMBERS)

    model = Network()
    parameters = list(model.parameters())
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": 0.01},
        {"params": [p for p in parameters if p.ndim == 1], "weight_decay": 0.0},
    ]
    adam = torch.optim.AdamW(groups, lr=RATE, fused=True)
    steps = EPOCHS * math.ceil(len(train) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(adam, lambda step: factor(step, steps))
    loss_of = nn.HuberLoss(delta=DELTA)
    averaged = AveragedModel(model, multi_avg_fn=average)

    def errors(rows):
        averaged.eval()
        with torch.inference_mode():
            return averaged(inputs[rows]).mean(1).double() * deviation + mean - qualities[rows]

    best, kept = float("inf"), None
    for _ in range(EPOCHS):
        model.train()
        for rows in train[torch.randperm(len(train))].split(BATCH):
            loss = loss_of(model(inputs[rows]), targets[rows])
            adam.zero_grad(set_to_none=True)
            loss.backward()
            adam.step()
            schedule.step()
            averaged.update_parameters(model)
        objective = errors(validation).square().mean().item()
        if objective < best:
            best, kept = objective, copy.deepcopy(averaged.module.state_dict())

    averaged.module.load_state_dict(kept)
    residuals = errors(test)
    torch.save(kept, sys.argv[2])
    figures = {
        "root_mean_square_error": residuals.square().mean().sqrt().item(),
        "mean_absolute_error": residuals.abs().mean().item(),
        "version": torch.__version__,
    }
    print(json.dumps(figures))


main()
