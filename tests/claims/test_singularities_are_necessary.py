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
SMOOTH = catalog.smoothed_l1().at(beta=0.5, eps=0.5)
x, y, beta, h = z3.Reals("x y beta h")


@pytest.mark.claim("thm-countable", evidence="symbolic", scope="two tilts of one ball")
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


@pytest.mark.claim("thm-countable", evidence="symbolic", scope="the tilts of one ball")
@pytest.mark.near_miss("tilts beyond the two", share=z3.And(z3.Real("s") >= 0, z3.Real("s") <= 2))
@pytest.mark.near_miss("sharper than the distance to the ends", sharpness=2)
@pytest.mark.near_miss("points off the hyperplane as sharp", distance=lambda u: 1)
def test_the_tilts_of_a_ball_are_an_interval_and_sharp_inside(share=None, sharpness=1, distance=magnitude):
    """Steps 3 and 4: a point that is best at t1 < t2 is best at the tilts between, and sharp by the way to the ends."""
    t1, t2, here, there, u, s, c = z3.Reals("t1 t2 here there u s c")
    share = z3.And(s >= 0, s <= 1) if share is None else share
    served = z3.And(there >= here + t1 * u, there >= here + t2 * u, t1 < t2)
    t = t1 + s * (t2 - t1)
    assert_proved(z3.Implies(z3.And(served, share), there >= here + t * u))
    inside = z3.And(c > 0, t1 <= t - c, t + c <= t2)
    assert_proved(z3.Implies(z3.And(served, inside), there - t * u - here >= sharpness * c * distance(u)))


@pytest.mark.claim("thm-countable", evidence="symbolic", scope="part 3 from part 2")
@pytest.mark.near_miss("a minimum that is not sharp", sharp=lambda c: c >= 0)
def test_a_sharp_minimum_has_no_slope(sharp=lambda c: c > 0):
    """Quotients of at least c to the right and at most -c to the left have no common limit."""
    c, slope, to_the_right, to_the_left = z3.Reals("c slope right left")
    given = z3.And(sharp(c), to_the_right >= c, to_the_left <= -c)
    close = z3.And(magnitude(to_the_right - slope) < c, magnitude(to_the_left - slope) < c)
    both = z3.And(to_the_right == slope, to_the_left == slope)
    assert_proved(z3.Implies(given, z3.Not(z3.Or(close, both))))


@pytest.mark.claim("thm-countable", evidence="search", scope="n = 2, smooth in the first weight, kinks in the second")
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


@pytest.mark.claim("cor-necessary", evidence="symbolic", scope="two tilts of one ball")
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


@pytest.mark.claim("cor-probability", evidence="sample", scope="20,000 tilts, one weight")
@pytest.mark.near_miss("a kink", penalty=catalog.l1().at(beta=0.5))
@pytest.mark.near_miss("a law with atoms", law=np.round)
def test_a_tilt_without_atoms_misses_the_value_that_gives_zero(penalty=SMOOTH, law=np.asarray):
    """No exact zero and no minimum on an edge: in doubles each has a probability of about 10^-16 for each tilt."""
    tilts = law(np.random.default_rng(0).normal(size=20_000))
    assert np.count_nonzero(penalty.prox(tilts) == 0.0) == 0
    assert not np.any(np.isin(tilts, [-1.0, 1.0]))  # the edges of the zero interval of L1


@pytest.mark.claim("prop-column-outside-span", evidence="symbolic", scope="2 features, 3 samples")
@pytest.mark.near_miss("the column itself, and not its part", share=0)
@pytest.mark.near_miss("the part along the other column", share=2)
def test_targets_can_tilt_one_coordinate_alone(share=1):
    """Along z, the part of the first column orthogonal to the second, X'y moves by (|z|**2, 0)."""
    X = sp.Matrix(3, 2, lambda i, j: sp.Symbol(f"x{i}{j}", real=True))
    one, two = X.col(0), X.col(1)
    z = one - share * two * (one.dot(two) / two.dot(two))
    moved = X.T * z
    assert_equal(moved[0], z.dot(z))
    assert_equal(moved[1], 0)


