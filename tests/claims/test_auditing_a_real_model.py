"""The statements of the chapter "Auditing a real model"."""

import numpy as np
import pytest
import sympy as sp
import z3
from hypothesis import strategies as st

from exactzeros import audit, catalog
from exactzeros.losses import LeastSquares
from exactzeros.solvers import coordinate_descent
from proving import assert_equal, assert_proved, magnitude, search

g, h, beta, a, b, other = z3.Reals("g h beta a b other")


L1, TWICE = catalog.l1().at(beta=0.5), catalog.l1().at(beta=1.0)


@pytest.mark.claim("def-certified", evidence="search", scope="L1")
@pytest.mark.near_miss("a wider interval", edge=0.6)
@pytest.mark.near_miss("a narrower interval", edge=0.4)
@search(slope=st.floats(-1, 1) | st.sampled_from([-0.5, 0.0, 0.5]))
def test_the_audit_certifies_strictly_inside(slope, edge=0.5):
    """L1 of strength 0.5, random slopes and edges: a zero is certified exactly when |slope| < 0.5, with its slack."""
    report = audit([0.0], [slope], L1, tolerance=0, absolute=0)
    assert report.certified_zeros[0] == (abs(slope) < edge)
    assert report.slack[0] == pytest.approx(edge - abs(slope), abs=1e-15)


@pytest.mark.claim("prop-audit", evidence="symbolic", scope="part 1, linear losses")
@pytest.mark.near_miss("outside on the right", low=-beta * b, high=2 * beta * a)
def test_a_certified_zero_goes_up_both_ways(low=-beta * b, high=beta * a):
    """The first-order change is positive for each step if the slope lies strictly between the edges."""
    positive = z3.And(beta > 0, a > 0, b > 0, low < g, g < high)
    change = g * h + z3.If(h > 0, beta * b * h, -beta * a * h)
    assert_proved(z3.Implies(z3.And(positive, h != 0), change > 0))


@pytest.mark.claim("prop-audit", evidence="symbolic", scope="part 3")
@pytest.mark.near_miss("the smaller of the two", larger=z3.If(g / b < -g / a, g / b, -g / a))
def test_strengths_that_keep_a_zero(larger=z3.If(g / b > -g / a, g / b, -g / a)):
    """The zero is certified at another strength exactly when it exceeds the larger of `g/b` and `-g/a`."""
    certified = z3.And(-other * a < g, g < other * b)
    assert_proved(z3.Implies(z3.And(a > 0, b > 0), certified == (other > larger)))


@pytest.mark.claim("prop-audit", evidence="symbolic", scope="part 2, n = 1, L1")
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


@pytest.mark.claim("prop-audit", evidence="search", scope="least squares, n = 3")
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


@pytest.mark.claim("thm-gap-safe", evidence="symbolic", scope="least squares, 2 samples")
@pytest.mark.near_miss("the loss without its half", half=1)
@pytest.mark.near_miss("the sign of the dual point", sign=1)
def test_the_gap_is_the_distance_and_what_the_penalty_leaves(half=sp.Rational(1, 2), sign=-1):
    """f(Xw) + f*(-lam*theta) = lam**2/2 |theta^ - theta|**2 - lam*theta.Xw, where lam*theta^ = y - Xw."""
    lam = sp.Symbol("lam", positive=True)
    theta, exact, predicted = (sp.Matrix(sp.symbols(f"{name}1 {name}2", real=True)) for name in ("t", "e", "p"))
    targets, dual = predicted + lam * exact, sign * lam * theta
    loss = half * (targets - predicted).dot(targets - predicted)
    conjugate = dual.dot(dual) / 2 + dual.dot(targets)
    distance = (exact - theta).dot(exact - theta)
    assert_equal(sp.expand(loss + conjugate), sp.expand(lam**2 / 2 * distance - lam * theta.dot(predicted)))


