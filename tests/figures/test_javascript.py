"""JavaScript and NumPy compute the same values from the same penalty."""

import json

import numpy as np
import pytest
import sympy as sp
from py_mini_racer import MiniRacer

from exactzeros import Penalty, catalog, w
from exactzeros.book import examples
from exactzeros.book.javascript import function, javascript, minimizer

pytestmark = pytest.mark.slow  # Node runs the figures

g, x = sp.symbols("g x", real=True)
c, beta = sp.Symbol("c", positive=True), catalog.beta
SIZES = np.concatenate([np.geomspace(1e-3, 40, 60), [0.5, 3, 3.7]])
POINTS = np.concatenate([-SIZES, [0.0], SIZES])
NUMBERS = "(_, value) => typeof value === 'number' && !isFinite(value) ? String(value) : value"


@pytest.fixture(scope="module")
def compute():
    """A function that lets JavaScript compute an expression, after definitions, from rows of numbers."""
    with MiniRacer() as engine:

        def values(expression, rows, definitions=()):
            code = function(f"{{{', '.join(rows[0])}}}", expression, definitions)
            answer = engine.eval(f"JSON.stringify({json.dumps(rows)}.map({code}), {NUMBERS})")
            return [float(value) for value in json.loads(answer)]

        yield values


def assert_same(found, expected):
    """Assert that values agree to a relative 1e-9, and zeros and infinities exactly."""
    found, expected = np.array(found, dtype=float), np.asarray(expected)
    assert ((found == 0) == (expected == 0)).all()
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=0)


@pytest.mark.parametrize("name", list(catalog.every()))
def test_values_and_slopes(name, compute):
    symbolic, strength = examples.symbolic(name), 0.7
    penalty = symbolic.at(beta=strength) if symbolic.parameters else symbolic
    rows = [{"w": point, "beta": strength} for point in POINTS.tolist()]
    assert_same(compute(symbolic.expression, rows), penalty(POINTS))
    finite = np.isfinite(penalty(POINTS)) & (POINTS != 0)
    assert_same(np.array(compute(symbolic.derivative, rows))[finite], penalty.gradient(POINTS[finite]))


@pytest.mark.parametrize("name", list(catalog.every()))
def test_minimizer(name, compute):
    rng, symbolic = np.random.default_rng(0), examples.symbolic(name)
    *before, (_, best) = minimizer(symbolic, g, c)
    for strength in (0.1, 0.7, 2.0):
        slopes, curvatures = np.append(rng.uniform(-4, 4, 50), 0.0), np.append(rng.uniform(1, 3, 50), 1.0)
        pairs = zip(slopes.tolist(), curvatures.tolist(), strict=True)
        settings = [{"g": slope, "c": curvature, "beta": strength} for slope, curvature in pairs]
        penalty = symbolic.at(beta=strength) if symbolic.parameters else symbolic
        expected = [penalty.prox([-row["g"] / row["c"]], step=1 / row["c"])[0] for row in settings]
        assert 0.0 in expected
        assert_same(compute(best, settings, before), expected)


@pytest.mark.parametrize("scale", [1.0, 1e-2, 1e-4, 1e-6])
def test_minimizer_close_to_a_kink_that_is_smoothed_off(scale, compute):
    slopes = np.linspace(-2, 2, 81)
    penalty = catalog.smoothed_l1().at(beta=1, eps=scale)
    *before, (_, best) = minimizer(penalty, g, sp.S.One)
    assert_same(compute(best, [{"g": slope} for slope in slopes.tolist()], before), penalty.prox(-slopes))


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
def test_minimizer_under_penalties_of_ones_own(penalty, compute):
    slopes = np.linspace(-3, 3, 61) + 0.01
    *before, (_, best) = minimizer(penalty, g, sp.S.One)
    assert_same(compute(best, [{"g": slope} for slope in slopes.tolist()], before), penalty.prox(-slopes))


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
def test_functions(expression, compute):
    points = np.linspace(-2.55, 2.45, 11)
    found = compute(expression, [{"x": point} for point in points.tolist()])
    assert_same(found, [float(expression.subs(x, point)) for point in points])


def test_infinite_and_undefined(compute):
    (high,), (low,), (nothing,) = (compute(each, [{}]) for each in (sp.oo, -sp.oo, sp.nan))
    assert (high, low) == (np.inf, -np.inf) and np.isnan(nothing)


@pytest.mark.parametrize("expression", [sp.erf(x), sp.besselk(0, x), sp.Function("f")(x), sp.I * x])
def test_what_javascript_cannot_evaluate_is_refused(expression):
    with pytest.raises(ValueError, match="expression must be one that JavaScript can evaluate, got"):
        javascript(expression)


@pytest.mark.parametrize("expression", ["x + 1", 3, None])
def test_what_is_no_expression_is_refused(expression):
    with pytest.raises(TypeError, match="expression must be a SymPy expression or a condition, got"):
        javascript(expression)


def test_minimizer_wants_a_penalty():
    with pytest.raises(TypeError, match="penalty must be a Penalty"):
        minimizer(sp.Abs(w), g, c)
