"""Checks of the chapter "Singularities are necessary"."""

from itertools import product
from math import comb

import numpy as np
import pytest
import sympy as sp
import z3
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import binom

from exactzeros import Penalty, catalog, experiments, w
from proving import assert_equal, assert_proved, at, magnitude, search

FALSE_ALARM = 1e-6  # an upper bound on the chance that a true claim fails by bad luck


@pytest.mark.claim("thm-countable", evidence="proof")
@pytest.mark.near_miss("points that feel the tilt", first=z3.Real("a1"))
@pytest.mark.near_miss("a slope on each side", right=z3.Real("right"))
@pytest.mark.near_miss("no minimum at the second tilt", second_minimum=False)
def test_two_tilts_of_one_ball_are_equal(first=0, right=z3.Real("slope"), second_minimum=True):
    """Step 2 and 3: both points minimize their tilts, so the first minimizes both, and its one slope is t1 and t2."""
    t1, t2, f1, f2, slope, other = z3.Reals("t1 t2 f1 f2 slope other")
    minima = [f1 - t1 * first <= f2]  # w1 minimizes F_t1 over the ball, and w2 is a point of it with w_i = 0
    if second_minimum:
        minima.append(f2 <= other)  # w2 minimizes F_t2 over the ball; other: the value of F_t2 at any of its points
    assert_proved(z3.Implies(z3.And(minima), f1 - t2 * first <= other))  # so w1 minimizes F_t2 as well
    # An interior minimum of F_t along the coordinate: the slope from the right is at least t, from the left at most t.
    stationary = z3.And(right >= t1, right >= t2, slope <= t1, slope <= t2)
    assert_proved(z3.Implies(z3.And(*minima, stationary), t1 == t2))


@pytest.mark.claim("thm-countable", evidence="property")
@pytest.mark.near_miss("a kink in the coordinate", kink=1.0)
@pytest.mark.near_miss("a one-sided kink", kink=0.5, one_sided=True)
@search(seed=st.integers(0, 10**6))
def test_tilts_of_random_functions(seed, kink=0.0, one_sided=False):
    """Random F of two weights, smooth in w1 and with kinks in w2: off one tilt a valley, no point with w1 = 0 stays.

    At every local minimum v of F(0, .) a tilt other than the slope there leaves a lower point within 10^-5.
    """
    rng = np.random.default_rng(seed)
    a, b, c, d, phase = rng.normal(size=5)

    def tilted(u, v, t):
        smooth = a * u**2 + u * (b * np.cos(2 * v + phase) + c * v) + d * u**3
        return smooth + abs(v - 0.5) + np.sin(3 * v) + v**2 / 4 + kink * (max(u, 0) if one_sided else abs(u)) - t * u

    grid = np.linspace(-4, 4, 41)
    heights = [tilted(0.0, v, 0.0) for v in grid]
    valleys = [i for i in range(1, 40) if heights[i] <= min(heights[i - 1], heights[i + 1])]
    for i in valleys:
        v = minimize_scalar(lambda v: tilted(0.0, v, 0.0), bounds=(grid[i - 1], grid[i + 1]), method="bounded").x
        slope = b * np.cos(2 * v + phase) + c * v
        for t in slope + rng.uniform(0.01, 0.5, size=5) * rng.choice([-1, 1], size=5):
            assert min(tilted(u, v, t) for u in (-1e-5, 1e-5)) < tilted(0.0, v, t)


@pytest.mark.claim("cor-necessary", evidence="proof")
@pytest.mark.near_miss("the sides exchanged", sides=slice(None, None, -1))
@pytest.mark.near_miss("twice the gap", widen=2)
def test_two_tilts_force_two_slopes(sides=slice(None), widen=1):
    """A point with w_i = 0 that is minimal for t1 < t2 has quotients >= t2 to the right and <= t1 to the left."""
    t1, t2, here, right, left, h = z3.Reals("t1 t2 here right left h")
    minimal = [value >= here for t in (t1, t2) for value in (right - t * h, left + t * h)]
    to_the_right, to_the_left = ((right - here) / h, (left - here) / -h)[sides]
    given = z3.And(h > 0, t1 < t2, *minimal)
    assert_proved(z3.Implies(given, z3.And(to_the_right >= t2, to_the_left <= t1)))
    assert_proved(z3.Implies(given, to_the_right - to_the_left >= widen * (t2 - t1)))


