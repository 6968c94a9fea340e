"""Checks of the chapter "The L1 singularity"."""

import numpy as np
import pytest
import sympy as sp
import z3
from hypothesis import strategies as st
from scipy.optimize import nnls

from exactzeros import Penalty, catalog, losses, solvers, w
from exactzeros.book.figures.kink import product_fit, saddle_of_two
from proving import assert_equal, assert_proved, at, magnitude, search, sign, to_z3

g, h, beta, c = z3.Reals("g h beta c")
a, b = sp.symbols("a b", positive=True)
L1, HALF, RIDGE = catalog.l1().at(beta=1), catalog.l1().at(beta=0.5), catalog.l2().at(beta=1)


@pytest.mark.claim("thm-l1", evidence="symbolic", scope="linear losses")
@pytest.mark.near_miss("twice the strength", reach=2 * beta)
@pytest.mark.near_miss("the edge included", inside=lambda slope, reach: slope <= reach)
@pytest.mark.near_miss("ridge", penalty=catalog.l2())
def test_inside_every_step_leads_up(penalty=catalog.l1(), reach=beta, inside=lambda slope, reach: slope < reach):
    """For all g, beta and h != 0 with |g| < beta: g*h + beta*|h| > 0."""
    given = z3.And(h != 0, inside(magnitude(g), reach))
    assert_proved(z3.Implies(given, g * h + at(penalty, h) > at(penalty, z3.RealVal(0))))


@pytest.mark.claim("thm-l1", evidence="symbolic", scope="linear losses")
@pytest.mark.near_miss("a smaller slope suffices", reach=beta / 2)
@pytest.mark.near_miss("a step up the loss", downhill=g * h > 0)
@pytest.mark.near_miss("twice the penalty", penalty=Penalty(2 * catalog.l1().expression))
def test_outside_a_step_down_the_loss_leads_down(penalty=catalog.l1(), reach=beta, downhill=g * h < 0):
    """For all g, beta of any sign, and h with |g| > beta and g*h < 0: g*h + beta*|h| < 0."""
    given = z3.And(downhill, magnitude(g) > reach)
    assert_proved(z3.Implies(given, g * h + at(penalty, h) < at(penalty, z3.RealVal(0))))


@pytest.mark.claim("thm-l1", evidence="symbolic", scope="a loss with its error")
@pytest.mark.near_miss("an error as large as the margin", share=1)
@pytest.mark.near_miss("an error not compared with the step", distance=lambda h: 1)
def test_half_the_margin_is_left_for_the_error(share=z3.Q(1, 2), distance=magnitude):
    """An error of at most half the margin |beta - |g|| times |h| changes neither verdict."""
    error = z3.Real("error")
    margin = beta - magnitude(g)
    small = z3.And(h != 0, magnitude(error) <= share * magnitude(margin) * distance(h))
    change = g * h + at(catalog.l1(), h) + error
    assert_proved(z3.Implies(z3.And(small, margin > 0), change > 0))
    assert_proved(z3.Implies(z3.And(small, margin < 0, g * h <= 0), change < 0))


def sides_swapped(penalty):
    left, right = penalty.slopes_at_zero
    return sp.Interval(left, right)


@pytest.mark.claim("def-zero-interval", evidence="symbolic", scope="piecewise linear penalties")
@pytest.mark.near_miss("the sides swapped", interval=sides_swapped)
@pytest.mark.near_miss("the kink halved", share=sp.Rational(1, 2))
def test_the_interval_and_the_kink_of_two_slopes(interval=lambda penalty: penalty.zero_interval, share=1):
    """`a*max(w, 0) + b*max(-w, 0)` has slopes -b and a, the interval [-a, b] and the kink a + b, for all a, b > 0."""
    penalty = Penalty(a * sp.Max(w, 0) + b * sp.Max(-w, 0))
    assert penalty.slopes_at_zero == (-b, a)
    assert interval(penalty) == sp.Interval(-a, b)
    assert_equal(share * penalty.kink, a + b)