@pytest.mark.claim("thm-gap-safe", evidence="symbolic", scope="1 sample, any loss")
@pytest.mark.near_miss("twice the distance", factor=1)
@pytest.mark.near_miss("a loss that bends more than its constant", bound=z3.BoolVal(True))
def test_a_lipschitz_gradient_bounds_the_gap_from_below(factor=2, bound=None):
    """f(p) + f*(-u) >= -u*p + (s + u)**2/(2M), s the slope of f at p: the supremum at the step -(s + u)/M."""
    M, p, s, u, here, there, conjugate = z3.Reals("M p s u here there conjugate")
    step = -(s + u) / M
    below = there <= here + s * step + M / 2 * step * step if bound is None else bound  # there: f at p + step
    supremum = conjugate >= -u * (p + step) - there
    lower = -u * p + (s + u) * (s + u) / (factor * M)
    assert_proved(z3.Implies(z3.And(M > 0, below, supremum), here + conjugate >= lower))


@pytest.mark.claim("thm-gap-safe", evidence="symbolic", scope="2 samples")
@pytest.mark.near_miss("half the distance", share=z3.Q(1, 2))
@pytest.mark.near_miss("the edge included", inside=lambda reach: reach <= 1)
def test_the_exact_dual_point_is_inside_too(share=1, inside=lambda reach: reach < 1):
    """|x.theta| + |x| r < 1 and |theta^ - theta| <= r give |x.theta^| < 1: Cauchy and Schwarz in two dimensions."""
    x1, x2, d1, d2, near, length, radius = z3.Reals("x1 x2 d1 d2 near length radius")
    moved = x1 * d1 + x2 * d2
    given = z3.And(length >= 0, length * length == x1 * x1 + x2 * x2, radius >= 0, d1 * d1 + d2 * d2 <= radius * radius)
    # Lagrange's identity is what Z3 needs to see that |x.d| <= |x| r.
    lagrange = moved * moved + (x1 * d2 - x2 * d1) * (x1 * d2 - x2 * d1) == length * length * (d1 * d1 + d2 * d2)
    schwarz = magnitude(moved) <= length * radius
    assert_proved(z3.Implies(z3.And(given, lagrange), schwarz))
    condition = inside(magnitude(near) + share * length * radius)
    assert_proved(z3.Implies(z3.And(schwarz, length * radius >= 0, condition), magnitude(near + moved) < 1))


def certified(X, y, weights, strength, gap_counts=True):
    """The zeros that `eq-gap-safe` certifies for least squares with L1 at some weights."""
    rest = y - X @ weights
    theta = rest / max(strength, abs(X.T @ rest).max())
    gap = rest @ rest / 2 + strength * abs(weights).sum() + strength * theta @ (strength * theta / 2 - y)
    reach = np.linalg.norm(X, axis=0) * np.sqrt(2 * max(gap, 0)) / strength
    return abs(X.T @ theta) + gap_counts * reach < 1


@pytest.mark.claim("thm-gap-safe", evidence="search", scope="least squares with L1, 4 features")
@pytest.mark.near_miss("without the gap", gap_counts=False)
@pytest.mark.near_miss("another strength", solved=L1)
@search(seed=st.integers(0, 10**6))
def test_zeros_certified_at_rough_weights_are_zeros_of_the_solution(seed, gap_counts=True, solved=TWICE):
    """Weights anywhere between a random point and the solution: whatever is certified there is exactly 0 in it."""
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(8, 4)), 3 * rng.normal(size=8)
    exact = coordinate_descent(LeastSquares(X, y), solved).solution  # of the mean loss
    rough = exact + 10.0 ** rng.uniform(-4, 0) * rng.normal(size=4)
    assert np.all(exact[certified(X, y, rough, 8.0, gap_counts)] == 0)


@pytest.mark.claim("thm-gap-safe", evidence="symbolic", scope="the example with an intercept")
@pytest.mark.near_miss("an intercept with a penalty", intercept=0)
def test_an_intercept_constrains_the_dual_point(intercept=sp.log(3)):
    """The gap at w = 0 is 0 and x.theta = 0; but at the best intercept the slope is 3/2, outside [-1, 1]."""
    x, labels = sp.Matrix([1, 1, 1, 3]), sp.Matrix([1, 1, 1, 0])
    assert x.dot(labels - sp.ones(4, 1) / 2) == 0
    predicted = 1 / (1 + sp.exp(-intercept))
    residuals = labels - predicted * sp.ones(4, 1)
    assert sp.simplify(sum(residuals)) == 0
    assert sp.simplify(-x.dot(residuals)) == sp.Rational(3, 2)