@pytest.mark.claim("prop-column-outside-span", evidence="sample", scope="2000 targets, 3 features, two of them equal")
@pytest.mark.near_miss("a column that the others contain", alone=False)
@pytest.mark.near_miss("targets without a density", law=np.zeros_like)
def test_a_penalty_on_one_weight_and_no_full_rank(alone=True, law=np.asarray):
    """Least squares plus w_1**2, the other columns equal: no w_1 within 10^-13 of zero, a chance below 10^-9 in all."""
    rng = np.random.default_rng(0)
    other = rng.normal(size=4)
    X = np.column_stack([rng.normal(size=4) if alone else other, other, other])
    y = law(rng.normal(size=(4, 2000)))
    stacked = np.vstack([X, [np.sqrt(2), 0, 0]])
    weights = np.linalg.lstsq(stacked, np.vstack([y, np.zeros(2000)]), rcond=1e-12)[0]
    assert np.abs(weights[0]).min() > 1e-13


@pytest.mark.claim("prop-column-outside-span", evidence="symbolic", scope="the counterexample")
@pytest.mark.near_miss("a penalty on both weights", both=True)
def test_a_redundant_feature_gives_way(both=False):
    """X = (1, 1) with w_1**2: for every target the minimum is at w_1 = 0, w_2 = y."""
    u, v = z3.Reals("u v")

    def objective(first, second):
        penalty = first * first + (second * second if both else 0)
        return (y - first - second) * (y - first - second) / 2 + penalty

    assert_proved(z3.Implies(z3.Or(u != 0, v != y), objective(u, v) > objective(z3.RealVal(0), y)))


@pytest.mark.claim("prop-ridge-never", evidence="symbolic", scope="3 features, 2 samples")
@pytest.mark.near_miss("the curvature on the other side", left=False)
@pytest.mark.near_miss("the strength counted once", force=1)
def test_the_derivative_of_ridge_in_the_targets(left=True, force=2):
    """(X'DX + 2 beta I) X' = X'(D X X' + 2 beta I): the row of the derivative is a row of X' times an inverse."""
    X = sp.Matrix(2, 3, lambda i, j: sp.Symbol(f"x{i}{j}", real=True))
    D, b = sp.diag(*sp.symbols("d1 d2", positive=True)), sp.Symbol("b", positive=True)
    product = D * X * X.T if left else X * X.T * D
    for difference in (X.T * D * X + 2 * b * sp.eye(3)) * X.T - X.T * (product + force * b * sp.eye(2)):
        assert_equal(difference, 0)


@pytest.mark.claim("prop-ridge-never", evidence="symbolic", scope="2 samples")
@pytest.mark.near_miss("without a penalty", strength=lambda b: b >= 0)
@pytest.mark.near_miss("a column of zeros", column=lambda one, two: z3.BoolVal(True))
def test_two_zeros_on_a_line_of_targets_are_one(
    strength=lambda b: b > 0, column=lambda one, two: z3.Or(one != 0, two != 0)
):
    """Ridge solutions at y and y + tau*x_i, both with w_i = 0, differ by d with e = X d: then tau = 0.

    The gradients give x_i.e = tau |x_i|**2, and times d they give |e|**2 + 2 beta |d|**2 = tau x_i.e.
    """
    one, two, e1, e2, far, tau, b = z3.Reals("x1 x2 e1 e2 d_squared tau b")
    gradient = one * e1 + two * e2 == tau * (one * one + two * two)
    product = e1 * e1 + e2 * e2 + 2 * b * far == tau * (one * e1 + two * e2)
    given = z3.And(strength(b), column(one, two), far >= 0, z3.Implies(far == 0, z3.And(e1 == 0, e2 == 0)))
    assert_proved(z3.Implies(z3.And(given, gradient, product), tau == 0))


@pytest.mark.claim("prop-ridge-never", evidence="sample", scope="1000 regressions, 6 features, 3 samples")
@pytest.mark.near_miss("L1", penalty=catalog.l1().at(beta=0.5))
@pytest.mark.near_miss("targets without a density", data="ternary")
def test_ridge_on_gaussian_data(penalty=catalog.l2().at(beta=0.5), data="gaussian"):
    """No exact zero in 1000 regressions: so with confidence 1 - 10^-6 its probability is below 1.5 %.

    There is no false alarm: where the claim holds a zero has probability 0, and in doubles one of about 10^-16.
    """
    run = experiments.regression_zero_frequency(
        penalty, data, samples=3, features=6, problems=1000, confidence=1 - FALSE_ALARM
    )
    assert run.zeros == 0
    assert run.high < 0.015