@pytest.mark.claim("def-zero-interval", evidence="symbolic", scope="finite slopes")
@pytest.mark.near_miss("half the kink", share=z3.Q(1, 2))
@pytest.mark.near_miss("never empty", empty=lambda kink: z3.BoolVal(False))
@pytest.mark.near_miss("empty unless the kink is positive", empty=lambda kink: kink <= 0)
def test_a_kink_that_points_up_has_no_interval(share=1, empty=lambda kink: kink < 0):
    """For all slopes: empty if kink < 0, else from edge to edge, and the edges are as far apart as the kink says."""
    left, right, other = z3.Reals("left right other")
    kink = right - left

    def member(slope):
        return z3.And(-right <= slope, slope <= -left)

    assert_proved(z3.Implies(empty(kink), z3.Not(member(g))))
    assert_proved(z3.Implies(z3.Not(empty(kink)), z3.And(member(-left), member(-right))))
    assert_proved(z3.Implies(z3.And(member(g), member(other)), g - other <= share * kink))


@pytest.mark.claim("def-zero-interval", evidence="symbolic", scope="three singular penalties")
@pytest.mark.near_miss("a cusp that points down", shapes=[sp.sqrt(sp.Abs(w))])
@pytest.mark.near_miss("L1", shapes=[sp.Abs(w)])
def test_singular_penalties_without_a_zero(
    shapes=(-a * sp.Abs(w), -sp.sqrt(sp.Abs(w)), sp.sign(w) * sp.sqrt(sp.Abs(w))),
):
    """A concave kink, a cusp that points up and a wall: singular, and their zero intervals are empty."""
    for shape in shapes:
        penalty = Penalty(shape)
        assert penalty.is_singular
        assert penalty.zero_interval is sp.S.EmptySet
        assert not penalty.kink.is_nonnegative  # negative, or nan for the wall


SINGULAR = {"l1", "elastic_net", "mcp", "scad", "log_sum", "lp(1/2)", "one_sided", "nonnegative"}


@pytest.mark.claim("def-zero-interval", evidence="symbolic", scope="the catalog")
@pytest.mark.near_miss("ridge called singular", singular=SINGULAR | {"l2"})
@pytest.mark.near_miss("L1 called smooth", singular=SINGULAR - {"l1"})
def test_singular_means_a_kink(singular=SINGULAR):
    """The catalog, for all values of the parameters: singular where the kink is positive, the interval as wide."""
    for name, penalty in catalog.every().items():
        assert penalty.is_singular == (name in singular)
        assert (penalty.kink != 0) == (name in singular)
        width = penalty.zero_interval.sup - penalty.zero_interval.inf
        assert width == penalty.kink or width.equals(penalty.kink)


# Each piecewise polynomial penalty of the table: what its parameters fulfil, how far its first pieces reach, and how
# much they can bend: |rho(h) - rho(0) - slope*h| <= bend*h**2 there.
GAMMA, DELTA, A = z3.Reals("gamma delta a")
PIECES = {
    "l2": (z3.BoolVal(True), 1, beta),
    "l1": (z3.BoolVal(True), 1, 0),
    "elastic_net": (z3.And(0 < A, A < 1), 1, beta),
    "mcp": (GAMMA > 1, GAMMA * beta, 1 / GAMMA),
    "scad": (A > 2, beta, 0),
    "huber": (DELTA > 0, DELTA, beta / DELTA),
    "one_sided": (z3.BoolVal(True), 1, 0),
}


def derived(penalty):
    return penalty.slopes_at_zero


def doubled(penalty):
    return tuple(2 * slope for slope in penalty.slopes_at_zero)


def swapped(penalty):
    return penalty.slopes_at_zero[::-1]


def like_l1(penalty):
    return catalog.l1().slopes_at_zero


