"""Models as estimators of scikit-learn."""

from __future__ import annotations

import pickle
from pathlib import Path

import pandas as pd
import pytest
from inputs import FIELDS, TEXT, flowers, wines
from sklearn import metrics
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.inspection import permutation_importance
from sklearn.model_selection import cross_val_predict, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.validation import check_is_fitted

from burn_algorithms import Estimator, InputError, Model


def test_it_is_an_estimator(iris: Model, wine: Model, libraries: Path) -> None:
    classifier, regressor = Estimator(iris), Estimator(wine)
    assert is_classifier(classifier) and not is_regressor(classifier)
    assert is_regressor(regressor) and not is_classifier(regressor)
    check_is_fitted(classifier)
    assert classifier.get_params() == {"model": iris}
    path = libraries / "iris-inference.lib.wasm"
    assert classifier.set_params(model=path).model == path
    assert classifier.n_features_in_ == 4 and list(classifier.feature_names_in_) == FIELDS
    with pytest.raises(ValueError, match="unknown parameter"):
        classifier.set_params(depth=3)
    copied = clone(Estimator(iris))
    assert (copied.predict(flowers(5)) == iris.predict(flowers(5))).all()
    assert (pickle.loads(pickle.dumps(copied)).predict(flowers(5)) == iris.predict(flowers(5))).all()
    with pytest.raises(InputError):
        Estimator(iris).predict({"sepal_length": 7})


def test_fit_trains_nothing_and_checks_labels(iris: Model) -> None:
    estimator = Estimator(iris)
    rows = flowers(30)
    assert estimator.fit(rows, iris.predict(rows)) is estimator
    assert estimator.fit(rows) is estimator
    with pytest.raises(ValueError, match="the label 'setosa'"):
        estimator.fit(rows, ["setosa"] * 30)


def test_metrics_and_cross_validation(iris: Model) -> None:
    rows = flowers(300)
    labels = iris.predict(rows)
    labels[:30] = "Iris-setosa"
    probabilities = iris.predict_proba(rows)
    assert metrics.log_loss(labels, probabilities, labels=iris.classes_) > 0
    accuracy = metrics.accuracy_score(labels, iris.predict(rows))
    estimator = Estimator(iris)
    assert estimator.score(rows, labels) == accuracy
    assert (cross_val_predict(estimator, rows, labels, cv=3) == iris.predict(rows)).all()
    crossed = cross_val_predict(estimator, rows, labels, cv=3, method="predict_proba", n_jobs=1)
    assert crossed == pytest.approx(probabilities)
    frame = pd.DataFrame(rows, columns=FIELDS)
    assert cross_val_score(estimator, frame, labels, cv=3).mean() == pytest.approx(accuracy, abs=0.01)
    importance = permutation_importance(estimator, frame, labels, n_repeats=1, random_state=0)
    assert importance.importances_mean.shape == (4,)


def test_pipelines_regressors_and_texts(iris: Model, wine: Model, agnews: Model) -> None:
    rows = flowers(20)
    inches = FunctionTransformer(lambda x: x * 2.54)
    pipeline = make_pipeline(inches, Estimator(iris)).fit(rows / 2.54, iris.predict(rows))
    assert (pipeline.predict(rows / 2.54) == iris.predict(rows)).all()
    grades = wine.predict(wines(40))
    assert Estimator(wine).score(wines(40), grades) == 1
    assert cross_val_predict(Estimator(wine), wines(40), grades).shape == (40,)
    assert not hasattr(Estimator(wine), "classes_")
    with pytest.raises(AttributeError):
        Estimator(wine).predict_proba(wines(2))
    assert list(Estimator(agnews).predict([TEXT])) == ["Sports"]