@pytest.mark.claim("prop-random-feature", evidence="symbolic", scope="3 samples")
@pytest.mark.near_miss("slopes that may vanish", predicted=lambda p: z3.And(p >= 0, p <= 1))
@pytest.mark.near_miss("labels that may be zero", label=lambda label: z3.And(label >= -1, label <= 1))
def test_only_a_hyperplane_of_features_gives_a_zero(
    predicted=lambda p: z3.And(p > 0, p < 1), label=lambda label: z3.Or(label == -1, label == 1)
):
    """The slopes -y*p are not zero, so of all values of one entry of the column one at most balances the others."""
    probabilities, labels = z3.Reals("p1 p2 p3"), z3.Reals("y1 y2 y3")
    column, moved = z3.Reals("c1 c2 c3"), z3.Real("moved")
    given = [predicted(each) for each in probabilities] + [label(each) for each in labels]
    residuals = [-p * label for p, label in zip(probabilities, labels, strict=True)]
    rest = column[1] * residuals[1] + column[2] * residuals[2]
    balanced = z3.And(column[0] * residuals[0] + rest == 0, moved * residuals[0] + rest == 0)
    assert_proved(z3.Implies(z3.And(*given, balanced), moved == column[0]))


@pytest.mark.claim("prop-random-feature", evidence="sample", scope="20,000 data sets of one feature, m = 20")
@pytest.mark.near_miss("a feature of signs", feature=np.sign)
@pytest.mark.near_miss("a column of zeros", feature=np.zeros_like)
def test_a_feature_with_a_density_never_balances_labels(feature=np.asarray):
    """The slope of the logistic loss at w = 0, `-x.y/2`, is not zero: in doubles a chance of 10^-11 in all."""
    rng = np.random.default_rng(0)
    labels = rng.choice([-1, 1], size=(20_000, 20))
    slopes = -np.sum(feature(rng.normal(size=(20_000, 20))) * labels, axis=1) / 2
    assert np.count_nonzero(slopes == 0.0) == 0


@pytest.mark.claim("prop-relu", evidence="symbolic")
@pytest.mark.near_miss("targets of any sign", target=z3.BoolVal(True))
@pytest.mark.near_miss("without a penalty", strength=beta >= 0)
@pytest.mark.near_miss("a linear unit", unit=lambda z: z)
def test_the_relu_objective_has_its_minimum_at_zero(target=y < 0, strength=beta > 0, unit=lambda z: z3.If(z > 0, z, 0)):
    """For all x, y < 0, beta > 0 and h != 0: F(h) > F(0)."""

    def objective(weight):
        miss = y - unit(weight * x)
        return miss * miss / 2 + at(catalog.l2(), weight)

    assert_proved(z3.Implies(z3.And(target, strength, h != 0), objective(h) > objective(z3.RealVal(0))))


@pytest.mark.claim("prop-relu", evidence="symbolic", scope="x > 0")
@pytest.mark.near_miss("tilts to the dead side", low=-1)
@pytest.mark.near_miss("an interval twice as long", high=2)
def test_the_tilts_that_keep_the_relu_at_zero_are_an_interval(low=0, high=1):
    """At a fixed target all tilts between 0 and -x*y keep the minimum at zero: the length is that of the kink."""
    t = z3.Real("t")

    def objective(weight):
        miss = y - z3.If(weight * x > 0, weight * x, 0)
        return miss * miss / 2 + beta * weight * weight - t * weight

    between = z3.And(low * -x * y <= t, t <= high * -x * y)
    given = z3.And(x > 0, y < 0, beta > 0, h != 0, between)
    assert_proved(z3.Implies(given, objective(h) > objective(z3.RealVal(0))))