@pytest.mark.claim("thm-zero-interval", evidence="symbolic", scope="seven penalties, linear losses")
@pytest.mark.near_miss("both slopes doubled", slopes=doubled)
@pytest.mark.near_miss("left and right swapped", slopes=swapped)
@pytest.mark.near_miss("every penalty has the interval of L1", slopes=like_l1)
@pytest.mark.near_miss("a step of any size", small=False)
def test_a_small_step_decides(slopes=derived, small=True):
    """Seven piecewise polynomial penalties: a small enough step leads up where g is inside, and down where outside.

    "Small enough" is explicit: within the first piece, and with bend*|h| < |g + slope|. All g, all parameters.
    """
    for name, (parameters, reach, bend) in PIECES.items():
        penalty = catalog.every()[name]
        left, right = map(to_z3, map(sp.sympify, slopes(penalty)))
        for side, slope in ((h > 0, g + right), (h < 0, g + left)):
            near = z3.And(magnitude(h) < reach, bend * magnitude(h) < magnitude(slope)) if small else z3.BoolVal(True)
            change = g * h + at(penalty, h) - at(penalty, z3.RealVal(0))
            given = z3.And(beta > 0, parameters, side, slope != 0, near)
            assert_proved(z3.Implies(given, sign(change) == sign(slope * h)))


@pytest.mark.claim("thm-zero-interval", evidence="symbolic", scope="the square root, linear losses")
@pytest.mark.near_miss("a step of any size", near=z3.BoolVal(True))
@pytest.mark.near_miss("the square instead of the root", power=4)
def test_the_root_holds_every_slope(near=z3.Real("root") * magnitude(g) < beta, power=1):
    """`beta*sqrt|h|`, with root = sqrt|h|: for every g a small enough step leads up."""
    root = z3.Real("root")
    given = z3.And(beta > 0, root > 0, near, magnitude(h) == root * root)
    assert_proved(z3.Implies(given, g * h + beta * z3.Product([root] * power) > 0))


@pytest.mark.claim("thm-zero-interval", evidence="symbolic", scope="the constraint, linear losses")
@pytest.mark.near_miss("negative slopes too", slope=g < 0)
def test_the_constraint_holds_every_slope_that_pushes_against_it(slope=g >= 0):
    """With w >= 0 the only steps from 0 go right, where g*h >= 0 for every g >= 0, strictly for g > 0."""
    assert catalog.nonnegative().zero_interval == sp.Interval(0, sp.oo)
    assert_proved(z3.Implies(z3.And(slope, h > 0), z3.And(g * h >= 0, z3.Implies(g != 0, g * h > 0))))


WITH_NUMBERS = {
    "l1": catalog.l1().at(beta=0.5),
    "elastic_net": catalog.elastic_net().at(beta=0.5, a=0.5),
    "mcp": catalog.mcp().at(beta=0.5, gamma=3),
    "scad": catalog.scad().at(beta=0.5, a=3),
    "log_sum": catalog.log_sum().at(beta=0.5, eps=2),
    "one_sided": catalog.one_sided().at(beta=0.5),
}


@pytest.mark.claim("thm-zero-interval", evidence="search", scope="six penalties, cubic losses")
@pytest.mark.near_miss("a wider interval", scale=1.5)
@pytest.mark.near_miss("a narrower interval", scale=0.5)
@search(
    name=st.sampled_from(sorted(WITH_NUMBERS)),
    share=st.floats(-2, 2).filter(lambda share: min(abs(share - edge) for edge in (-1, 0, 1)) > 0.01),
    curvature=st.floats(-3, 3),
    cubic=st.floats(-3, 3),
)
def test_losses_that_bend(name, share, curvature, cubic, scale=1):
    """Six penalties, cubic losses, slopes 1 % of the width off the edges: short steps say what the interval says."""
    penalty = WITH_NUMBERS[name]
    low, high = (float(edge) for edge in (penalty.zero_interval.inf, penalty.zero_interval.sup))
    center, radius = (low + high) / 2, (high - low) / 2
    slope = center + share * radius
    steps = np.array([-1e-6, -1e-5, 1e-5, 1e-6])
    change = slope * steps + curvature * steps**2 + cubic * steps**3 + penalty(steps) - penalty(0.0)
    assert np.all(change > 0) == (abs(slope - center) < scale * radius)


