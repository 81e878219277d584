"""Four models of scikit-learn on a table, by five folds.

    python tables.py TABLE.csv RESULT.json

The target is the last column; an empty cell is a missing value. A target of numbers with more than
ten different ones is predicted as a number, any other as classes. The folds are those of
StratifiedKFold or KFold with five splits, shuffled, seed 0.

Settings are scikit-learn's defaults, with what a user has to add so that a model takes the table at
all, or converges:

- hist-GBM: HistGradientBoosting. Words are columns of the type category; a column with more of them
  than it takes, 255, is left out. It takes missing values as they are.
- forest, linear, MLP: numbers with the median in place of missing ones, standardised; words one-hot,
  those in fewer than five rows as one. A missing word is a word of its own.
- linear: LogisticRegression with up to 1,000 iterations; RidgeCV with 12 penalties from 0.01 to 1,000.
- MLP: up to 500 epochs with early stopping, so not the bare default.

RESULT.json gets the fold of each row and, for each model, the mean over the folds of: `loss`, log-loss
or root mean squared error; `quality`, accuracy or R²; `auc`, for two classes; `seconds`, wall time of
fitting, the preparation of the columns included. If the file has the figures of the same table, script
and versions, nothing is done.
"""

import hashlib
import importlib.metadata
import json
import pathlib
import sys
import time
import warnings

FOLDS = 5
SEED = 0
MOST_DISTINCT_CLASSES = 10  # More different numbers than these are a quantity.
MOST_CATEGORIES = 255  # Of a column, in HistGradientBoosting.
FEWEST_ROWS = 5  # Of a word that gets a column of its own.


def models(inputs, is_number):
    """Name, model and the columns that it is given."""
    import numpy
    from pandas.api.types import is_numeric_dtype
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, RidgeCV
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers = [name for name in inputs if is_numeric_dtype(inputs[name])]
    words = [name for name in inputs if name not in numbers]
    few = [name for name in words if inputs[name].nunique() <= MOST_CATEGORIES]
    typed = inputs.astype({name: "category" for name in few})
    typed = typed[[name for name in inputs if name in numbers or name in few]]

    def prepared(model):
        scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
        one_hot = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=FEWEST_ROWS)
        columns = make_column_transformer((scaled, numbers), (one_hot, words))
        return make_pipeline(columns, model)

    epochs = {"random_state": SEED, "early_stopping": True, "max_iter": 500}
    if is_number:
        boosted = HistGradientBoostingRegressor(random_state=SEED)
        forest = RandomForestRegressor(random_state=SEED)
        linear = RidgeCV(alphas=numpy.logspace(-2, 3, 12))
        network = MLPRegressor(**epochs)
    else:
        boosted = HistGradientBoostingClassifier(random_state=SEED)
        forest = RandomForestClassifier(random_state=SEED)
        linear = LogisticRegression(max_iter=1000)
        network = MLPClassifier(**epochs)
    yield "hist-GBM", boosted, typed
    yield "forest", prepared(forest), inputs
    yield "linear", prepared(linear), inputs
    yield "MLP", prepared(network), inputs


def measure(model, inputs, target, splits, is_number):
    """Means over the folds."""
    from sklearn import metrics

    rows = []
    for train, test in splits:
        started = time.perf_counter()
        model.fit(inputs.iloc[train], target.iloc[train])
        figures = {"seconds": time.perf_counter() - started}
        truth = target.iloc[test]
        answers = model.predict(inputs.iloc[test])
        if is_number:
            figures["loss"] = metrics.root_mean_squared_error(truth, answers)
            figures["quality"] = metrics.r2_score(truth, answers)
        else:
            chances = model.predict_proba(inputs.iloc[test])
            figures["loss"] = metrics.log_loss(truth, chances, labels=model.classes_)
            figures["quality"] = metrics.accuracy_score(truth, answers)
            if len(model.classes_) == 2:
                second = truth == model.classes_[1]
                figures["auc"] = metrics.roc_auc_score(second, chances[:, 1])
        rows.append(figures)
    return {name: float(sum(row[name] for row in rows)) / len(rows) for name in rows[0]}


def evaluate(path):
    import pandas
    from pandas.api.types import is_numeric_dtype
    from sklearn.model_selection import KFold, StratifiedKFold

    table = pandas.read_csv(path, keep_default_na=False, na_values=[""])
    inputs, target = table.iloc[:, :-1], table.iloc[:, -1]
    if target.isna().any():
        sys.exit(f"`{path}` has rows without a target; leave them out")
    is_number = is_numeric_dtype(target) and target.nunique() > MOST_DISTINCT_CLASSES
    kind = KFold if is_number else StratifiedKFold
    splits = list(kind(FOLDS, shuffle=True, random_state=SEED).split(inputs, target))
    folds = [0] * len(table)
    for fold, (_, test) in enumerate(splits):
        for row in test:
            folds[row] = fold
    result = {"is_number": bool(is_number), "folds": folds, "models": {}}
    for name, model, columns in models(inputs, is_number):
        print(f"{path.stem}: {name} of scikit-learn", file=sys.stderr)
        result["models"][name] = measure(model, columns, target, splits, is_number)
    return result


def main():
    table, result = (pathlib.Path(argument) for argument in sys.argv[1:])
    versions = [importlib.metadata.version(name) for name in ("scikit-learn", "pandas", "numpy")]
    parts = (pathlib.Path(__file__).read_bytes(), table.read_bytes(), json.dumps(versions).encode())
    key = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
    if result.exists() and json.loads(result.read_text())["key"] == key:
        return
    # Of iterations that end before they converge, and of folds that lack a word.
    warnings.simplefilter("ignore")
    figures = {"key": key, "scikit-learn": versions[0], **evaluate(table)}
    # Whole or not at all: an interrupted run leaves no half file.
    partial = result.with_suffix(".partial")
    partial.write_text(json.dumps(figures))
    partial.replace(result)


main()
