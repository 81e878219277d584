"""The training run of AG News in PyTorch, from start to exit.

Reads and normalises the articles, hashes words, pairs of words and pieces of words, trains two
members on bags of them, measures each on the validation articles after every epoch and both
together on the test articles at the end, and saves them. Prints a line of JSON: test accuracy and
PyTorch's version.

    python agnews_training.py DATA_FOLDER WEIGHTS_TO_WRITE

DATA_FOLDER has `train*.csv` and `test.csv` in `ag_news_csv`.
"""

import csv
import functools
import itertools
import json
import math
import pathlib
import re
import sys
import zlib

import numpy
import torch
from torch import nn

EPOCHS, BATCH, WARM_UP = 7, 512, 0.05
LONGEST = 192
# Leftovers of the scrape: markup, apostrophes, other numbered and named characters.
REPLACED = [
    (re.compile(r"&lt;"), "<"),
    (re.compile(r"&gt;"), ">"),
    (re.compile(r"<[A-Za-z/!][^<>]{0,400}(>|$)"), " "),
    (re.compile(r" ?&?#(39|8217|146);"), " "),
    (re.compile(r"&?#\d{1,5};"), " "),
    (re.compile(r"&?\b(quot|amp|nbsp|hellip|[lr][sd]quo|[mn]dash|lt|gt);"), " "),
]
WORD = re.compile(r"[^\W_]+")
PLACES = numpy.dtype((numpy.int16, 2))


def read(paths):
    """The words of each article, and the classes from 0."""
    articles, classes = [], []
    for path in paths:
        with open(path, newline="", encoding="utf-8") as file:
            for number, title, description in csv.reader(file):
                text = f"{title} {description}"
                for pattern, replacement in REPLACED:
                    text = pattern.sub(replacement, text)
                articles.append(WORD.findall(text.lower())[:LONGEST])
                classes.append(int(number) - 1)
    return articles, classes


def words_and_pairs(words):
    """Hashes of an article's words and pairs, and the places of the first and last word of each."""
    found = {}
    for place, word in enumerate(words):
        found.setdefault(zlib.crc32(word.encode()), (place, place))
    for place, pair in enumerate(itertools.pairwise(words)):
        found.setdefault(zlib.crc32(" ".join(pair).encode()), (place, place + 1))
    hashes = numpy.fromiter(found.keys(), numpy.int64, len(found))
    return hashes, numpy.fromiter(found.values(), PLACES, len(found))


@functools.cache
def pieces_of(word):
    """Hashes of a word and, if it is long, of three to five neighbouring letters of it."""
    pieces = {word.encode()}
    if len(word) > 3:
        marked = f"<{word}>".encode()
        for size in (3, 4, 5):
            pieces.update(marked[i : i + size] for i in range(len(marked) - size + 1))
    return numpy.array([zlib.crc32(piece) for piece in pieces])


def words_and_pieces(words):
    """The same of an article's words and pieces of words."""
    pieces = [numpy.empty(0, numpy.int64), *map(pieces_of, words)]
    sizes = [len(of_a_word) for of_a_word in pieces]
    places = numpy.repeat(numpy.arange(len(pieces), dtype=numpy.int16) - 1, sizes)
    hashes, first = numpy.unique(numpy.concatenate(pieces), return_index=True)
    return hashes, places[first, None].repeat(2, 1)


class Bags:
    """The features of all articles, one article after the other."""

    def __init__(self, articles, features_of):
        hashes, places = zip(*map(features_of, articles))
        self.features, self.places = numpy.concatenate(hashes), numpy.concatenate(places)
        self.cut(numpy.array([len(of_an_article) for of_an_article in hashes]))

    def cut(self, sizes):
        """Says how many features each article has."""
        self.sizes, self.starts = sizes, numpy.cumsum(sizes) - sizes
        self.weights = numpy.ones(len(self.features), numpy.float32)

    def rows(self):
        """The article of each feature."""
        return numpy.repeat(numpy.arange(len(self.sizes)), self.sizes)

    def drop_rare(self, train):
        """Keeps the features that two or more of the articles `train` have."""
        trained = numpy.isin(self.rows(), train)
        _, which = numpy.unique(self.features, return_inverse=True)
        kept = numpy.bincount(which, trained)[which] >= 2
        rows = self.rows()[kept]
        self.features, self.places = self.features[kept], self.places[kept]
        self.cut(numpy.bincount(rows, minlength=len(self.sizes)))

    def weigh(self, train):
        """Weighs features by how few of the articles `train` have them."""
        trained = numpy.isin(self.rows(), train)
        frequency = numpy.bincount(self.features, trained)[self.features]
        self.weights = numpy.log((1 + len(train)) / (1 + frequency)).astype(numpy.float32)

    def batch(self, rows, dropout, random):
        """Features, first feature of each article, and weights, for an EmbeddingBag.

        Each word is left out of its article with probability `dropout`.
        """
        sizes = self.sizes[rows]
        article = numpy.repeat(numpy.arange(len(rows)), sizes)
        starts = numpy.cumsum(sizes) - sizes
        index = numpy.arange(sizes.sum()) + numpy.repeat(self.starts[rows] - starts, sizes)
        if dropout > 0:
            keeps = random.random((len(rows), LONGEST), numpy.float32) >= dropout
            first, last = self.places[index].T
            kept = keeps[article, first] & keeps[article, last]
            index, article = index[kept], article[kept]
            sizes = numpy.bincount(article, minlength=len(rows))
            starts = numpy.cumsum(sizes) - sizes
        weights = self.weights[index]
        squares = numpy.bincount(article, weights * weights, minlength=len(rows))
        weights = weights / numpy.sqrt(squares).astype(numpy.float32)[article]
        return tuple(map(torch.from_numpy, (self.features[index], starts, weights)))