@pytest.mark.claim("exa-edge", evidence="symbolic")
@pytest.mark.near_miss("strict without curvature", strictly=c >= 0)
@pytest.mark.near_miss("some negative curvature allowed", convex=c >= -1)
@pytest.mark.near_miss("none with curvature zero", concave=c <= 0)
@pytest.mark.near_miss("a steeper loss", slope=-2 * beta)
def test_at_the_edge_the_curvature_decides(convex=c >= 0, strictly=c > 0, concave=c < 0, slope=-beta):
    """`-beta*h + c*h**2 + beta*|h|` is >= 0 for c >= 0, > 0 for c > 0, and < 0 on the right for c < 0."""
    change = slope * h + c * h * h + at(catalog.l1(), h)
    assert_proved(z3.Implies(z3.And(beta > 0, convex), change >= 0))
    assert_proved(z3.Implies(z3.And(beta > 0, strictly, h != 0), change > 0))
    assert_proved(z3.Implies(z3.And(beta > 0, concave, h > 0), change < 0))


@pytest.mark.claim("thm-joint", evidence="symbolic", scope="part 1, n = 2")
@pytest.mark.near_miss("a loss below its tangent plane", convex=z3.BoolVal(True))
@pytest.mark.near_miss("one coordinate not at its minimum", stationary=lambda i: z3.BoolVal(i == 0))
def test_convex_pieces_add_up(convex=None, stationary=lambda i: z3.BoolVal(True)):
    """Part 1 for two weights: tangent planes from below for the loss and both penalties add up to F(u) >= F(w)."""
    loss, d, slopes, changes = z3.Real("loss"), z3.Reals("d1 d2"), z3.Reals("g1 g2"), z3.Reals("rho1 rho2")
    above = loss >= slopes[0] * d[0] + slopes[1] * d[1] if convex is None else convex
    held = [z3.Implies(stationary(i), changes[i] >= -slopes[i] * d[i]) for i in range(2)]
    assert_proved(z3.Implies(z3.And(above, *held), loss + changes[0] + changes[1] >= 0))


@pytest.mark.claim("thm-joint", evidence="symbolic", scope="part 1, one coordinate")
@pytest.mark.near_miss("a function that lies below its tangents", side=-1)
@pytest.mark.near_miss("the left slope alone", decisive=lambda left, right: left <= 0)
def test_a_convex_function_of_one_weight_has_its_minimum_between_its_slopes(
    side=1, decisive=lambda left, right: z3.And(left <= 0, right >= 0)
):
    """A convex F rises by at least right*h and left*h; if a slope has the wrong sign, it falls."""
    left, right, change, error = z3.Reals("left right change error")
    above = z3.And(side * (change - right * h) >= 0, side * (change - left * h) >= 0)
    assert_proved(z3.Implies(z3.And(above, decisive(left, right)), change >= 0))
    small = z3.And(h > 0, magnitude(error) <= magnitude(right) * h / 2)
    assert_proved(z3.Implies(z3.And(small, right < 0), right * h + error < 0))


@pytest.mark.claim("thm-joint", evidence="symbolic", scope="part 2, the last inequality")
@pytest.mark.near_miss("an error of the order of the curvature", remainder=1)
@pytest.mark.near_miss("no curvature on the support", curvature=z3.Real("mu") >= 0)
@pytest.mark.near_miss("a step that is not small", small=z3.BoolVal(True))
def test_the_bound_of_part_two_is_positive(curvature=z3.Real("mu") > 0, small=None, remainder=4):
    """Part 2: with off = |d_N|, on = |d_S| and |d|**2 = off**2 + on**2 the bound of the proof is positive."""
    delta, mu, bound, off, on, length, rest = z3.Reals("delta mu C off on length rest")
    step = z3.And(off >= 0, on >= 0, length > 0, length * length == off * off + on * on)
    if small is None:
        small = z3.And(bound * length <= delta / 4, mu * off <= delta, rest <= mu / remainder * length * length)
    change = delta * off + mu / 2 * on * on - bound * off * length - rest
    assert_proved(z3.Implies(z3.And(delta > 0, curvature, bound >= 0, step, small), change > 0))


