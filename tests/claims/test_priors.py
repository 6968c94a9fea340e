"""Checks of the chapter "Priors"."""

import numpy as np
import pytest
import sympy as sp
import z3
from hypothesis import strategies as st

from exactzeros import Prior, catalog, w
from proving import assert_equal, assert_proved, magnitude, search, sign

BETA = sp.Symbol("beta", positive=True)
S, B, TAU = sp.symbols("s b tau", positive=True)
GAUSS = Prior(sp.exp(-(w**2) / (2 * S**2)))
LAPLACE = Prior(sp.exp(-sp.Abs(w) / B))


@pytest.mark.claim("prop-priors", evidence="symbolic")
@pytest.mark.near_miss("the variance of a penalty with a half", variance=1 / BETA)
@pytest.mark.near_miss("the strength of L1", penalty=catalog.l1())
def test_ridge_is_gaussian(penalty=catalog.l2(), variance=1 / (2 * BETA)):
    """Normalizer, variance and density of the prior of ridge, for all positive strengths."""
    prior = penalty.prior
    assert_equal(prior.normalizer, sp.sqrt(sp.pi / BETA))
    assert_equal(prior.variance, variance)
    assert_equal(prior.density, sp.exp(-(w**2) / (2 * variance)) / sp.sqrt(2 * sp.pi * variance))


@pytest.mark.claim("prop-priors", evidence="symbolic")
@pytest.mark.near_miss("the scale taken for the standard deviation", variance=1 / BETA**2)
@pytest.mark.near_miss("ridge", penalty=catalog.l2())
def test_l1_is_laplace(penalty=catalog.l1(), variance=2 / BETA**2):
    """Normalizer, variance and density of the prior of L1, for all positive strengths."""
    prior = penalty.prior
    assert_equal(prior.normalizer, 2 / BETA)
    assert_equal(prior.variance, variance)
    assert_equal(prior.density, BETA / 2 * sp.exp(-BETA * sp.Abs(w)))


@pytest.mark.claim("prop-priors", evidence="symbolic")
@pytest.mark.near_miss("ridge of strength 1/s**2", strength=1 / S**2)
def test_and_back(strength=1 / (2 * S**2)):
    """The Gaussian density with standard deviation s is the prior of ridge with strength 1/(2 s**2)."""
    assert_equal(GAUSS.penalty.expression, strength * w**2)
    assert_equal(LAPLACE.penalty.expression, sp.Abs(w) / B)


def peak(prior, **numbers):
    return prior.density.subs(w, 0).subs({symbol: numbers[symbol.name] for symbol in (S, B) if symbol.name in numbers})


@pytest.mark.claim("prop-peaks", evidence="symbolic")
@pytest.mark.near_miss("equal standard deviations", crossing=1)
@pytest.mark.near_miss("a Laplace scale of one", scale=1)
@pytest.mark.near_miss("wider is higher", higher=lambda excess, distance: excess == -distance)
def test_the_narrower_gaussian_is_the_higher(
    crossing=1 / sp.sqrt(sp.pi), scale=1 / sp.sqrt(2), higher=lambda excess, distance: excess == distance
):
    """Laplace has variance 1; the difference of the peaks has the sign of 1/sqrt(pi) - s, for all s > 0."""
    assert_equal(LAPLACE.variance.subs(B, scale), 1)
    laplace, gauss = peak(LAPLACE, b=scale), peak(GAUSS)
    # gauss = k/s and laplace = k/crossing with the same k > 0, so the difference is k (crossing - s)/(s crossing).
    factor = sp.simplify(gauss * S)
    assert factor.is_positive and not factor.has(S)
    assert_equal(laplace, factor / crossing)
    k, c, s = z3.Reals("k c s")
    assert_proved(z3.Implies(z3.And(k > 0, c > 0, s > 0), higher(sign(k / s - k / c), sign(c - s))))


@pytest.mark.claim("prop-width", evidence="symbolic")
@pytest.mark.near_miss("the standard deviations instead of the variances", power=1)
@pytest.mark.near_miss("a narrow Gaussian gives zero", zero=lambda y, s, tau: magnitude(y) <= tau)
def test_a_gaussian_of_any_width_gives_zero_for_zero(power=2, zero=lambda y, s, tau: y == 0):
    """For all y, s, tau > 0 and w: the stated estimate is the one global minimum, and it is 0 only for y = 0."""
    y, s, tau, estimate, other = z3.Reals("y s tau estimate other")
    scales = z3.And(s > 0, tau > 0)
    stated = estimate * (z3.Product([s] * power) + z3.Product([tau] * power)) == y * z3.Product([s] * power)
    assert_proved(z3.Implies(z3.And(scales, stated), (estimate == 0) == zero(y, s, tau)))

    def objective(point):  # times 2 s**2 tau**2
        return (point - y) * (point - y) * s * s + point * point * tau * tau

    assert_proved(z3.Implies(z3.And(scales, stated, other != estimate), objective(other) > objective(estimate)))


