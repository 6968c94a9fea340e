"""Checks of the chapter "L2 gives no sparsity"."""

import numpy as np
import pytest
import sympy as sp
import z3
from hypothesis import strategies as st

from exactzeros import Penalty, catalog, w
from proving import assert_equal, assert_proved, at, magnitude, search

BETA = sp.Symbol("beta", positive=True)
Q = sp.Symbol("q", positive=True)
SMOOTH = {
    "l2": catalog.l2().at(beta=0.5),
    "lp(3/2)": catalog.lp(sp.Rational(3, 2)).at(beta=0.5),
    "huber": catalog.huber().at(beta=0.5, delta=0.5),
    "smoothed_l1": catalog.smoothed_l1().at(beta=0.5, eps=0.5),
    "smooth, not even": Penalty(sp.exp(w) / 2),
}


@pytest.mark.claim("thm-equality", evidence="symbolic", scope="one step and its error")
@pytest.mark.near_miss("an error as large as the first-order change", share=1)
@pytest.mark.near_miss("a step up the slope", downhill=lambda slope, h: slope * h > 0)
def test_a_step_down_the_slope_leads_lower(share=z3.Q(1, 2), downhill=lambda slope, h: slope * h < 0):
    """Where the slope of the objective is not 0, a step downhill lowers it if the error is at most half the change."""
    slope, h, error = z3.Reals("slope h error")
    small = magnitude(error) <= share * magnitude(slope) * magnitude(h)
    assert_proved(z3.Implies(z3.And(slope != 0, h != 0, downhill(slope, h), small), slope * h + error < 0))


@pytest.mark.claim("thm-equality", evidence="search", scope="quadratic losses, five penalties")
@pytest.mark.near_miss("L1 called smooth", penalties={"l1": catalog.l1().at(beta=0.5)})
@pytest.mark.near_miss("the constraint called smooth", penalties={"nonnegative": catalog.nonnegative()})
@search(data=st.data(), g=st.floats(-3, 3), curvature=st.floats(-2, 2))
def test_only_one_slope_keeps_zero(data, g, curvature, penalties=SMOOTH):
    """Quadratic losses, five smooth penalties: a lower point is nearby, unless g + rho'(0) is within 0.01 of 0."""
    penalty = penalties[data.draw(st.sampled_from(sorted(penalties)))]
    slope = g + float(penalty.gradient(0.0))
    if abs(slope) > 0.01:
        steps = np.array([1e-4, 1e-6, -1e-4, -1e-6])
        assert np.any(g * steps + curvature * steps**2 + penalty(steps) < penalty(0.0))


@pytest.mark.claim("cor-powers", evidence="symbolic")
@pytest.mark.near_miss("the power one", power=1)
@pytest.mark.near_miss("powers below one", power=1 / (1 + Q))
def test_powers_above_one_have_slope_zero(power=1 + Q):
    """Both slopes of `beta*|w|**(1 + q)` at zero are 0, for all positive `beta` and `q`."""
    assert catalog.lp(power).slopes_at_zero == (0, 0)


@pytest.mark.claim("cor-powers", evidence="symbolic", scope="p = 2, a linear loss")
@pytest.mark.near_miss("the power one", penalty=catalog.l1())
@pytest.mark.near_miss("a step of any length", longest=sp.oo)
def test_the_square_of_the_weight_does_not_help(penalty=catalog.l2(), longest=1):
    """For p = 2 the step down the loss lowers the objective if it is short enough: |h| < |g|/beta."""
    g, h, beta = z3.Reals("g h beta")
    short = z3.BoolVal(True) if longest == sp.oo else beta * magnitude(h) < longest * magnitude(g)
    assert_proved(z3.Implies(z3.And(beta > 0, g * h < 0, short), g * h + at(penalty, h) < 0))


def crossing(*, correlated, condition, claim):
    """The normal equations of `prop-crossing` with `condition` imply the `claim` about their solution."""
    r, c1, c2, beta, w1, w2 = z3.Reals("r c1 c2 beta w1 w2")
    solved = z3.And((1 + 2 * beta) * w1 + r * w2 == c1, r * w1 + (1 + 2 * beta) * w2 == c2)
    given = z3.And(correlated(r), c2 > 0, beta >= 0, solved, condition(r, c1, c2))
    assert_proved(z3.Implies(given, claim(beta, (r * c1 / c2 - 1) / 2, w2)))


def usual(r):
    return z3.And(-1 < r, r < 1)


@pytest.mark.claim("prop-crossing", evidence="symbolic")
@pytest.mark.near_miss("a correlation above one", correlated=lambda r: r > 0)
@pytest.mark.near_miss("the second feature the stronger one", condition=lambda r, c1, c2: c2 > r * c1)
@pytest.mark.near_miss("twice the strength", claim=lambda beta, crossing, w2: (w2 == 0) == (beta == 2 * crossing))
@pytest.mark.near_miss("positive before", claim=lambda beta, crossing, w2: (w2 > 0) == (beta < crossing))
def test_ridge_crosses_zero_once(
    correlated=usual,
    condition=lambda r, c1, c2: c2 < r * c1,
    claim=lambda beta, crossing, w2: z3.And(
        crossing > 0, (w2 < 0) == (beta < crossing), (w2 == 0) == (beta == crossing), (w2 > 0) == (beta > crossing)
    ),
):
    """The second coefficient is negative below the strength of the crossing, zero at it, and positive beyond it."""
    crossing(correlated=correlated, condition=condition, claim=claim)


@pytest.mark.claim("prop-crossing", evidence="symbolic")
@pytest.mark.near_miss("any second feature", condition=lambda r, c1, c2: c2 > 0)
@pytest.mark.near_miss("least squares included", strength=lambda beta: beta >= 0)
def test_ridge_does_not_cross_otherwise(condition=lambda r, c1, c2: c2 >= r * c1, strength=lambda beta: beta > 0):
    """With c2 >= r c1 the second coefficient is positive at every positive strength."""
    crossing(correlated=usual, condition=condition, claim=lambda beta, crossing, w2: z3.Implies(strength(beta), w2 > 0))


@pytest.mark.claim("prop-crossing", evidence="symbolic")
@pytest.mark.near_miss("the penalty counted once", force=1)
@pytest.mark.near_miss("another strength", strength=lambda r, c1, c2: r * c1 / c2 - 1)
def test_the_crossing_solves_the_normal_equations(force=2, strength=lambda r, c1, c2: (r * c1 / c2 - 1) / 2):
    """At the strength of the crossing, SymPy solves the normal equations with second component exactly 0."""
    r, c1 = sp.symbols("r c_1", real=True)
    c2 = sp.Symbol("c_2", positive=True)
    matrix = sp.Matrix([[1, r], [r, 1]]) + force * strength(r, c1, c2) * sp.eye(2)
    assert_equal(matrix.adjugate().row(1).dot(sp.Matrix([c1, c2])), 0)