def random_losses(seed, size=3):
    """A convex quadratic loss of random data, and the random generator that it came from."""
    rng = np.random.default_rng(seed)
    return losses.LeastSquares(rng.normal(size=(8, size)), 5 * rng.normal(size=8)), rng


@pytest.mark.claim("thm-joint", evidence="search", scope="least squares with L1")
@pytest.mark.near_miss("stationary for ridge instead", solved=RIDGE)
@pytest.mark.near_miss("stationary for half the strength", solved=HALF)
@search(seed=st.integers(0, 10**6))
def test_coordinates_decide_for_convex_losses(seed, solved=L1):
    """Part 1, random least squares with L1: no random point is lower than the one where all coordinates are minimal."""
    loss, rng = random_losses(seed)
    solution = solvers.coordinate_descent(loss, solved).solution
    others = solution + rng.normal(size=(30, 3)) * 10.0 ** rng.uniform(-3, 1, size=(30, 1))
    values = [loss(other) + abs(other).sum() for other in others]
    assert min(values) >= loss(solution) + abs(solution).sum() - 1e-12


@pytest.mark.claim("thm-joint", evidence="search", scope="least squares with w ≥ 0")
@pytest.mark.near_miss("least squares without the constraint", solve=lambda X, y: np.linalg.lstsq(X, y)[0])
@pytest.mark.near_miss(
    "the same with its negative weights cut off", solve=lambda X, y: np.linalg.lstsq(X, y)[0].clip(0)
)
@search(seed=st.integers(0, 10**6))
def test_coordinates_decide_for_a_constraint(seed, solve=lambda X, y: nnls(X, y)[0]):
    """Part 1 where the penalty is infinite: no slope of an exact zero points below 0, and no random point is lower."""
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(8, 3)), 5 * rng.normal(size=8)
    weights = solve(X, y)
    loss = losses.LeastSquares(X, y)
    slopes = loss.gradient(weights)
    assert np.all(weights >= 0)
    assert np.all(slopes[weights == 0] > -1e-9) and np.all(abs(slopes[weights > 0]) < 1e-9)
    others = np.abs(weights + rng.normal(size=(30, 3)))
    assert min(map(loss, others)) >= loss(weights) - 1e-12


@pytest.mark.claim("thm-joint", evidence="search", scope="cubic losses, n = 4")
@pytest.mark.near_miss("a negative direction on the support", curvature=-1.0)
@pytest.mark.near_miss("a slope beyond the edge", largest=1.5)
@pytest.mark.near_miss("not stationary on the support", residual=0.3)
@search(seed=st.integers(0, 10**6))
def test_strict_conditions_give_a_local_minimum(seed, curvature=1.0, largest=0.95, residual=0.0):
    """Part 2, random quadratic-cubic losses of four weights that may curve down off a support of two."""
    rng = np.random.default_rng(seed)
    point = np.array([1.0, -2.0, 0.0, 0.0])
    root = rng.normal(size=(4, 4))
    hessian = (root + root.T) / 2
    hessian[:2, :2] = root[:2, :2] @ root[:2, :2].T + curvature * np.diag([1, 10 if curvature < 0 else 1])
    slopes = np.concatenate([-np.sign(point[:2]) + residual, largest * np.sign(rng.normal(size=2))])
    cubic = rng.normal(size=4)
    steps = 1e-3 * rng.normal(size=(400, 4)) * 10.0 ** rng.uniform(-2, 0, size=(400, 4))
    loss = steps @ slopes + np.einsum("si,ij,sj->s", steps, hessian, steps) / 2 + steps**3 @ cubic
    penalty = np.where(point == 0, abs(steps), steps * np.sign(point)).sum(axis=1)  # exact: no large terms cancel
    assert np.all(loss + penalty > 0)


