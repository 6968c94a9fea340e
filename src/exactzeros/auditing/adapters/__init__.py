"""What each model minimizes: one module per family of models.

In each module `MODELS` maps a package and class name to a function. It takes the fitted model, `y` as floats (for a
classifier, the index of the class) and the sample weights, and returns the `Problem`. No module imports the package
whose models it describes.
"""

from . import celer, lasso, logistic, ridge, sgd, skglm

PROBLEMS = {
    name: problem for family in (lasso, ridge, logistic, sgd, skglm, celer) for name, problem in family.MODELS.items()
}
