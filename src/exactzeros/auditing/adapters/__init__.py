"""What each model minimizes: one module per family of models.

In each module `MODELS` maps a package and class name to a function. It takes the fitted model, `y` as floats (for a
classifier, the index of the class) and the sample weights, and returns the `Problem`. `VIEWS`, where a module has it,
maps a name to a function that shows a model with the attributes of scikit-learn's: `coef_`, `intercept_`,
`fit_intercept` and `n_features_in_`. No module imports the package whose models it describes.
"""

from . import celer, generalized, glum, lasso, logistic, multitask, ridge, sgd, skglm, statsmodels, svm

_FAMILIES = (lasso, multitask, ridge, logistic, svm, generalized, sgd, skglm, celer, glum, statsmodels)

PROBLEMS = {name: problem for family in _FAMILIES for name, problem in family.MODELS.items()}
VIEWS = {name: view for family in _FAMILIES for name, view in getattr(family, "VIEWS", {}).items()}
