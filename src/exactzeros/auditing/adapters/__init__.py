"""What each model minimizes: one module a family, whose `MODELS` gives by package and class the function that says it.

Such a function takes the fitted model, `y` as floats (for a classifier the index of the class) and the sample weights,
and returns the `Problem`. No module here imports the package whose models it knows.
"""

from . import celer, lasso, logistic, ridge, sgd, skglm

PROBLEMS = {
    name: problem for family in (lasso, ridge, logistic, sgd, skglm, celer) for name, problem in family.MODELS.items()
}
