"""Checks of the chapter "Count your zeros"."""

import numpy as np
import pytest
import sympy as sp
import z3

from exactzeros import Penalty, catalog, w
from exactzeros.optimizers import SGD, Adam, trajectory
from proving import assert_proved

g, beta, step, curvature, weight, noise = z3.Reals("g beta step curvature weight noise")
POSITIVE = z3.And(beta > 0, step > 0)


def size(x):
    return z3.If(x >= 0, x, -x)


def sign(x):
    return z3.If(x > 0, z3.RealVal(1), z3.If(x < 0, z3.RealVal(-1), z3.RealVal(0)))


def soft_threshold(v, threshold):
    return z3.If(v > threshold, v - threshold, z3.If(v < -threshold, v + threshold, z3.RealVal(0)))


def subgradient_step(at):
    return at - step * (g + curvature * at + beta * sign(at))


def in_band(at, share=1):
    return z3.And(-share * step * (beta + g) <= at, at <= share * step * (beta - g))


SMALL_STEP = z3.And(POSITIVE, curvature >= 0, step * curvature <= 1)
STRICT = z3.And(-beta < g, g < beta)


@pytest.mark.claim("prop-band", evidence="symbolic")
@pytest.mark.near_miss("half the band", share=z3.RealVal("1/2"))
@pytest.mark.near_miss("slopes outside the zero interval", slope=z3.And(POSITIVE, g > beta))
@pytest.mark.near_miss("steps of any size", steps=z3.And(POSITIVE, curvature >= 0))
def test_the_band_is_never_left(share=1, slope=STRICT, steps=SMALL_STEP):
    """A step from the band ends in the band."""
    assert_proved(z3.Implies(z3.And(slope, steps, in_band(weight, share)), in_band(subgradient_step(weight), share)))


@pytest.mark.claim("prop-band", evidence="symbolic")
@pytest.mark.near_miss("steps of any size", steps=z3.And(POSITIVE, curvature >= 0))
@pytest.mark.near_miss("progress of twice as much", least=2 * step * (beta - size(g)))
@pytest.mark.near_miss("concave losses", steps=z3.And(POSITIVE, step * curvature <= 1))
def test_the_band_is_approached_by_steps_of_a_least_length(steps=SMALL_STEP, least=step * (beta - size(g))):
    """A positive weight falls by at least `least`, and not below the band; a negative one mirrors it."""
    after = subgradient_step(weight)
    for side in (1, -1):
        falls = side * (weight - after) >= least
        edge = step * (beta + side * g)
        assert_proved(z3.Implies(z3.And(STRICT, steps, side * weight > 0), z3.And(falls, side * after >= -edge)))


@pytest.mark.claim("prop-thrown-out", evidence="symbolic")
@pytest.mark.near_miss("the choice 0 of automatic differentiation", balancing=z3.RealVal(0))
@pytest.mark.near_miss("the slope with its own sign", balancing=g)
def test_only_minus_the_slope_keeps_zero(balancing=-g):
    """`0 - s*(g + z) == 0` exactly for `z = -g`."""
    element = z3.Real("element")
    in_subdifferential = z3.And(-beta <= element, element <= beta)
    stays = -step * (g + element) == 0
    assert_proved(z3.Implies(z3.And(POSITIVE, in_subdifferential), stays == (element == balancing)))


@pytest.mark.claim("prop-thrown-out", evidence="symbolic")
@pytest.mark.near_miss("a choice that looks at the slope", choice=lambda slope, element: -slope)
@pytest.mark.near_miss("either end, by the sign of the slope", choice=lambda slope, element: -beta * sign(slope))
def test_a_fixed_choice_keeps_zero_for_one_slope(choice=lambda slope, element: element):
    """If a choice of the element keeps zero for the slopes g and h, then g = h."""
    element, other = z3.Reals("element other")
    kept = [-step * (slope + choice(slope, element)) == 0 for slope in (g, other)]
    assert_proved(z3.Implies(z3.And(POSITIVE, -beta <= element, element <= beta, *kept), g == other))


@pytest.mark.claim("prop-thrown-out", evidence="symbolic")
@pytest.mark.near_miss("twice the strength", reach=2 * beta)
def test_the_element_exists_in_the_zero_interval_only(reach=beta):
    element = z3.Real("element")
    exists = z3.Exists(element, z3.And(-beta <= element, element <= beta, element == -g))
    assert_proved(z3.Implies(beta > 0, exists == (size(g) <= reach)))


@pytest.mark.claim("prop-fixed-points", evidence="symbolic", scope="L1")
@pytest.mark.near_miss("the strength itself", strength=beta)
@pytest.mark.near_miss("the ratio upside down", ratio="upside down")
def test_fixed_points_are_stationary_for_the_ratio_of_the_steps(strength=None, ratio="threshold over move"):
    """L1: `w = soft(w - d*g, c*beta)` exactly if `w` is stationary with the strength `beta*c/d`."""
    move, threshold = z3.Reals("move threshold")
    quotient = threshold / move if ratio == "threshold over move" else move / threshold
    effective = beta * quotient if strength is None else strength
    fixed = soft_threshold(weight - move * g, threshold * beta) == weight
    stationary = z3.If(weight == 0, size(g) <= effective, g + effective * sign(weight) == 0)
    assert_proved(z3.Implies(z3.And(beta > 0, move > 0, threshold > 0), fixed == stationary))


