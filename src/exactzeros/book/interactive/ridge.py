"""Interactive figures of the chapter "L2 gives no sparsity"."""

from itertools import product

import numpy as np
import sympy as sp

from ... import catalog, losses, w
from .. import style
from ..examples import diabetes
from ..vega import Definitions, vega
from .parts import all_derived, alt, axis, columns, derived, dot, figure, grid, key, one_row, slider, stroke

beta, r = catalog.beta, sp.Symbol("r", real=True)
_WEIGHTS = sp.symbols("w_1 w_2", real=True)
_TARGET = sp.Matrix([1, sp.Rational(1, 2)])  # correlations of the two features with the target, as in the still figure


def _loss(weights):
    """`w'Gw/2 - c'w` with the features' correlation `r` in `G`."""
    weights = sp.Matrix(weights)
    gram = sp.Matrix([[1, r], [r, 1]])
    return ((weights.T * gram * weights) / 2 - _TARGET.T * weights)[0]


def ridge_of_two():
    """Return the definitions of both weights under the loss plus ridge: where the gradient vanishes."""
    objective = _loss(_WEIGHTS) + sum(catalog.l2().expression.subs(w, weight) for weight in _WEIGHTS)
    solution = sp.solve([sp.diff(objective, weight) for weight in _WEIGHTS], _WEIGHTS)
    return _named("ridge", [sp.factor(solution[weight]) for weight in _WEIGHTS])


def lasso_of_two():
    """Return the definitions of both weights under the loss plus L1: the lowest of all stationary points."""
    sizes = sp.symbols("t_1 t_2", positive=True)
    definitions = Definitions("lasso_case")
    best, least = (sp.S.Zero, sp.S.Zero), sp.S.Zero
    for signs in sorted(product((0, 1, -1), repeat=2), key=lambda signs: sum(map(abs, signs)))[1:]:
        point = [sign * size for sign, size in zip(signs, sizes, strict=True)]
        objective = _loss(point) + sum(catalog.l1().expression.subs(w, weight) for weight in point)
        moving = [size for sign, size in zip(signs, sizes, strict=True) if sign]
        (solved,) = sp.linsolve([sp.diff(objective, size) for size in moving], moving)
        found = {size: definitions.add(sp.factor(value)) for size, value in zip(moving, solved, strict=True)}
        is_valid = sp.And(*(size > 0 for size in found.values()))
        value = definitions.add(sp.Piecewise((objective.subs(found), is_valid), (sp.nan, True)))
        best = tuple(
            definitions.add(sp.Piecewise((sp.sympify(new).subs(found), value < least), (old, True)))
            for new, old in zip(point, best, strict=True)
        )
        least = definitions.add(sp.Piecewise((value, value < least), (least, True)))
    return [*definitions.all, *_named("lasso", best)]


def _named(kind, weights):
    return [(sp.Symbol(f"{kind}_{i}", real=True), weight) for i, weight in enumerate(weights, start=1)]


def correlate():
    """Correlate two features; see the ridge and the lasso solution on their paths over the contours of the loss."""
    solutions = {"l2": ridge_of_two(), "l1": lasso_of_two()}
    parameters = [
        slider("r", "correlation of the features", 0, 0.85, 0.05, 0.8),
        slider("beta", "strength β", 0.01, 1.2, 0.01, 0.3),
        *(parameter for definitions in solutions.values() for parameter in all_derived(definitions)),
        derived("words", _correlate_words()),
    ]
    first, second = ("weight w₁", -0.7, 2.5), ("weight w₂", -1.5, 1)
    x, y = axis("x", "first", *first), axis("y", "second", *second)
    origin = one_row(zero="0").mark_rule(color=style.INK, strokeWidth=0.6)
    layers = [
        _contours().encode(x=x, y=y, detail="level:N", order="row:Q"),
        origin.encode(x=axis("x", "zero", *first)),
        origin.encode(y=axis("y", "zero", *second)),
    ]
    for name, kind in (("l2", "ridge"), ("l1", "lasso")):
        path = columns(grid("u", -3, 2, 150), solutions[name], {beta: "pow(10, datum.u)"})
        path = path.transform_calculate(first=f"datum.{kind}_1", second=f"datum.{kind}_2")
        layers.append(path.mark_line(**stroke(name)).encode(x=x, y=y, order="u:Q"))
        here = one_row(first=f"{kind}_1", second=f"{kind}_2")
        layers.append(dot(here, color=style.color(name), size=90).encode(x=x, y=y))
    names = ("ridge path", style.color("l2")), ("lasso path", style.color("l1")), ("contours of the loss", style.LOSS)
    return figure([alt.layer(*layers, *key(*names))], parameters, heights=[240], lines=2)