@pytest.mark.claim("cor-probability", evidence="sample")
@pytest.mark.near_miss("L1", penalty=catalog.l1().at(beta=0.5))
@pytest.mark.near_miss("targets without a density", data="ternary")
def test_ridge_on_gaussian_data(penalty=catalog.l2().at(beta=0.5), data="gaussian"):
    """No exact zero in 2000 regressions: so with confidence 1 - 10^-6 its probability is below 0.7 %.

    There is no false alarm: where the claim holds a zero has probability 0, and in doubles one of about 10^-16.
    """
    run = experiments.regression_zero_frequency(
        penalty, data, samples=6, features=3, problems=2000, confidence=1 - FALSE_ALARM
    )
    assert run.zeros == 0
    assert run.high < 0.008


@pytest.mark.claim("cor-probability", evidence="proof")
@pytest.mark.near_miss("more features than samples", shape=(1, 2))
def test_full_column_rank_keeps_a_density(shape=(3, 2)):
    """X'y maps targets onto all of R^n, with X'X invertible: Gram's determinant is positive where the rank is full."""
    X = sp.Matrix(*shape, lambda i, j: sp.Symbol(f"x{i}{j}", real=True))
    gram = sp.expand((X.T * X).det())
    minors = [X.extract(rows, range(shape[1])).det() for rows in ([0, 1], [0, 2], [1, 2]) if max(rows) < shape[0]]
    assert_equal(gram, sum(minor**2 for minor in minors))  # Cauchy and Binet: 0 only if all minors are
    assert gram != 0


x, y, beta, h = z3.Reals("x y beta h")


@pytest.mark.claim("prop-relu", evidence="proof")
@pytest.mark.near_miss("targets of any sign", target=z3.BoolVal(True))
@pytest.mark.near_miss("without a penalty", strength=beta >= 0)
@pytest.mark.near_miss("a linear unit", unit=lambda z: z)
def test_the_relu_objective_has_its_minimum_at_zero(target=y < 0, strength=beta > 0, unit=lambda z: z3.If(z > 0, z, 0)):
    """For all x > 0, y < 0, beta > 0 and h != 0: F(h) > F(0)."""

    def objective(weight):
        miss = y - unit(weight * x)
        return miss * miss / 2 + at(catalog.l2(), weight)

    assert_proved(z3.Implies(z3.And(x > 0, target, strength, h != 0), objective(h) > objective(z3.RealVal(0))))


@pytest.mark.claim("prop-relu", evidence="proof")
@pytest.mark.near_miss("the kink of a positive target", sign=1)
def test_the_kink_of_the_relu_objective(sign=-1):
    """The objective is singular at zero, with slopes 0 and -x*y, so `cor-necessary` is not contradicted."""
    X, z, strength = sp.symbols("x z beta", positive=True)
    objective = Penalty((sign * z - sp.Max(w * X, 0)) ** 2 / 2 + strength * w**2)
    assert objective.slopes_at_zero == (0, X * z)
    assert objective.is_singular


def balanced(signs):
    return 2 * signs.count(1) == len(signs)


@pytest.mark.claim("prop-balanced", evidence="proof")
@pytest.mark.near_miss("labels 0 and 1", labels=(0, 1))
@pytest.mark.near_miss("an even number of examples is enough", condition=lambda signs: len(signs) % 2 == 0)
def test_the_derivative_at_zero_counts_signs(labels=(-1, 1), condition=balanced):
    """All data sets of up to six examples: the derivative at zero vanishes exactly for half of the signs being 1."""
    c = sp.Symbol("c", real=True)
    slope = sp.diff(sp.log(1 + sp.exp(-c * w)), w).subs(w, 0)
    assert_equal(slope, -c / 2)
    for m in range(1, 7):
        for signs in product(labels, repeat=m):
            assert (sum(slope.subs(c, each) for each in signs) == 0) == bool(condition(signs))