@pytest.mark.claim("prop-relu", evidence="symbolic", scope="x > 0")
@pytest.mark.near_miss("the kink of a positive target", sign=1)
def test_the_kink_of_the_relu_objective(sign=-1):
    """The objective is singular at zero, with slopes 0 and -x*y, so `cor-necessary` is not contradicted."""
    X, z, strength = sp.symbols("x z beta", positive=True)
    objective = Penalty((sign * z - sp.Max(w * X, 0)) ** 2 / 2 + strength * w**2)
    assert objective.slopes_at_zero == (0, X * z)
    assert objective.is_singular


def balanced(signs):
    return 2 * signs.count(1) == len(signs)


@pytest.mark.claim("prop-balanced", evidence="symbolic", scope="m ≤ 6")
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


@pytest.mark.claim("prop-balanced", evidence="symbolic", scope="m = 2, 4, 8, 12")
@pytest.mark.near_miss("another count", count=lambda m: comb(m, m // 2 - 1))
def test_the_number_of_balanced_labels(count=lambda m: comb(m, m // 2)):
    """All labels of up to twelve examples are counted."""
    for m in (2, 4, 8, 12):
        assert sum(map(balanced, product((-1, 1), repeat=m))) == count(m)


@pytest.mark.claim("prop-balanced", evidence="symbolic")
@pytest.mark.near_miss("without a penalty", strength=0)
def test_the_logistic_objective_is_strictly_convex(strength=sp.Symbol("beta", positive=True)):
    """The second derivative is at least 2*beta > 0: each loss contributes c**2 s (1 - s) >= 0 with 0 < s < 1."""
    c, s = sp.Symbol("c", real=True), sp.Symbol("s", positive=True)
    curvature = sp.diff(sp.log(1 + sp.exp(-c * w)), w, 2).subs(sp.exp(-c * w), s)
    assert_equal(curvature, c**2 * s / (1 + s) ** 2)
    bound = sp.diff(strength * w**2, w, 2)
    assert bound.is_positive


@pytest.mark.claim("prop-balanced", evidence="sample", scope="50,000 data sets, m = 20")
@pytest.mark.near_miss("a biased coin", bias=0.6)
@pytest.mark.near_miss("half of the data sets", probability=0.5)
def test_how_often_coins_are_balanced(bias=0.5, probability=comb(20, 10) / 2**20):
    """50,000 data sets of 20 labels: the count lies within the binomial quantiles for a false alarm of 10^-6."""
    coins = np.random.default_rng(0).random((50_000, 20)) < bias
    count = np.count_nonzero(coins.sum(axis=1) == 10)
    low, high = binom.ppf([FALSE_ALARM / 2, 1 - FALSE_ALARM / 2], 50_000, probability)
    assert low <= count <= high


@pytest.mark.claim("prop-product", evidence="symbolic", scope="a loss with its error")
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


@pytest.mark.claim("prop-product", evidence="symbolic", scope="quadratic losses")
@pytest.mark.near_miss("the penalty without its half", factor=1)
@pytest.mark.near_miss("the sum instead of the product", weight=lambda u, v: u + v)
def test_the_hessian_of_the_product(factor=sp.Rational(1, 2), weight=lambda u, v: u * v):
    """The Hessian at the origin is [[beta, g], [g, beta]], with eigenvalues beta - g and beta + g."""
    u, v, g = sp.symbols("u v g", real=True)
    b = sp.Symbol("beta", positive=True)
    hessian = sp.hessian(g * weight(u, v) + factor * b * (u**2 + v**2), (u, v))
    assert hessian == sp.Matrix([[b, g], [g, b]])
    assert set(hessian.eigenvals()) == {b - g, b + g}


@pytest.mark.claim("prop-product", evidence="symbolic")
@pytest.mark.near_miss("less than the absolute value", bound=2)
def test_the_smallest_penalty_of_the_factors_is_l1(bound=1):
    """(u**2 + v**2)/2 >= |u v| for all u and v, with equality for |u| = |v|."""
    u, v = z3.Reals("u v")
    assert_proved((u * u + v * v) / 2 >= bound * magnitude(u * v))
    assert_proved(z3.Implies(magnitude(u) == magnitude(v), (u * u + v * v) / 2 == magnitude(u * v)))