@pytest.mark.claim("prop-width", evidence="symbolic")
@pytest.mark.near_miss("the noise not squared", threshold=lambda tau, b: tau / b)
@pytest.mark.near_miss("half the variance, as for ridge", threshold=lambda tau, b: tau * tau / (2 * b))
@pytest.mark.near_miss("zero for the observation zero only", zero=lambda y, threshold: y == 0)
def test_a_laplace_prior_gives_zero_on_an_interval(
    threshold=lambda tau, b: tau * tau / b, zero=lambda y, threshold: magnitude(y) <= threshold
):
    """For all y, b, tau > 0 and w: soft thresholding by tau**2/b is the one global minimum, 0 for |y| <= tau**2/b."""
    y, b, tau, other = z3.Reals("y b tau other")
    t = threshold(tau, b)
    estimate = z3.If(magnitude(y) > t, y - sign(y) * t, 0)

    def objective(point):  # times tau**2
        return (point - y) * (point - y) / 2 + tau * tau / b * magnitude(point)

    given = z3.And(b > 0, tau > 0)
    assert_proved(z3.Implies(given, (estimate == 0) == zero(y, t)))
    assert_proved(z3.Implies(z3.And(given, other != estimate), objective(other) > objective(estimate)))


@pytest.mark.claim("prop-kinks", evidence="symbolic", scope="densities linear next to 0")
@pytest.mark.near_miss("not divided by the density", height=1)
@pytest.mark.near_miss("the sign forgotten", factor=1)
def test_the_slope_of_the_logarithm(height=None, factor=-1):
    """-log of any function with value p0 > 0 and slope a at 0 has slope -a/p0: SymPy's limit, for all p0 and a."""
    p0, t = sp.symbols("p0 t", positive=True)
    a = sp.Symbol("a", real=True)
    r = sp.Function("r")(t)  # the error of the line: r(t)/t -> 0
    p = p0 + a * t + r
    quotient = (-sp.log(p) + sp.log(p0)) / t
    # log is differentiable at p0: (log p - log p0)/(p - p0) -> 1/p0, and (p - p0)/t = a + r/t -> a.
    x = sp.Symbol("x", positive=True)
    chord = sp.limit((sp.log(p0 + x) - sp.log(p0)) / x, x, 0)
    assert_equal(quotient.subs(r, 0).limit(t, 0), -chord * a)
    assert_equal(-chord * a, factor * a / (height or p0))


@pytest.mark.claim("prop-kinks", evidence="search", scope="densities quadratic next to 0")
@pytest.mark.near_miss("not divided by the density", divided=False)
@pytest.mark.near_miss("left and right swapped", order=-1)
@search(height=st.floats(0.1, 10), left=st.floats(-5, 5), right=st.floats(-5, 5), curvature=st.floats(-2, 2))
def test_kinks_of_random_densities(height, left, right, curvature, divided=True, order=1):
    """Densities height + slope*w + curvature*w**2 next to 0: quotients of -log p at 10^-7 are the stated slopes."""
    stated = [-slope / (height if divided else 1) for slope in (left, right)][::order]
    for h, slope, expected in zip((-1e-7, 1e-7), (left, right), stated, strict=True):
        growth = (slope * h + curvature * h**2) / height
        assert -np.log1p(growth) / h == pytest.approx(expected, abs=1e-3, rel=1e-3)


@pytest.mark.claim("prop-kinks", evidence="symbolic", scope="a peak and a notch")
@pytest.mark.near_miss("a notch called a peak", peak=lambda size: (1 + size) * sp.exp(-(w**2)))
@pytest.mark.near_miss("a peak called a notch", notch=lambda size: sp.exp(-size))
@pytest.mark.near_miss("a round top called a peak", peak=lambda size: sp.exp(-(size**2)))
def test_a_peak_gives_an_interval_and_a_notch_none(
    peak=lambda size: sp.exp(-size), notch=lambda size: (1 + size) * sp.exp(-(w**2))
):
    """With the slopes -a and a of the prior, over its height, the kink is 2*a at a peak and -2*a at a notch."""
    a = sp.Symbol("a", positive=True)
    up, down = (Prior(shape(a * sp.Abs(w))).penalty for shape in (peak, notch))
    assert up.kink == 2 * a and up.zero_interval == sp.Interval(-a, a)
    assert down.kink == -2 * a and down.zero_interval is sp.S.EmptySet