def _contours():
    """Return contours of the loss: ellipses around least squares, the same distance apart."""
    center = [value.subs(beta, 0) for _, value in ridge_of_two()]
    turn, size = sp.Symbol("turn", real=True), sp.Symbol("size", positive=True)
    along, across = size * sp.cos(turn) / sp.sqrt(1 + r), size * sp.sin(turn) / sp.sqrt(1 - r)
    ellipse = [place + (along + sign * across) / sp.sqrt(2) for place, sign in zip(center, (1, -1), strict=True)]
    names = {turn: f"(datum.row % 61) * {2 * np.pi / 60}", size: "datum.level"}
    rows = alt.Chart(alt.sequence(0, 8 * 61, as_="row")).transform_calculate(level="0.25 * (1 + floor(datum.row / 61))")
    chart = rows.transform_calculate(first=vega(ellipse[0], names), second=vega(ellipse[1], names))
    return chart.mark_line(color=style.LOSS, strokeWidth=0.7, clip=True)


def _correlate_words():
    def told(kind, at_one_strength):
        point = " + ', ' + ".join(f"({kind}_{i} == 0 ? '0' : format({kind}_{i}, '.3f'))" for i in (1, 2))
        zeros = (
            f"{kind}_1 == 0 && {kind}_2 == 0 ? 'both exactly 0' : "
            f"{kind}_1 == 0 ? 'w₁ exactly 0' : "
            f"{kind}_2 == 0 ? 'w₂ exactly 0{at_one_strength}' : 'neither 0'"
        )
        return f"'{kind.capitalize()} (' + {point} + '): ' + ({zeros}) + '.'"

    return told("ridge", ", at this β only") + " + '|' + " + told("lasso", "")


def walk():
    """Walk along the lasso path of the diabetes data; see which coefficients are exactly 0, and with how much slack."""
    data = diabetes()
    path = _exact_path(data.X, data.y)
    count = len(data.names)
    parameters = [
        slider("exponent", "strength β, as a power of ten", -1.5, 1.7, 0.02, 0.5),
        derived("beta", "pow(10, exponent)"),
        *(alt.param(name=name, value=values) for name, values in path.items()),
        derived("segment", " + ".join(f"(beta < knots[{k}])" for k in range(1, len(path["knots"]) - 1))),
        derived("share", "(knots[segment] - beta) / (knots[segment] - knots[segment + 1])"),
        derived("coefficients", _list(_between_knots("weights", count))),
        derived("slacks", _list(f"beta - abs({slope})" for slope in _between_knots("slopes", count))),
        derived("zeros", " + ".join(f"(coefficients[{i}] == 0)" for i in range(count))),
        derived("least", f"min({', '.join(f'coefficients[{i}] == 0 ? slacks[{i}] : 1/0' for i in range(count))})"),
        derived("words", _WALK_WORDS),
    ]
    features = alt.Chart(alt.Data(values=[{"feature": name, "row": i} for i, name in enumerate(data.names)]))
    features = features.transform_calculate(coefficient="coefficients[datum.row]", start="0")
    zeros = features.transform_filter("datum.coefficient == 0").transform_calculate(
        slack="'slack ' + format(slacks[datum.row], '.2f')"
    )
    x = axis("x", "coefficient", "coefficient", -40, 40)
    y = alt.Y("feature:N", title=None, sort=list(data.names))
    panel = alt.layer(
        features.mark_bar(color=style.color("l1"), height=11).encode(x=x, x2="start:Q", y=y),
        dot(zeros, filled=False, color=style.color("l1"), strokeWidth=1.6, size=60).encode(x=x, y=y),
        zeros.mark_text(align="left", dx=12).encode(x=x, y=y, text="slack:N"),
    )
    return figure([panel], parameters, heights=[220], lines=3)


_WALK_WORDS = """'β = ' + format(beta, '.3g') + ': ' + zeros + ' of 10 coefficients are exactly 0.|' + (zeros == 0 ?
'No slope of the loss lies inside the zero interval.' :
'Their slopes lie inside the zero interval [−β, β],|the nearest to an edge by '
+ format(least, '.2f') + '.')""".replace("\n", " ")


def _between_knots(name, count):
    """Return, as Vega expressions, the columns of a table in row `segment`, `share` of the way to the next row."""
    return [f"{name}[segment][{i}] + ({name}[segment + 1][{i}] - {name}[segment][{i}]) * share" for i in range(count)]


def _list(expressions):
    return f"[{', '.join(expressions)}]"


def _exact_path(X, y):
    """Return the strengths where the lasso path bends, the weights and the loss's slopes; in between all is linear."""
    from sklearn.linear_model import lars_path

    knots, _, weights = lars_path(X, y, method="lasso")
    loss = losses.LeastSquares(X, y)
    knots, weights = np.insert(knots, 0, 100.0), np.insert(weights.T, 0, 0.0, axis=0)  # above the first all are 0
    slopes = np.array([loss.gradient(row) for row in weights])
    return {"knots": knots.tolist(), "weights": weights.tolist(), "slopes": slopes.tolist()}
