"""Values and gradients of piecewise polynomials, for whole blocks and compiled, equal those of the single pieces."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from sympy import Abs, Max, Min, Piecewise

from exactzeros import Penalty, w
from exactzeros._derive import compiled
from penalties import NAMES, examples, numbers_around

PENALTIES = [penalty for name in NAMES for penalty in examples(name)]
PENALTIES += [
    Penalty(expression)
    for expression in (
        Max(w, 0) ** 3 + Abs(w),
        Min(Abs(w), 1) + w**4,
        Piecewise((w**2, w < -1), (0, w < 2), ((w - 2) ** 2, True)),
        Piecewise((2 * w + 1, w >= 1), (sp.oo, w > sp.Rational(1, 2)), (w, True)),
        Abs(w) - w**2 / 4,
        Piecewise((0, sp.Eq(w, 0)), (1, True)),
        (Abs(w) - 1) ** 6,
    )
]
POLYNOMIAL = [penalty for penalty in PENALTIES if penalty._pieces._polynomials]


def test_which_penalties_are_piecewise_polynomials():
    found = {name for name in NAMES if examples(name)[0] in POLYNOMIAL}
    assert found == {"l2", "huber", "l1", "elastic_net", "mcp", "scad", "one_sided", "nonnegative"}
    assert len(POLYNOMIAL) >= 7 + len(found)


def assert_as_by_pieces(penalty, x):
    pieces = penalty._pieces
    expected = pieces._evaluate(x, "value_function", pieces.border_values)
    np.testing.assert_allclose(penalty(x), expected, rtol=1e-14, atol=1e-300)
    inside = x[penalty.is_finite(x)]
    if inside.size:
        slopes = pieces._evaluate(inside, "slope_function", pieces.border_gradients, odd=True)
        found = penalty.gradient(inside)
        np.testing.assert_allclose(found, slopes, rtol=1e-14, atol=1e-14 * np.abs(slopes).max())
        np.testing.assert_array_equal(found == 0, slopes == 0)
        assert not np.signbit(found[found == 0]).any()


@given(st.sampled_from(POLYNOMIAL), st.lists(numbers_around(0.02, 1.0, 50.0), min_size=1, max_size=30))
def test_equal_to_the_pieces(penalty, points):
    borders = [float(border) for border in penalty._pieces.borders]
    near = [border + sign * np.spacing(border) for border in borders for sign in (-1, 0, 1)]
    assert_as_by_pieces(penalty, np.array([*points, *near, *borders]))


@pytest.mark.parametrize("penalty", POLYNOMIAL, ids=str)
def test_far_out(penalty):
    assert_as_by_pieces(penalty, np.array([-1e60, 1e60, -1e-310, 5e-324]))
    with np.errstate(all="raise"):
        for penalized in (penalty, penalty.gradient):
            assert not np.isnan(penalized(np.array([1e200, 1e308]))).any()


@pytest.mark.slow
@pytest.mark.parametrize("penalty", POLYNOMIAL, ids=str)
def test_compiled(penalty, monkeypatch):
    pytest.importorskip("numba")
    borders = [float(border) for border in penalty._pieces.borders]
    x = np.concatenate([np.linspace(-3, 3, 61), borders, np.nextafter(borders, 9), np.nextafter(borders, -9)])
    monkeypatch.setattr(compiled, "WORTH_COMPILING", 1)
    assert_as_by_pieces(penalty, x)


def test_shape_and_memory_order():
    penalty = POLYNOMIAL[0]
    x = np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(penalty(x.T), penalty(x).T)
    np.testing.assert_array_equal(penalty.gradient(x[:, ::2]), penalty.gradient(x)[:, ::2])
    assert penalty(2.0).shape == ()
