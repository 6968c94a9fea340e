"""Checks of the appendix "Small is not zero"."""

import numpy as np
import pytest
import sympy as sp
import z3

from exactzeros import catalog, w
from exactzeros.book.optimizer_experiment import with_sign
from exactzeros.optimizers import SGD, trajectory
from proving import assert_proved

g, beta, step, curvature, weight = z3.Reals("g beta step curvature weight")
POSITIVE = z3.And(beta > 0, step > 0)
STRICT = z3.And(-beta < g, g < beta)


@pytest.mark.claim("prop-no-hit", evidence="symbolic", scope="n = 1")
@pytest.mark.near_miss("the reciprocal of the curvature for a step", allowed=z3.And(POSITIVE, curvature > 0))
def test_one_weight_comes_to_zero_from_one_point_of_each_sign(allowed=z3.And(POSITIVE, step * curvature != 1)):
    """The preimage of 0 under a step, within one sign, is at most a point, which has probability 0."""
    other, sign = z3.Reals("other sign")  # the sign of both
    both_hit = z3.And(*(at - step * (g + curvature * at + beta * sign) == 0 for at in (weight, other)))
    assert_proved(z3.Implies(z3.And(allowed, both_hit), weight == other))


@pytest.mark.claim("prop-no-hit", evidence="sample", scope="n = 1, 2000 starts")
@pytest.mark.near_miss("a step that is the reciprocal of the curvature, at the edge", rate=1.0, slope=1.0)
@pytest.mark.near_miss("the proximal step", prox=catalog.l1().at(beta=1).prox)
def test_no_random_start_hits_zero(rate=0.1, slope=0.3, prox=None):
    """2000 normal starts, 200 steps each, in doubles: no zero, so with confidence 1 - 10^-6 below 0.7 % have one."""
    starts = np.random.default_rng(0).normal(size=2000)
    gradient = (lambda at: slope + at) if prox else with_sign(lambda at: slope + at, 1.0)
    assert np.count_nonzero(trajectory(gradient, SGD(rate), starts, range(1, 201), prox) == 0.0) == 0


@pytest.mark.claim("prop-smoothing", evidence="symbolic")
@pytest.mark.near_miss("the plus sign", square=beta**2 + g**2)
@pytest.mark.near_miss("without the slope", numerator=z3.RealVal(1))
@pytest.mark.near_miss("slopes that decrease", side=-1)
def test_the_size_of_a_smoothed_weight(square=beta**2 - g**2, numerator=g, side=1):
    """With a slope of f at w that convexity allows: `w**2*(beta**2 - g**2) <= eps**2*g**2`, and w = 0 only if g = 0."""
    eps, root, slope = z3.Reals("eps root slope")
    allowed = z3.If(weight == 0, slope == g, side * weight * (slope - g) >= 0)
    hypotheses = z3.And(STRICT, eps > 0, root > 0, root**2 == weight**2 + eps**2, allowed)
    stationary = slope * root + beta * weight == 0
    bound = weight**2 * square <= eps**2 * numerator**2
    assert_proved(z3.Implies(z3.And(hypotheses, stationary), z3.And(bound, z3.Implies(weight == 0, g == 0))))


@pytest.mark.claim("prop-smoothing", evidence="symbolic")
@pytest.mark.near_miss("half of it", share=sp.Rational(1, 2))
@pytest.mark.near_miss("the square of eps", power=2)
def test_the_linear_loss_attains_the_bound(share=1, power=1):
    """SymPy: at `w = eps*k/sqrt(beta**2 - k**2)` the smoothed penalty has the slope `k`."""
    smooth = catalog.smoothed_l1()
    strength, eps = smooth.parameters
    k, d = sp.symbols("k d", positive=True)
    found = share * eps**power * k / sp.sqrt((k + d) ** 2 - k**2)
    slope = smooth.derivative.subs({w: found, strength: k + d}, simultaneous=True)
    assert sp.simplify(slope - k) == 0
