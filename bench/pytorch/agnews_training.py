"""The training run of AG News in PyTorch, from start to exit.

Does the work of `agnews-flex`: reads the articles, splits them into words as published and without the
collection's leftovers, lists the words and pairs that are frequent, and trains sums over those beside
three readers of windows of words, each by a loss of its own. Measures validation articles after every
epoch and test articles at the end, and saves the weights. Prints a line of JSON: test accuracy and
PyTorch's version.

    python agnews_training.py DATA_FOLDER WEIGHTS_TO_WRITE

DATA_FOLDER has `train*.csv` and `test.csv` in `ag_news_csv`.
"""

import collections
import copy
import csv
import json
import math
import pathlib
import re
import sys

import numpy
import torch
from torch import nn
from torch.nn import functional

EPOCHS, BATCH, RATE, DECAY, AVERAGE = 6, 256, 5e-3, 0.3, 0.99
GRAMS, WORDS, SLOTS = 224 * 1024, 32 * 1024, 128
READERS, SIZE, FILTERS, HASTE = 3, 16, 32, 2.0
GRAM_DROPOUT, WORD_DROPOUT, DROPOUT = 0.5, 0.3, 0.5
LEFTOVERS = [
    (re.compile(r"\s*#39;"), "'"),
    (re.compile(r"&lt;.{0,74}?&gt;|&[A-Za-z]+;|#\d+;|\b(quot|amp|lt|gt|nbsp);|\\"), " "),
    (re.compile(r"\((reuters|ap|afp|cp|usatoday\.com|pc world)\b[^)]*\)|\b(reuters|ap|afp) - ", re.I), " "),
]
WORD = re.compile(r"[^\W\d_]+|\d+")


def cleaned(text):
    for pattern, replacement in LEFTOVERS:
        text = pattern.sub(replacement, text)
    return text


def split(text):
    """The words of a text: in lower case, and whether each begins with a capital letter."""
    return [(word.lower(), word[0].isupper()) for word in WORD.findall(text)[:SLOTS]]


def grams(words):
    """All words and pairs, and those with capital letters once more as such."""
    found = set()
    for before, word in zip([None, *words], words):
        found.add(word[0])
        if word[1]:
            found.add(word)
        if before:
            found.add((before[0], word[0], 0))
            if before[1] and word[1]:
                found.add((before[0], word[0], 1))
    return found


def read(paths):
    texts, classes = [], []
    for path in paths:
        with open(path, newline="", encoding="utf-8") as file:
            for number, title, description in csv.reader(file):
                texts.append(f"{title} {description}")
                classes.append(int(number) - 1)
    return texts, classes


class Reader(nn.Module):
    def __init__(self, words):
        super().__init__()
        self.word = nn.Embedding(words, SIZE, padding_idx=0)
        nn.init.normal_(self.word.weight, 0, 0.1)
        self.windows = nn.ModuleList(nn.Conv1d(SIZE, FILTERS, k, padding=k - 1) for k in (1, 2, 3))
        self.head = nn.Linear(3 * FILTERS, 4)

    def forward(self, words):
        if self.training:
            hidden = (torch.rand(words.shape) < WORD_DROPOUT) & (words > 0)
            words = words.masked_fill(hidden, 1)
        vectors = self.word(words).transpose(1, 2)
        found = [window(vectors).relu().amax(2) for window in self.windows]
        found = functional.dropout(torch.cat(found, 1), DROPOUT, self.training)
        return self.head(found)


class Network(nn.Module):
    def __init__(self, prior, words):
        super().__init__()
        self.register_buffer("prior", prior)
        self.change = nn.Parameter(torch.zeros_like(prior))
        self.level = nn.Parameter(torch.ones(1))
        self.bias = nn.Parameter(torch.zeros(4))
        self.readers = nn.ModuleList(Reader(words) for _ in range(READERS))

    def forward(self, words, grams, starts, counts):
        weight = self.prior * (1 + HASTE * self.change) * self.level
        kept = torch.ones(len(grams))
        if self.training:
            kept = (torch.rand(len(grams)) >= GRAM_DROPOUT) / (1 - GRAM_DROPOUT)
        sums = functional.embedding_bag(grams, weight, starts, mode="sum", per_sample_weights=kept)
        sums = sums / counts.clamp(min=1).sqrt()[:, None] + self.bias
        return torch.stack([sums, *(reader(words) for reader in self.readers)])


