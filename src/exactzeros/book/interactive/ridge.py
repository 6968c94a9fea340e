"""Live figures of the chapter "L2 gives no sparsity"."""

from itertools import product

import sympy as sp

from ... import catalog, w
from .. import style
from ..javascript import Definitions, function
from .live import LiveFigure, axis, model, panel, slider
from .looks import stroke

beta, r = catalog.beta, sp.Symbol("r", real=True)
_WEIGHTS = sp.symbols("w_1 w_2", real=True)
_TARGET = sp.Matrix([1, sp.Rational(1, 2)])  # correlations of the two features with the target, as in the still figure


def _loss(weights):
    """`w'Gw/2 - c'w` with the features' correlation `r` in `G`."""
    weights = sp.Matrix(weights)
    gram = sp.Matrix([[1, r], [r, 1]])
    return ((weights.T * gram * weights) / 2 - _TARGET.T * weights)[0]


def ridge_of_two():
    """Return both weights under the loss plus ridge: where the gradient vanishes."""
    objective = _loss(_WEIGHTS) + sum(catalog.l2().expression.subs(w, weight) for weight in _WEIGHTS)
    solution = sp.solve([sp.diff(objective, weight) for weight in _WEIGHTS], _WEIGHTS)
    return tuple(sp.factor(solution[weight]) for weight in _WEIGHTS)


def lasso_of_two():
    """Return both weights under the loss plus L1, and the definitions in them."""
    sizes = sp.symbols("t_1 t_2", positive=True)
    patterns = sorted(product((0, 1, -1), repeat=2), key=lambda signs: sum(map(abs, signs)))[1:]
    return lasso(_loss, [[sign * size for sign, size in zip(signs, sizes, strict=True)] for signs in patterns])


def lasso(loss, patterns):
    """Return the weights that minimize the loss plus L1, the lowest of all stationary points, and their definitions.

    Parameters
    ----------
    loss : function
        Of the weights; quadratic and strictly convex.
    patterns : list of lists of sympy expressions
        What the weights can be other than all 0, in terms of positive sizes: in each, which are 0, and the others'
        signs. Weights may share a size where the minimizer is known to.
    """
    definitions = Definitions("case")
    best, least = tuple(sp.S.Zero for _ in patterns[0]), sp.S.Zero
    for point in patterns:
        objective = loss(point) + sum(catalog.l1().expression.subs(w, weight) for weight in point)
        moving = sorted(set().union(*(sp.sympify(weight).atoms(sp.Symbol) for weight in point)), key=str)
        moving = [size for size in moving if size.is_positive]
        (solved,) = sp.linsolve([sp.diff(objective, size) for size in moving], moving)
        found = {size: definitions.add(sp.factor(value)) for size, value in zip(moving, solved, strict=True)}
        is_valid = sp.And(*(size > 0 for size in found.values()))
        value = definitions.add(sp.Piecewise((objective.subs(found), is_valid), (sp.nan, True)))
        best = tuple(
            definitions.add(sp.Piecewise((sp.sympify(new).subs(found), value < least), (old, True)))
            for new, old in zip(point, best, strict=True)
        )
        least = definitions.add(sp.Piecewise((value, value < least), (least, True)))
    return best, definitions.all


def _ellipse():
    """Return a point of a contour of the loss, an ellipse around least squares, from its size and an angle."""
    center = [value.subs(beta, 0) for value in ridge_of_two()]
    turn, size = sp.Symbol("turn", real=True), sp.Symbol("size", positive=True)
    along, across = size * sp.cos(turn) / sp.sqrt(1 + r), size * sp.sin(turn) / sp.sqrt(1 - r)
    return tuple(place + (along + sign * across) / sp.sqrt(2) for place, sign in zip(center, (1, -1), strict=True))


def correlate():
    """Correlate two features: the ridge and the lasso solution on their paths, over the contours of the loss."""
    lasso, before = lasso_of_two()
    once = (
        f"const ridgeAt = {function('r, beta', ridge_of_two())}, lassoAt = {function('r, beta', lasso, before)}, "
        f"ellipse = {function('r, size, turn', _ellipse())};"
    )
    marks = [
        {"line": "contours", "color": style.LOSS, "width": 0.8},
        {"line": "axes", "color": style.INK, "width": 0.7},
        {"line": "ridgePath", **stroke("l2")},
        {"line": "lassoPath", **stroke("l1")},
        {"dot": "ridge", "color": style.color("l2"), "width": 12},
        {"dot": "lasso", "color": style.color("l1"), "width": 12},
    ]
    names = [("ridge path", style.color("l2")), ("lasso path", style.color("l1")), ("contours of the loss", style.LOSS)]
    first, second = axis(-0.7, 2.5, [0, 1, 2], "weight w₁ across, weight w₂ up"), axis(-1.5, 1, [-1, 0, 1])
    return LiveFigure(
        "correlate",
        "The plane of two weights with contours of the loss, the paths of ridge and of the lasso from least squares to "
        "the origin, and a dot on each at the chosen strength.",
        [
            slider("r", "correlation", 0, 0.85, 0.05, 0.8),
            slider("beta", "strength β", 0.01, 1.2, 0.01, 0.3),
        ],
        [panel(first, second, *marks, height=None, shape="3.2 / 2.5", key=names)],
        model("r, beta", _CORRELATE, "contours, axes, ridgePath, lassoPath, ridge, lasso, words", once),
    )


_CORRELATE = """
const steps = (count) => Array.from({length: count + 1}, (_, i) => i / count);
const contours = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((k) =>
  [...steps(60).map((share) => ellipse(r, k / 4, 2 * Math.PI * share)), null]);
const axes = [[-5, 0], [5, 0], null, [0, -5], [0, 5]];
const ridge = ridgeAt(r, beta), lasso = lassoAt(r, beta);
const ridgePath = steps(150).map((share) => ridgeAt(r, 10 ** (5 * share - 3)));
const lassoPath = steps(150).map((share) => lassoAt(r, 10 ** (5 * share - 3)));
const told = (name, [first, second], only) => `${name} (${show(first)}, ${show(second)}): ` + (
  first === 0 && second === 0 ? "both exactly 0." : first === 0 ? "w₁ exactly 0." :
  second === 0 ? `w₂ exactly 0${only}.` : "neither 0.");
const words = [told("Lasso", lasso, ""), told("Ridge", ridge, ", at this β only")];
"""