@pytest.mark.claim("prop-fixed-points", evidence="sample", scope="two penalties, five losses")
@pytest.mark.near_miss("momentum with the plain step", momentum_step=0.05)
@pytest.mark.near_miss("Adam with the plain step", adam_step=0.01)
def test_optimizers_with_their_own_step_find_the_minimum(momentum_step=None, adam_step=None):
    """Two convex penalties, one with unequal slopes: the runs end at the minimizer of `(w - a)**2/2 + rho(w)`."""
    targets = np.array([-2.0, -0.4, 0.1, 0.6, 3.0])
    for penalty in (catalog.l1().at(beta=0.5), Penalty(sp.Max(w, -w / 4))):
        for optimizer, plain in ((SGD(0.05, momentum=0.5), momentum_step), (Adam(0.01), adam_step)):

            def prox(v, own, penalty=penalty, plain=plain):
                return penalty.prox(v, own if plain is None else plain)

            found = trajectory(lambda at: at - targets, optimizer, np.zeros(5), [1500], prox)[0]
            assert np.abs(found - penalty.prox(targets)).max() < 1e-3


@pytest.mark.claim("prop-identification", evidence="symbolic", scope="one weight")
@pytest.mark.near_miss("without the Lipschitz constant", reach=lambda far, lipschitz: far)
@pytest.mark.near_miss("twice the slack", slack=2)
@pytest.mark.near_miss("without the error", error=0)
@pytest.mark.near_miss("a weight whose optimum is not zero", optimum=z3.Real("optimum"))
def test_near_the_solution_one_step_gives_the_zero(
    reach=lambda far, lipschitz: (1 + step * lipschitz) * far, slack=1, error=1, optimum=0
):
    """`v = w - s*(g + e)` with `|w| <= far`, `|g - g*| <= M*far`, `|g*| <= beta - delta` is thresholded to 0."""
    far, lipschitz, delta, optimal = z3.Reals("far lipschitz delta optimal")
    near = z3.And(far >= 0, lipschitz >= 0, size(weight - optimum) <= far, size(g - optimal) <= lipschitz * far)
    strict = z3.And(POSITIVE, delta > 0, delta <= beta, size(optimal) <= beta - delta)
    condition = reach(far, lipschitz) + error * step * size(noise) <= slack * step * delta
    after = soft_threshold(weight - step * (g + noise), step * beta)
    assert_proved(z3.Implies(z3.And(near, strict, condition), after == 0))


@pytest.mark.claim("prop-noise", evidence="symbolic")
@pytest.mark.near_miss("a condition on the move instead of the slope", compared=step * (g + noise))
@pytest.mark.near_miss("the error alone", compared=noise)
def test_a_zero_survives_whatever_the_step(compared=g + noise):
    """`soft(-s*(g + e), s*beta) == 0` exactly if `|g + e| <= beta`."""
    after = soft_threshold(-step * (g + noise), step * beta)
    assert_proved(z3.Implies(POSITIVE, (after == 0) == (size(compared) <= beta)))


@pytest.mark.claim("prop-noise", evidence="sample", scope="100,000 weights, 3 steps")
@pytest.mark.near_miss("a rate that grows with the step", rate=lambda q, step: q * step)
def test_the_share_of_survivors(rate=lambda q, step: q):
    """10**5 weights at 0 with uniform errors: `(1 - q)**3` of them survive 3 steps, within 6 deviations (2e-9)."""
    count, q = 100_000, 0.2
    penalty = catalog.l1().at(beta=1.2)  # |0.6 + e| > 1.2: e > 0.6 has probability 0.2
    for s in (0.5, 0.01):
        generator = np.random.default_rng(1)
        survivors = np.full(count, True)
        for _ in range(3):
            errors = generator.uniform(-1, 1, size=count)
            survivors &= penalty.prox(-s * (0.6 + errors), s) == 0.0
        expected = (1 - rate(q, s)) ** 3
        assert abs(survivors.mean() - expected) <= 6 * np.sqrt(expected * (1 - expected) / count)


@pytest.mark.claim("prop-noise", evidence="sample", scope="100,000 weights, 3 steps, errors that depend on the past")
@pytest.mark.near_miss("errors that repeat", repeat=True)
def test_survivors_under_errors_that_depend_on_the_past(repeat=False):
    """Errors whose side is the sign of the last one, each violating with probability 0.2 given the past: (1 - q)**3."""
    count, q = 100_000, 0.2
    prox = catalog.l1().at(beta=1.0).prox
    generator = np.random.default_rng(1)
    survivors, side, error = np.full(count, True), np.ones(count), None
    for _ in range(3):
        if error is None or not repeat:
            error = side * np.where(generator.random(count) < q, 1.5, generator.uniform(-1, 1, size=count))
        side = np.sign(error)
        survivors &= prox(-0.5 * error, 0.5) == 0.0
    expected = (1 - q) ** 3
    assert abs(survivors.mean() - expected) <= 6 * np.sqrt(expected * (1 - expected) / count)
