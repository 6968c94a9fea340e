"""The zero test: 0 minimizes `g*w + rho(w)` exactly for the slopes g in the zero interval."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Piecewise, Rational

from exactzeros import Penalty, catalog, w, zero_test
from penalties import CONVEX, NAMES, exact_value, examples, numbers_around, penalty_named


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25)
@given(data=st.data())
def test_zero_is_a_minimizer_exactly_for_slopes_in_the_zero_interval(name, data):
    penalty = data.draw(penalty_named(name))
    finite = [abs(slope) for slope in penalty.numeric_slopes_at_zero if np.isfinite(slope) and slope]
    g = data.draw(numbers_around(*finite))
    test = zero_test(g, penalty)
    edges = (-penalty.numeric_slopes_at_zero[1], -penalty.numeric_slopes_at_zero[0])
    inside = edges[0] <= g <= edges[1]
    assert (test.slack >= 0) == inside
    assert test.zero == (edges[0] < g < edges[1])
    sizes = [Rational(1, 10**k) for k in ((-3, -1, 0, 3, 9, 30) if name in CONVEX else (20, 30))]
    rise = min(Rational(g) * u + exact_value(penalty.expression, u) for size in sizes for u in (size, -size))
    if inside and (name in CONVEX or test.slack > 1e-9 * max(1, abs(g))):
        assert rise >= -1e-12 * abs(g)  # an edge is a float, not the exact slope
    elif not inside and test.slack < -1e-9 * max(1, abs(g)):
        assert rise < 0


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_zero_test_agrees_with_the_zero_interval_and_with_prox(name):
    for penalty in examples(name):
        g = np.linspace(-5, 5, 101)
        test = zero_test(g, penalty)
        interior = penalty.zero_interval.interior if isinstance(penalty.zero_interval, sp.Interval) else sp.S.EmptySet
        np.testing.assert_array_equal(test.zero, [bool(interior.contains(sp.Rational(one))) for one in g])
        if name in CONVEX and test.zero.any():
            assert (penalty.prox(-g[test.zero]) == 0).all()


@pytest.mark.parametrize(
    ("penalty", "slopes", "zero", "slack"),
    [
        (
            catalog.l1().at(beta=0.5),
            [-0.75, -0.5, 0, 0.25, 0.5, 2],
            [False, False, True, True, False, False],
            [-0.25, 0, 0.5, 0.25, 0, -1.5],
        ),
        (catalog.one_sided().at(beta=2), [-2, -1, 0, 0.5], [False, True, False, False], [0, 1, 0, -0.5]),
        (catalog.nonnegative(), [-1, 0, 1, 1e300], [False, False, True, True], [-1, 0, 1, 1e300]),
        (catalog.l2().at(beta=3), [-1, 0, 1], [False, False, False], [-1, 0, -1]),
        (catalog.lp(0.5).at(beta=1), [-1e300, 0, 7], [True, True, True], [np.inf, np.inf, np.inf]),
        (Penalty(w), [-2, -1, 0], [False, False, False], [-1, 0, -1]),
        (Penalty(-Abs(w)), [-2, 0, 0.5], [False, False, False], [-3, -1, -1.5]),
        (Penalty(sp.sign(w) * sp.sqrt(Abs(w))), [-1, 0, 1], [False, False, False], [-np.inf, -np.inf, -np.inf]),
        (Penalty(Piecewise((1, sp.Eq(w, 0)), (0, True))), [0], [False], [-np.inf]),
        (Penalty(Abs(w) + 2 * w), [-3, -2.5, -1, 0], [False, True, False, False], [0, 0.5, 0, -1]),
    ],
    ids=str,
)
def test_strictness_and_slack(penalty, slopes, zero, slack):
    test = zero_test(slopes, penalty)
    np.testing.assert_array_equal(test.zero, zero)
    np.testing.assert_array_equal(test.slack, slack)


@pytest.mark.parametrize(
    "slopes", [0.25, np.float32(0.25), [0.25], np.full((2, 3), 0.25), np.int64(0), [[0], [1]]], ids=repr
)
def test_shapes_and_types(slopes):
    test = zero_test(slopes, catalog.l1().at(beta=0.5))
    assert test.zero.shape == test.slack.shape == np.shape(slopes)
    assert test.zero.dtype == bool
    assert test.slack.dtype == np.float64


def test_answer_cannot_be_changed():
    test = zero_test(0.0, catalog.nonnegative())
    with pytest.raises(AttributeError):
        test.zero = True


@pytest.mark.parametrize(
    ("slopes", "kind"),
    [
        (np.nan, ValueError),
        ([0, np.inf], ValueError),
        ([], ValueError),
        ([[1], [1, 2]], ValueError),
        ("1", TypeError),
        (1j, TypeError),
        (None, TypeError),
        (True, TypeError),
        (w, TypeError),
    ],
    ids=repr,
)
def test_bad_slopes(slopes, kind):
    with pytest.raises(kind, match=r"^slopes must "):
        zero_test(slopes, catalog.nonnegative())


@pytest.mark.parametrize("penalty", [None, "l1", 0.5, Abs(w), catalog.l1])
def test_bad_penalty(penalty):
    with pytest.raises(TypeError, match=r"^penalty must be a Penalty, got .* of type \w+$"):
        zero_test([0.5], penalty)


def test_penalty_with_symbols():
    with pytest.raises(ValueError, match=r"must have numbers for its parameters, got .*: use \.at\(beta=\.\.\.\)$"):
        zero_test([0.5], catalog.l1())