@pytest.mark.claim("prop-balanced", evidence="proof")
@pytest.mark.near_miss("another count", count=lambda m: comb(m, m // 2 - 1))
def test_the_number_of_balanced_labels(count=lambda m: comb(m, m // 2)):
    """All labels of up to twelve examples are counted."""
    for m in (2, 4, 8, 12):
        assert sum(map(balanced, product((-1, 1), repeat=m))) == count(m)


@pytest.mark.claim("prop-balanced", evidence="proof")
@pytest.mark.near_miss("without a penalty", strength=0)
def test_the_logistic_objective_is_strictly_convex(strength=sp.Symbol("beta", positive=True)):
    """The second derivative is at least 2*beta > 0: each loss contributes c**2 s (1 - s) >= 0 with 0 < s < 1."""
    c, s = sp.Symbol("c", real=True), sp.Symbol("s", positive=True)
    curvature = sp.diff(sp.log(1 + sp.exp(-c * w)), w, 2).subs(sp.exp(-c * w), s)
    assert_equal(curvature, c**2 * s / (1 + s) ** 2)
    bound = sp.diff(strength * w**2, w, 2)
    assert bound.is_positive


@pytest.mark.claim("prop-balanced", evidence="sample")
@pytest.mark.near_miss("a biased coin", bias=0.6)
@pytest.mark.near_miss("half of the data sets", probability=0.5)
def test_how_often_coins_are_balanced(bias=0.5, probability=comb(20, 10) / 2**20):
    """50 000 data sets of 20 labels: the count lies within the binomial quantiles for a false alarm of 10^-6."""
    coins = np.random.default_rng(0).random((50_000, 20)) < bias
    count = np.count_nonzero(coins.sum(axis=1) == 10)
    low, high = binom.ppf([FALSE_ALARM / 2, 1 - FALSE_ALARM / 2], 50_000, probability)
    assert low <= count <= high


@pytest.mark.claim("prop-product", evidence="proof")
@pytest.mark.near_miss("the edge twice as far", reach=2)
@pytest.mark.near_miss("an error as large as the margin", share=1)
def test_the_product_has_the_interval_of_l1(reach=1, share=z3.Q(1, 2)):
    """For all g, beta > 0 and (u, v) != 0, with an error of at most half the margin times |u v|."""
    u, v, g, error = z3.Reals("u v g error")
    change = g * u * v + beta * (u * u + v * v) / 2 + error
    margin = reach * beta - magnitude(g)
    small = z3.And(beta > 0, u != 0, magnitude(error) <= share * magnitude(margin) * magnitude(u * v))
    assert_proved(z3.Implies(z3.And(small, margin > 0), change > 0))
    assert_proved(z3.Implies(z3.And(small, margin < 0, z3.If(g > 0, v == -u, v == u)), change < 0))


@pytest.mark.claim("prop-product", evidence="proof")
@pytest.mark.near_miss("the penalty without its half", factor=1)
@pytest.mark.near_miss("the sum instead of the product", weight=lambda u, v: u + v)
def test_the_hessian_of_the_product(factor=sp.Rational(1, 2), weight=lambda u, v: u * v):
    """The Hessian at the origin is [[beta, g], [g, beta]], with eigenvalues beta - g and beta + g."""
    u, v, g = sp.symbols("u v g", real=True)
    b = sp.Symbol("beta", positive=True)
    hessian = sp.hessian(g * weight(u, v) + factor * b * (u**2 + v**2), (u, v))
    assert hessian == sp.Matrix([[b, g], [g, b]])
    assert set(hessian.eigenvals()) == {b - g, b + g}


@pytest.mark.claim("prop-product", evidence="proof")
@pytest.mark.near_miss("less than the absolute value", bound=2)
def test_the_smallest_penalty_of_the_factors_is_l1(bound=1):
    """(u**2 + v**2)/2 >= |u v| for all u and v, with equality for |u| = |v|."""
    u, v = z3.Reals("u v")
    assert_proved((u * u + v * v) / 2 >= bound * magnitude(u * v))
    assert_proved(z3.Implies(magnitude(u) == magnitude(v), (u * u + v * v) / 2 == magnitude(u * v)))
