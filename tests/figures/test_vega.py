"""Vega and NumPy compute the same values from the same penalty."""

import numpy as np
import pytest
import sympy as sp

from exactzeros import Penalty, catalog, w
from exactzeros.book import examples
from exactzeros.book.vega import as_columns, minimizer, vega

g, x = sp.symbols("g x", real=True)
c, beta = sp.Symbol("c", positive=True), catalog.beta
NAMES = {symbol: f"datum.{symbol.name}" for symbol in (g, c, beta, w, x)}
SIZES = np.concatenate([np.geomspace(1e-3, 40, 60), [0.5, 3, 3.7]])
POINTS = np.concatenate([-SIZES, [0.0], SIZES])


def assert_same(found, expected):
    """Assert that values agree to a relative 1e-9, and zeros and infinities exactly."""
    found, expected = np.array(found, dtype=float), np.asarray(expected)
    assert ((found == 0) == (expected == 0)).all()
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=0)


@pytest.mark.parametrize("name", list(catalog.every()))
def test_values_and_slopes(name, vega_columns):
    symbolic, strength = examples.symbolic(name), 0.7
    penalty = symbolic.at(beta=strength) if symbolic.parameters else symbolic
    formulas = [("value", vega(symbolic.expression, NAMES)), ("slope", vega(symbolic.derivative, NAMES))]
    rows = vega_columns(formulas, [{"w": point, "beta": strength} for point in POINTS.tolist()])
    assert_same([row["value"] for row in rows], penalty(POINTS))
    finite = np.isfinite(penalty(POINTS)) & (POINTS != 0)
    assert_same(np.array([row["slope"] for row in rows])[finite], penalty.gradient(POINTS[finite]))


@pytest.mark.parametrize("name", list(catalog.every()))
def test_minimizer(name, vega_columns):
    rng, symbolic = np.random.default_rng(0), examples.symbolic(name)
    definitions = list(as_columns(minimizer(symbolic, g, c), NAMES))
    for strength in (0.1, 0.7, 2.0):
        slopes, curvatures = np.append(rng.uniform(-4, 4, 50), 0.0), np.append(rng.uniform(1, 3, 50), 1.0)
        pairs = zip(slopes.tolist(), curvatures.tolist(), strict=True)
        settings = [{"g": slope, "c": curvature, "beta": strength} for slope, curvature in pairs]
        penalty = symbolic.at(beta=strength) if symbolic.parameters else symbolic
        expected = [penalty.prox([-row["g"] / row["c"]], step=1 / row["c"])[0] for row in settings]
        assert 0.0 in expected
        assert_same([row["minimizer"] for row in vega_columns(definitions, settings)], expected)


@pytest.mark.parametrize("scale", [1.0, 1e-2, 1e-4, 1e-6])
def test_minimizer_close_to_a_kink_that_is_smoothed_off(scale, vega_columns):
    slopes = np.linspace(-2, 2, 81)
    definitions = minimizer(catalog.smoothed_l1().at(beta=1, eps=scale), g, sp.S.One)
    rows = vega_columns(list(as_columns(definitions, NAMES)), [{"g": slope} for slope in slopes.tolist()])
    assert_same([row["minimizer"] for row in rows], catalog.smoothed_l1().at(beta=1, eps=scale).prox(-slopes))


@pytest.mark.parametrize(
    "penalty",
    [
        Penalty(sp.Max(sp.Abs(w) - sp.Rational(1, 2), 0)),
        Penalty(sp.Abs(w) + 2 * sp.Max(w, 0)),
        Penalty(sp.Abs(w) ** 3),
        Penalty(sp.log(1 + w**2)),
    ],
    ids=str,
)
def test_minimizer_under_penalties_of_ones_own(penalty, vega_columns):
    slopes = np.linspace(-3, 3, 61) + 0.01
    definitions = list(as_columns(minimizer(penalty, g, sp.S.One), NAMES))
    rows = vega_columns(definitions, [{"g": slope} for slope in slopes.tolist()])
    assert_same([row["minimizer"] for row in rows], penalty.prox(-slopes))


@pytest.mark.parametrize(
    "expression",
    [
        sp.sign(x),
        sp.exp(x) / 3,
        sp.atan(x) * sp.pi,
        sp.Max(x, 0, 1 - x),
        x**3,
        x**-2,
        1 / (x + sp.E),
        sp.sqrt(x**2 + 1),
        sp.Piecewise((x, sp.And(x > -1, x < 1)), (2 * x, sp.Or(x < -2, x > 2)), (sp.Rational(1, 3), True)),
    ],
    ids=str,
)
def test_functions(expression, vega_columns):
    points = np.linspace(-2.55, 2.45, 11)
    rows = vega_columns([("y", vega(expression, NAMES))], [{"x": point} for point in points.tolist()])
    assert_same([row["y"] for row in rows], [float(expression.subs(x, point)) for point in points])


def test_infinite_and_undefined(vega_columns):
    (row,) = vega_columns([("a", vega(sp.oo)), ("b", vega(-sp.oo)), ("c", vega(sp.nan))], [{}])
    assert (row["a"], row["b"]) == (np.inf, -np.inf) and np.isnan(row["c"])


@pytest.mark.parametrize("expression", [sp.erf(x), sp.besselk(0, x), sp.Function("f")(x), sp.I * x])
def test_what_vega_cannot_evaluate_is_refused(expression):
    with pytest.raises(ValueError, match="expression must be one that Vega can evaluate, got"):
        vega(expression)


@pytest.mark.parametrize("expression", ["x + 1", 3, None])
def test_what_is_no_expression_is_refused(expression):
    with pytest.raises(TypeError, match="expression must be a SymPy expression or a condition, got"):
        vega(expression)


def test_minimizer_wants_a_penalty():
    with pytest.raises(TypeError, match="penalty must be a Penalty"):
        minimizer(sp.Abs(w), g, c)