class Member(nn.Module):
    """A sum of the features' vectors, then a linear layer or two."""

    def __init__(self, buckets, width, hidden):
        super().__init__()
        self.table = nn.EmbeddingBag(buckets, width, mode="sum")
        nn.init.normal_(self.table.weight, std=0.01)
        layers = [nn.Linear(width, hidden), nn.GELU()] if hidden else []
        self.head = nn.Sequential(*layers, nn.Dropout(0.2), nn.Linear(hidden or width, 4))

    def forward(self, features, starts, weights):
        return self.head(self.table(features, starts, per_sample_weights=weights))


def factor(step, steps):
    """The factor on the learning rate: a linear warm-up times half a cosine down to zero."""
    return min(1, (step + 1) / (WARM_UP * steps)) * 0.5 * (1 + math.cos(math.pi * step / steps))


def scores(member, bags, rows):
    """The logits that `member` gives to `rows`."""
    member.eval()
    with torch.inference_mode():
        return torch.cat([member(*bags.batch(part, 0, None)) for part in split(rows)])


def split(rows):
    """Batches of rows."""
    return numpy.split(rows, range(BATCH, len(rows), BATCH))


def train(member, bags, classes, rows, validation, dropout, random):
    """Trains `member` on `rows`, and says how good it is after each epoch."""
    groups = [
        {"params": member.table.parameters(), "lr": 1e-2, "weight_decay": 0.3},
        {"params": member.head.parameters(), "lr": 2e-3, "weight_decay": 0.01},
    ]
    adam = torch.optim.AdamW(groups, betas=(0.9, 0.99), fused=True)
    steps = EPOCHS * math.ceil(len(rows) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(adam, lambda step: factor(step, steps))
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.05)
    for epoch in range(1, EPOCHS + 1):
        member.train()
        for part in split(random.permutation(rows)):
            loss = loss_of(member(*bags.batch(part, dropout, random)), classes[part])
            adam.zero_grad(set_to_none=True)
            loss.backward()
            adam.step()
            schedule.step()
        right = scores(member, bags, validation).argmax(1) == classes[validation]
        print(f"epoch {epoch}: {right.float().mean():.4f}", file=sys.stderr)


def main():
    # Two threads take longer for batches of this size.
    torch.set_num_threads(1)
    torch.manual_seed(42)
    random = numpy.random.default_rng(42)
    folder = pathlib.Path(sys.argv[1]) / "ag_news_csv"
    articles, classes = read(sorted(folder.glob("train*.csv")))
    count = len(articles)
    tested = read([folder / "test.csv"])
    articles, classes = articles + tested[0], torch.tensor(classes + tested[1])
    shuffled = random.permutation(count)
    rows, validation = shuffled[count // 10 :], shuffled[: count // 10]
    test = numpy.arange(count, len(articles))

    pairs, pieces = Bags(articles, words_and_pairs), Bags(articles, words_and_pieces)
    pairs.drop_rare(rows)
    pairs.features %= 1 << 18
    pairs.weigh(rows)
    pieces.features %= 1 << 17
    flat, deep = Member(1 << 18, 4, None), Member(1 << 17, 16, 32)
    train(flat, pairs, classes, rows, validation, 0.3, random)
    train(deep, pieces, classes, rows, validation, 0.4, random)

    probabilities = 0.7 * scores(flat, pairs, test).softmax(1)
    probabilities += 0.3 * scores(deep, pieces, test).softmax(1)
    accuracy = (probabilities.argmax(1) == classes[test]).float().mean().item()
    torch.save({"flat": flat.state_dict(), "deep": deep.state_dict()}, sys.argv[2])
    print(json.dumps({"accuracy": accuracy, "version": torch.__version__}))


main()
