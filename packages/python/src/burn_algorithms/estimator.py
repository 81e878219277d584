"""A model as an estimator of scikit-learn."""

from __future__ import annotations

from typing import Any, Optional, Union

from .errors import InputError
from .model import Model, Source


class Estimator:
    """A model with the interface of a fitted estimator of scikit-learn.

    It works in pipelines, in ``cross_val_predict``, ``permutation_importance`` and with
    ``sklearn.metrics``. The model was trained before: :meth:`fit` trains nothing.

    Args:
        model: a :class:`Model`, or the path or the bytes of a library.

    Raises:
        ModelError: at the first use, if it is not a library.
    """

    def __init__(self, model: Union[Model, Source]) -> None:
        # scikit-learn's `clone` compares what it gave with what is here: no other object may take its place.
        self.model = model

    @property
    def model_(self) -> Model:
        """The opened model."""
        opened: Optional[Model] = self.__dict__.get("_opened")
        if opened is None:
            opened = self.model if isinstance(self.model, Model) else Model(self.model)
            self.__dict__["_opened"] = opened
        return opened

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters of this estimator: ``model``."""
        return {"model": self.model}

    def set_params(self, **params: Any) -> "Estimator":
        """Sets ``model``.

        Raises:
            ValueError: if another parameter is given.
        """
        for name, value in params.items():
            if name != "model":
                raise ValueError(f"unknown parameter {name!r}: expected 'model'")
            self.model = value
            self.__dict__.pop("_opened", None)
        return self

    def fit(self, X: Any, y: Any = None, **fit_params: Any) -> "Estimator":
        """Trains nothing, and returns the estimator. It checks that labels that are strings are those of the model.

        Raises:
            ValueError: if ``y`` has a string that is none of the model's classes.
        """
        if y is not None and self._is_classifier():
            known = set(self.classes_.tolist())
            for label in list(y):
                # `cross_val_predict` gives the positions of labels in their place.
                if isinstance(label, str) and label not in known:
                    raise ValueError(
                        f"y has the label {label!r}, which is none of the model's classes "
                        f"{self.classes_.tolist()}: the model is trained already and learns no others"
                    )
        return self

    def predict(self, X: Any) -> Any:
        """The classes or numbers for the rows ``X``, shape ``(n,)``: see :meth:`Model.predict`.

        Raises:
            InputError: if ``X`` is not rows, or a row cannot be answered.
        """
        if isinstance(X, (str, dict)):
            raise InputError("this is one input: an estimator takes rows")
        return self.model_.predict(X)

    def predict_proba(self, X: Any) -> Any:
        """The probabilities of the classes, shape ``(n, classes)``: see :meth:`Model.predict_proba`.

        Raises:
            AttributeError: if the model gives a number.
            InputError: if a row cannot be answered.
        """
        return self.model_.predict_proba(X)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """The accuracy of a classifier, or R² of a model that gives a number."""
        from sklearn import metrics

        measure = metrics.accuracy_score if self._is_classifier() else metrics.r2_score
        return float(measure(y, self.predict(X), sample_weight=sample_weight))

    @property
    def classes_(self) -> Any:
        """The classes: see :attr:`Model.classes_`."""
        return self.model_.classes_

    @property
    def feature_names_in_(self) -> Any:
        """The names of the inputs: see :attr:`Model.feature_names_in_`."""
        return self.model_.feature_names_in_

    @property
    def n_features_in_(self) -> int:
        """How many inputs there are: see :attr:`Model.n_features_in_`."""
        return self.model_.n_features_in_

    def _is_classifier(self) -> bool:
        return self.model_.is_classifier

    @property
    def _estimator_type(self) -> str:
        # What scikit-learn before 1.6 asks for.
        return "classifier" if self._is_classifier() else "regressor"

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags, InputTags, RegressorTags, Tags, TargetTags

        classifier = self._is_classifier()
        return Tags(
            estimator_type=self._estimator_type,
            target_tags=TargetTags(required=False),
            classifier_tags=ClassifierTags() if classifier else None,
            regressor_tags=None if classifier else RegressorTags(),
            input_tags=InputTags(string=True, allow_nan=True),
            requires_fit=False,
        )

    def __getstate__(self) -> dict[str, Any]:
        return {"model": self.model}

    def __repr__(self) -> str:
        return f"Estimator(model={self.model!r:.60})"
