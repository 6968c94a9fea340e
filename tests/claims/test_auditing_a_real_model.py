"""The statements of the chapter "Auditing a real model"."""

import numpy as np
import pytest
import z3
from hypothesis import strategies as st

from exactzeros import audit, catalog
from exactzeros.losses import LeastSquares
from exactzeros.solvers import coordinate_descent
from proving import assert_proved, magnitude, search

g, h, beta, a, b, other = z3.Reals("g h beta a b other")


L1 = catalog.l1().at(beta=0.5)


@pytest.mark.claim("def-certified", evidence="property")
@pytest.mark.near_miss("a wider interval", edge=0.6)
@pytest.mark.near_miss("a narrower interval", edge=0.4)
@search(slope=st.floats(-1, 1) | st.sampled_from([-0.5, 0.0, 0.5]))
def test_the_audit_certifies_strictly_inside(slope, edge=0.5):
    """L1 of strength 0.5, random slopes and edges: a zero is certified exactly when |slope| < 0.5, with its slack."""
    report = audit([0.0], [slope], L1, tolerance=0, absolute=0)
    assert report.certified_zeros[0] == (abs(slope) < edge)
    assert report.slack[0] == pytest.approx(edge - abs(slope), abs=1e-15)


@pytest.mark.claim("prop-audit", evidence="proof")
@pytest.mark.near_miss("outside on the right", low=-beta * b, high=2 * beta * a)
def test_a_certified_zero_goes_up_both_ways(low=-beta * b, high=beta * a):
    """The first-order change is positive for each step if the slope lies strictly between the edges."""
    positive = z3.And(beta > 0, a > 0, b > 0, low < g, g < high)
    change = g * h + z3.If(h > 0, beta * b * h, -beta * a * h)
    assert_proved(z3.Implies(z3.And(positive, h != 0), change > 0))


@pytest.mark.claim("prop-audit", evidence="proof")
@pytest.mark.near_miss("the smaller of the two", larger=z3.If(g / b < -g / a, g / b, -g / a))
def test_strengths_that_keep_a_zero(larger=z3.If(g / b > -g / a, g / b, -g / a)):
    """The zero is certified at another strength exactly when it exceeds the larger of `g/b` and `-g/a`."""
    certified = z3.And(-other * a < g, g < other * b)
    assert_proved(z3.Implies(z3.And(a > 0, b > 0), certified == (other > larger)))


@pytest.mark.claim("prop-audit", evidence="proof")
@pytest.mark.near_miss("a non-convex loss", convex=False)
@pytest.mark.near_miss("a slope of the wrong sign", sign=1)
def test_a_stationary_weight_of_a_convex_objective_is_a_minimum(convex=True, sign=-1):
    """One weight, zero or not: where the slope balances the penalty, every other point of the objective is as high."""
    here, loss = z3.Reals("here loss")  # loss: its change from `here` to `other`
    balanced = z3.If(here == 0, z3.And(-beta <= g, g <= beta), g == z3.If(here > 0, sign * beta, -sign * beta))
    above = loss >= g * (other - here) if convex else z3.BoolVal(True)
    change = loss + beta * (magnitude(other) - magnitude(here))
    assert_proved(z3.Implies(z3.And(beta > 0, balanced, above), change >= 0))


RIDGE = catalog.l2().at(beta=0.5)


@pytest.mark.claim("prop-audit", evidence="property")
@pytest.mark.near_miss("the solution for another penalty", solved=RIDGE)
@search(seed=st.integers(0, 10**6))
def test_an_audit_without_violation_finds_no_lower_point(seed, solved=L1):
    """Random least squares: the audit passes the solution within 10^-6, and no random point is lower by more."""
    rng = np.random.default_rng(seed)
    loss = LeastSquares(rng.normal(size=(8, 3)), 5 * rng.normal(size=8))
    solution = coordinate_descent(loss, solved).solution
    assert not np.any(audit(solution, loss.gradient(solution), L1, tolerance=1e-6).violations)
    others = solution + rng.normal(size=(20, 3))
    assert min(loss(each) + L1(each).sum() for each in others) > loss(solution) + L1(solution).sum() - 1e-6