@pytest.mark.claim("exa-joint", evidence="symbolic", scope="β = 1/2")
@pytest.mark.near_miss("a weaker mixed term", mixed=sp.Rational(1, 2))
@pytest.mark.near_miss("the diagonal of equal signs", direction=(1, 1))
def test_a_saddle_at_a_minimum_of_each_coordinate(mixed=2, direction=(1, -1)):
    """The first example: 0 slope and curvature 1 along each coordinate at (1, 1), and below 0 along a diagonal."""
    u, v = sp.symbols("u v", positive=True)
    strength = sp.Rational(1, 2)
    loss = ((u - 1) ** 2 + (v - 1) ** 2) / 2 + mixed * (u - 1) * (v - 1) - strength * (u + v - 2)
    objective = loss + strength * (u + v)
    here = {u: 1, v: 1}
    assert [sp.diff(objective, each).subs(here) for each in (u, v)] == [0, 0]
    hessian = sp.hessian(objective, (u, v)).subs(here)
    assert hessian[0, 0] == hessian[1, 1] == 1
    step = sp.Matrix(direction)
    assert (step.T * hessian * step)[0] < 0
    assert saddle_of_two(1.0, 1.0) > saddle_of_two(1.0 + direction[0] / 10, 1.0 + direction[1] / 10)


@pytest.mark.claim("exa-joint", evidence="symbolic")
@pytest.mark.near_miss("a strength of one", strength=1)
@pytest.mark.near_miss("a point that is not lower", lower=(2, 1))
def test_a_local_minimum_of_each_coordinate_that_is_not_global(strength=sp.Rational(1, 4), lower=(1, 1)):
    """The second example: along each axis the objective is least at (0, 0), and at (1, 1) it is lower."""
    value = to_z3(sp.sympify(strength))

    def objective(u, v):
        return (u * v - 1) * (u * v - 1) + value * (at(ABSOLUTE, u) + at(ABSOLUTE, v))

    zero = z3.RealVal(0)
    for u, v in ((h, zero), (zero, h)):
        assert_proved(z3.Implies(h != 0, objective(u, v) > objective(zero, zero)))
    assert_proved(objective(*map(z3.RealVal, lower)) < objective(zero, zero))
    assert product_fit(1.0, 1.0) < product_fit(0.0, 0.0)


ABSOLUTE = Penalty(sp.Abs(w))


@pytest.mark.claim("prop-soft", evidence="symbolic")
@pytest.mark.near_miss("half the shift", shift=beta / 2)
@pytest.mark.near_miss("cut, and not shifted", shift=z3.RealVal(0))
@pytest.mark.near_miss("a strength of any sign", strength=z3.BoolVal(True))
@pytest.mark.near_miss("ridge", penalty=catalog.l2())
def test_soft_thresholding_is_the_one_global_minimizer(shift=beta, strength=beta >= 0, penalty=catalog.l1()):
    """For all g, beta >= 0 and u: the objective at u is larger than at the soft threshold of -g, unless u is it."""
    u = z3.Real("u")
    soft = z3.If(magnitude(g) > beta, -g + sign(g) * shift, 0)

    def objective(point):
        return g * point + point * point / 2 + at(penalty, point)

    assert_proved(z3.Implies(z3.And(strength, u != soft), objective(u) > objective(soft)))


@pytest.mark.claim("prop-soft", evidence="symbolic")
@pytest.mark.near_miss("the step forgotten", step=z3.RealVal(1))
def test_soft_thresholding_with_a_step(step=z3.Real("t")):
    """For all v, u and t >= 0: t*|u| + (u - v)**2/2 is least at the soft threshold of v by t, and nowhere else."""
    t, u, v = z3.Reals("t u v")
    soft = z3.If(v > step, v - step, z3.If(v < -step, v + step, 0))

    def objective(point):
        return t * magnitude(point) + (point - v) * (point - v) / 2

    assert_proved(z3.Implies(z3.And(t >= 0, u != soft), objective(u) > objective(soft)))


@pytest.mark.claim("prop-soft", evidence="search", scope="the package's operator")
@pytest.mark.near_miss("the package's other penalty", penalty=RIDGE)
@search(slope=st.floats(-1e3, 1e3), strength=st.floats(0.01, 100))
def test_the_package_thresholds_softly(slope, strength, penalty=L1):
    """Random slopes and strengths: `prox` is the formula up to rounding, and 0.0 where the formula is 0."""
    found = float(penalty.prox(-slope, step=strength))
    expected = -np.sign(slope) * max(abs(slope) - strength, 0)
    assert found == pytest.approx(expected, rel=1e-12)
    assert (found == 0.0) == (abs(slope) <= strength)


