"""The named penalties are the formulas that the book prints."""

import inspect

import numpy as np
import pytest
import sympy as sp

from exactzeros import Penalty, catalog, w
from penalties import CONVEX, NAMES, examples

FORMULAS = {  # in plain Python, for one weight and numbers that make all of their pieces visible
    "l2": ({"beta": 0.7}, lambda x: 0.7 * x * x),
    "lp(3/2)": ({"beta": 0.7}, lambda x: 0.7 * abs(x) ** 1.5),
    "lp(1/2)": ({"beta": 0.7}, lambda x: 0.7 * abs(x) ** 0.5),
    "huber": ({"beta": 0.7, "delta": 0.4}, lambda x: 0.7 * (x * x / 0.8 if abs(x) <= 0.4 else abs(x) - 0.2)),
    "smoothed_l1": ({"beta": 0.7, "eps": 0.3}, lambda x: 0.7 * ((x * x + 0.09) ** 0.5 - 0.3)),
    "l1": ({"beta": 0.7}, lambda x: 0.7 * abs(x)),
    "elastic_net": ({"beta": 0.7, "a": 0.6}, lambda x: 0.7 * (0.6 * abs(x) + 0.4 * x * x / 2)),
    "mcp": ({"beta": 0.7, "gamma": 2}, lambda x: 0.7 * abs(x) - x * x / 4 if abs(x) <= 1.4 else 0.49),
    "scad": (
        {"beta": 0.7, "a": 3},
        lambda x: 0.7 * abs(x) if abs(x) <= 0.7 else (2.1 * abs(x) - (x * x + 0.49) / 2) / 2 if abs(x) <= 2.1 else 0.98,
    ),
    "log_sum": ({"beta": 0.7, "eps": 0.3}, lambda x: 0.7 * np.log1p(abs(x) / 0.3)),
    "one_sided": ({"beta": 0.7}, lambda x: 0.7 * max(x, 0)),
    "nonnegative": ({}, lambda x: 0.0 if x >= 0 else np.inf),
}


def test_every_named_penalty_is_listed():
    functions = {
        name for name, value in inspect.getmembers(catalog, inspect.isfunction) if value.__module__ == catalog.__name__
    }
    assert functions - {"every"} == {name.split("(")[0] for name in NAMES}
    assert list(FORMULAS) != [] and set(FORMULAS) == set(NAMES)
    assert all(isinstance(penalty, Penalty) for penalty in catalog.every().values())


@pytest.mark.parametrize("name", NAMES)
def test_formula(name):
    numbers, formula = FORMULAS[name]
    penalty = catalog.every()[name].at(**numbers)
    points = np.concatenate([np.linspace(-3, 3, 61), [0.4, 0.7, 1.4, 2.1, -0.4, -0.7, -1.4, -2.1]])
    np.testing.assert_allclose(penalty(points), [formula(x) for x in points], rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("name", NAMES)
def test_continuous_and_zero_at_zero_where_finite(name):
    for penalty in examples(name):
        assert penalty(0.0) == 0
        for border in penalty._pieces.borders:
            left, at, right = penalty([float(border) - 1e-10, float(border), float(border) + 1e-10])
            assert right == pytest.approx(at, abs=1e-2)
            assert left == pytest.approx(at, abs=1e-2) or left == np.inf


@pytest.mark.parametrize("name", NAMES)
def test_convexity_is_as_the_tests_say(name):
    chords = []
    for penalty in examples(name):
        points = np.sort(np.random.default_rng(2).normal(scale=20, size=(3, 400)), axis=0)
        left, middle, right = points
        share = (middle - left) / (right - left)
        values = penalty(points)
        with np.errstate(invalid="ignore"):
            chords.append((1 - share) * values[0] + share * values[2] - values[1])
    convex = not (np.concatenate(chords) < -1e-9).any()
    assert convex is (name in CONVEX)


def test_strength_is_called_beta_and_symbols_are_positive():
    for name, penalty in catalog.every().items():
        assert name == "nonnegative" or "beta" in map(str, penalty.parameters)
        assert all(symbol.is_positive for symbol in penalty.parameters)


def test_power_as_number_symbol_or_expression():
    q = sp.Symbol("q", positive=True)
    assert catalog.lp(2).expression == catalog.beta * w**2
    assert catalog.lp(0.5) == catalog.every()["lp(1/2)"]
    assert catalog.lp(sp.Rational(3, 2)) == catalog.every()["lp(3/2)"]
    assert [str(symbol) for symbol in catalog.lp().parameters] == ["beta", "p"]
    assert catalog.lp(1 + q).slopes_at_zero == (0, 0)
    assert catalog.lp(1 / (1 + q)).slopes_at_zero == (-sp.oo, sp.oo)
    assert catalog.lp(sp.sqrt(2)).slopes_at_zero == (0, 0)
    assert catalog.lp(1).slopes_at_zero == catalog.l1().slopes_at_zero


@pytest.mark.parametrize("p", [1.05, 1.001, 1.9, 2, 3, 17])
def test_powers_above_one_have_no_kink(p):
    assert catalog.lp(p).zero_interval == sp.FiniteSet(0)


@pytest.mark.parametrize("p", [0.999, 0.95, 0.3, 0.01])
def test_powers_below_one_pull_from_anywhere(p):
    assert catalog.lp(p).zero_interval == sp.S.Reals


@pytest.mark.parametrize(
    "p", [0, -1, -0.5, sp.Symbol("p", real=True), sp.Symbol("p"), sp.Symbol("n", negative=True)], ids=repr
)
def test_power_that_is_not_positive(p):
    with pytest.raises(ValueError, match=r"^p must be positive, got "):
        catalog.lp(p)


@pytest.mark.parametrize("p", ["1", None, True, 1j, [1], sp.I], ids=repr)
def test_power_that_is_no_number(p):
    with pytest.raises(TypeError, match=r"^p must be a real number, got "):
        catalog.lp(p)


@pytest.mark.parametrize("p", [np.nan, np.inf])
def test_power_that_is_not_finite(p):
    with pytest.raises(ValueError, match=r"^p must be a finite float, got "):
        catalog.lp(p)
