"""Models around a model: pipelines, searches, transformed targets, one model for each class or target."""

from typing import Any

import numpy as np

from .adapters import PROBLEMS, VIEWS

_FITTED_INSIDE = (
    "best_estimator_",
    "regressor_",
    "estimator_",
    "final_estimator_",
    "estimators_",
    "calibrated_classifiers_",
)
_STEPS = ("transformers_", "transformer_list", "steps")
# Their `fit_transform`, which gives the data of the fit, differs from `transform`.
_CHANGING_AT_FIT = (
    "TargetEncoder", "LeaveOneOutEncoder", "CatBoostEncoder", "StackingRegressor", "StackingClassifier",
    "DictionaryLearning", "NMF", "MiniBatchNMF", "LocallyLinearEmbedding",
)  # fmt: skip


def problem_function(model):
    """Return the function that describes what `model` minimizes, and the model as that function wants to see it.

    A user's subclass is taken for its base class.
    """
    packages = {name.partition(".")[0] for name in PROBLEMS}
    for kind in type(model).__mro__:
        key = f"{kind.__module__.partition('.')[0]}.{kind.__name__}"
        if key in PROBLEMS:
            _require_recent(key)
            return PROBLEMS[key], VIEWS[key](model) if key in VIEWS else model
        if key.partition(".")[0] in packages:
            break
    key = f"{type(model).__module__.partition('.')[0]}.{type(model).__name__}"
    inside = [name for name in _FITTED_INSIDE if hasattr(model, name)]
    instead = f"; pass its attribute {' or '.join(inside)} instead" if inside else ""
    raise TypeError(
        f"model must be one of the fitted estimators {', '.join(PROBLEMS)}, a Pipeline that ends in one, or a search, "
        f"a TransformedTargetRegressor, a OneVsRestClassifier or a MultiOutput model around one, got {key}{instead}; "
        "for any other model call exactzeros.audit with its weights, the gradient of its loss, and its penalty"
    )


def _require_recent(key):
    """Refuse scikit-learn before 1.8: its logistic regression minimized other objectives for the same parameters."""
    if key.startswith("sklearn."):
        import sklearn

        if tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 8):
            raise ImportError(f"the audit needs scikit-learn 1.8 or newer, got {sklearn.__version__}")


def unwrapped(model: Any, X: Any, y: Any, names: Any, known: Any = None) -> tuple[list, Any, bool]:
    """Return the models inside with the data that each was fitted on, the names, and whether there may be several.

    `names` are those that the caller wants, `known` those of the columns of `X`, as far as they are known.
    """
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.model_selection._search import BaseSearchCV
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor
    from sklearn.pipeline import Pipeline

    if isinstance(model, Pipeline):
        X, known = _before_the_last_step(model, X, known)
        return unwrapped(model[-1], X, y, names, known)
    if isinstance(model, BaseSearchCV):
        return unwrapped(_inside(model, "best_estimator_"), X, y, names, known)
    if isinstance(model, TransformedTargetRegressor):
        regressor = _inside(model, "regressor_")
        return unwrapped(regressor, X, _transformed(model, y), names, known)
    if isinstance(model, OneVsRestClassifier):
        _inside(model, "estimators_")
        columns = model.label_binarizer_.transform(np.asarray(y))
        columns = columns.toarray() if hasattr(columns, "toarray") else columns
        return _each(model.estimators_, X, columns, names, known)
    if isinstance(model, (MultiOutputRegressor, MultiOutputClassifier)):
        _inside(model, "estimators_")
        return _each(model.estimators_, X, np.asarray(y), names, known)
    return [(model, X, y)], known if names is None else names, False


def _inside(model, attribute):
    from sklearn.utils.validation import check_is_fitted

    if not hasattr(model, attribute):
        if attribute == "best_estimator_" and hasattr(model, "cv_results_"):
            raise TypeError("model must keep its best estimator: fit the search with refit=True")
        check_is_fitted(model, attribute)
    return getattr(model, attribute)


def _each(models, X, columns, names, known):
    if columns.ndim != 2 or columns.shape[1] != len(models):
        raise ValueError(f"y must have {len(models)} columns, got shape {columns.shape}")
    found = []
    for model, column in zip(models, columns.T, strict=True):
        inside, names_inside, several = unwrapped(model, X, column, names, known)
        if several:
            raise TypeError("model must not hold several models in each of several models: audit one of estimators_")
        found += inside
    return found, names_inside, True


def _transformed(model, y):
    """Return the targets as the regressor saw them."""
    y = np.asarray(y)
    flat = y.ndim == 1
    seen = model.transformer_.transform(y.reshape(-1, 1) if flat else y)
    return seen[:, 0] if flat and seen.ndim == 2 and seen.shape[1] == 1 else seen


def _before_the_last_step(model, X, known):
    """Return the data that reach the last step, and its names for them."""
    if len(model) == 1:
        return X, known
    for step in _steps(model[:-1]):
        if _changes_at_fit(step):
            raise ValueError(
                f"model must not have a step that changes the data at fit, got {type(step).__name__}: the last step "
                "was fitted on other data than the pipeline gives now; audit the last step on the data of its fit"
            )
    if hasattr(model[-1], "coef_") or not hasattr(model[-1], "get_params"):
        problem_function(model[-1])  # refuse it before any transformation
    rows = model[:-1].transform(X)
    return rows, _names_out(model[:-1], known)


def _changes_at_fit(step):
    """Whether the data of the fit were others, or drawn at random."""
    named = type(step).__name__ in _CHANGING_AT_FIT
    return named or hasattr(step, "fit_resample") or getattr(step, "sample_posterior", False)


def _names_out(steps, known):
    """Return the names of the columns that leave these steps, None if a step does not know them."""
    for given in (known, None):
        try:
            return list(steps.get_feature_names_out(given))
        except (AttributeError, ValueError, TypeError):  # the steps have names of their own, or know none
            continue
    return None


def _steps(model):
    """Yield all transformers inside, also those of column transformers and unions."""
    inside = next((getattr(model, name) for name in _STEPS if hasattr(model, name)), None)
    if inside is None:
        yield model
    else:
        for entry in inside:
            if not isinstance(entry[1], str) and entry[1] is not None:
                yield from _steps(entry[1])