@pytest.mark.claim("exa-joint", evidence="symbolic")
@pytest.mark.near_miss("a separable penalty", tie=lambda a, b: 0)
@pytest.mark.near_miss("a weaker penalty on each", strength=z3.Q(-1, 2))
@pytest.mark.near_miss("the other diagonal", diagonal=-1)
def test_a_convex_penalty_that_ties_the_weights(tie=lambda a, b: 2 * magnitude(a - b), strength=z3.Q(1, 2), diagonal=1):
    """The third example: convex, along each axis least at (0, 0), and lower on a diagonal."""

    def objective(a, b):
        return tie(a, b) - a - b + strength * (magnitude(a) + magnitude(b))

    u, v, x, y = z3.Reals("u v x y")
    zero = z3.RealVal(0)
    assert_proved(z3.Implies(h != 0, z3.And(objective(h, zero) > 0, objective(zero, h) > 0)))
    assert_proved(z3.Implies(h > 0, objective(h, diagonal * h) < 0))
    assert_proved(objective((u + x) / 2, (v + y) / 2) <= (objective(u, v) + objective(x, y)) / 2)


@pytest.mark.claim("thm-every-solution", evidence="symbolic", scope="n = 2")
@pytest.mark.near_miss("a point that is no solution", both=False)
@pytest.mark.near_miss("a loss below its tangent plane", convex=False)
@pytest.mark.near_miss("a slope on the edge", strict=False)
def test_two_solutions_have_the_same_tangents_and_strict_zeros(both=True, convex=True, strict=True):
    """Two solutions differ by d: the convexity inequalities are equalities, and a strict zero of one has d_1 = 0."""
    loss, changes = z3.Real("loss"), z3.Reals("rho1 rho2")  # from one solution to the other
    d, slopes = z3.Reals("d1 d2"), z3.Reals("g1 g2")
    above = loss >= slopes[0] * d[0] + slopes[1] * d[1] if convex else z3.BoolVal(True)
    lines = [changes[i] >= -slopes[i] * d[i] for i in range(2)]
    margin = z3.Implies(d[0] != 0, changes[0] > -slopes[0] * d[0]) if strict else z3.BoolVal(True)
    total = loss + changes[0] + changes[1]
    given = z3.And(above, *lines, total == 0 if both else total >= 0)
    equal = z3.And(loss == slopes[0] * d[0] + slopes[1] * d[1], *(changes[i] == -slopes[i] * d[i] for i in range(2)))
    assert_proved(z3.Implies(given, equal))
    assert_proved(z3.Implies(z3.And(given, margin), d[0] == 0))


@pytest.mark.claim("thm-every-solution", evidence="search", scope="least squares with L1, doubled features")
@pytest.mark.near_miss("zeros on the edge as well", slack=-1.0)
@pytest.mark.near_miss("the solution for another strength", other=L1)
@search(seed=st.integers(0, 10**6))
def test_solutions_of_doubled_features_agree_on_certified_zeros(seed, slack=1e-6, other=HALF):
    """Each feature twice: solutions that divide the weight differently have one gradient, and share strict zeros."""
    rng = np.random.default_rng(seed)
    half, y = rng.normal(size=(8, 3)), 3 * rng.normal(size=8)
    one, two = (solvers.coordinate_descent(losses.LeastSquares(half, y), each).solution for each in (HALF, other))
    first, second = np.concatenate([one, 0 * one]), np.concatenate([0 * two, two])
    gradient = losses.LeastSquares(np.hstack([half, half]), y).gradient
    assert np.abs(gradient(first) - gradient(second)).max() < 1e-9
    strict = (first == 0) & (abs(gradient(first)) < 0.5 - slack)
    assert np.all(second[strict] == 0)