def main():
    folder, target = pathlib.Path(sys.argv[1]) / "ag_news_csv", sys.argv[2]
    torch.manual_seed(42)
    torch.set_num_threads(2)
    random = numpy.random.default_rng(42)
    texts, classes = read(sorted(folder.glob("train*.csv")))
    training = len(texts)
    test_texts, test_classes = read([folder / "test.csv"])
    labels = torch.tensor(classes + test_classes)
    forms = [[split(text) for text in texts + test_texts], [split(cleaned(text)) for text in texts]]
    order = random.permutation(training)
    validation, train = order[: training // 20], order[training // 20 :]

    counts, frequent = collections.defaultdict(lambda: [0] * 4), collections.Counter()
    totals = [0] * 4
    for form in forms:
        for row in train:
            totals[classes[row]] += 1
            frequent.update(set(form[row]))
            for gram in grams(form[row]):
                counts[gram][classes[row]] += 1
    known = sorted((gram for gram in counts if sum(counts[gram]) > 1), key=lambda g: -sum(counts[g]))
    known = {gram: place for place, gram in enumerate(known[:GRAMS])}
    words = [word for word, texts_with in frequent.most_common(WORDS) if texts_with > 2]
    words = {word: place + 2 for place, word in enumerate(words)}
    table, totals = numpy.array([counts[gram] for gram in known], float), numpy.array(totals, float)
    share = (table + 1) / (totals + 2)
    rest = (table.sum(1, keepdims=True) - table + 1) / (totals.sum() - totals + 2)
    prior = numpy.log(share / rest)
    prior = torch.tensor(prior - prior.mean(1, keepdims=True), dtype=torch.float32)
    encoded = [
        [
            (
                torch.tensor([words.get(word, 1) for word in text] or [1]),
                torch.tensor([known[gram] for gram in grams(text) if gram in known], dtype=torch.long),
            )
            for text in form
        ]
        for form in forms
    ]

    def batch(rows):
        lengths = torch.tensor([len(row[1]) for row in rows])
        starts = torch.cat([torch.zeros(1, dtype=torch.long), lengths.cumsum(0)[:-1]])
        padded = nn.utils.rnn.pad_sequence([row[0] for row in rows], batch_first=True)
        return padded, torch.cat([row[1] for row in rows]), starts, lengths.float()

    def measure(network, rows):
        network.eval()
        with torch.inference_mode():
            parts = [rows[i : i + BATCH] for i in range(0, len(rows), BATCH)]
            scores = [network(*batch([encoded[0][row] for row in part])).mean(0) for part in parts]
        scores = torch.cat(scores)
        right = (scores.argmax(1) == labels[rows]).float().mean().item()
        return functional.cross_entropy(scores, labels[rows]).item(), right

    network = Network(prior, len(words) + 2)
    average, best = copy.deepcopy(network), None
    matrices = [parameter for parameter in network.parameters() if parameter.dim() > 1]
    others = [parameter for parameter in network.parameters() if parameter.dim() < 2]
    groups = [{"params": matrices, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=RATE, fused=True)
    steps, step = EPOCHS * math.ceil(len(train) / BATCH), 0
    for _ in range(EPOCHS):
        network.train()
        shuffled = random.permutation(train)
        for start in range(0, len(shuffled), BATCH):
            rows = shuffled[start : start + BATCH]
            warm_up = steps // 20
            progress = max(step - warm_up, 0) / (steps - warm_up)
            factor = min((step + 1) / warm_up, 0.5 * (1 + math.cos(math.pi * progress)))
            for group in optimizer.param_groups:
                group["lr"] = RATE * factor
            forms_of = random.integers(2, size=len(rows))
            scores = network(*batch([encoded[form][row] for form, row in zip(forms_of, rows)]))
            targets = labels[rows].repeat(1 + READERS)
            loss = functional.cross_entropy(scores.flatten(0, 1), targets)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                decay = min(AVERAGE, step / (step + 1))
                pairs = zip(average.parameters(), network.parameters())
                for old, new in pairs:
                    old.lerp_(new, 1 - decay)
            step += 1
        measured = measure(average, validation)
        if best is None or measured < best[0]:
            best = measured, copy.deepcopy(average)
    test = numpy.arange(training, len(labels))
    torch.save(best[1].state_dict(), target)
    _, accuracy = measure(best[1], test)
    print(json.dumps({"accuracy": accuracy, "version": torch.__version__}))


main()
