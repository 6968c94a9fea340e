"""Checks of the chapter "The diamond, corrected"."""

import numpy as np
import pytest
import sympy as sp
import z3
from hypothesis import strategies as st

from exactzeros import catalog, losses, solvers
from exactzeros.book.balls import boundary, nearest, share_on_axis
from proving import assert_equal, assert_proved, magnitude, search, sign

beta, t, r = z3.Reals("beta t r")
L1 = catalog.l1().at(beta=1)
d, w, y = z3.Reals("d1 d2"), z3.Reals("w1 w2"), z3.Reals("y1 y2")


@pytest.mark.claim("prop-two-forms", evidence="symbolic", scope="part 1")
@pytest.mark.near_miss("a negative strength", strength=beta < 0)
@pytest.mark.near_miss("a larger set", reach=1)
def test_a_minimum_with_penalty_is_one_with_constraint(strength=beta >= 0, reach=0):
    """Any values of f and Omega at the minimum and at a point with no larger Omega."""
    f, f_u, omega, omega_u = z3.Reals("f f_u omega omega_u")
    given = z3.And(strength, f + beta * omega <= f_u + beta * omega_u, omega_u <= omega + reach)
    assert_proved(z3.Implies(given, f <= f_u))


@pytest.mark.claim("prop-two-forms", evidence="symbolic", scope="part 2, the inequality of the rates")
@pytest.mark.near_miss("a loss that is not convex", convex=False)
@pytest.mark.near_miss("a point that is no minimum", minimal=False)
def test_points_outside_gain_no_more_than_points_inside_lose(convex=True, minimal=True):
    """For Omega(u) < t < Omega(v), with the values of f at u, v and the point between them where Omega <= t."""
    f, f_u, f_v, f_z, a, b, share = z3.Reals("f f_u f_v f_z a b share")
    given = [a < t, t < b, share * (b - a) == b - t, 0 <= share, share <= 1]
    given += [f_z <= share * f_u + (1 - share) * f_v] if convex else []
    given += [f <= f_z] if minimal else []
    assert_proved(z3.Implies(z3.And(given), (f - f_v) * (t - a) <= (f_u - f) * (b - t)))


@pytest.mark.claim("prop-two-forms", evidence="symbolic", scope="part 3")
@pytest.mark.near_miss("strengths in the wrong order", order=lambda low, high: low > high)
@pytest.mark.near_miss("a smaller loss too", loss=lambda f, other: f > other)
def test_a_larger_strength_has_the_smaller_size(
    order=lambda low, high: z3.And(0 <= low, low < high), loss=lambda f, other: f <= other
):
    low, high, f, omega, other, omega_other = z3.Reals("low high f omega other omega_other")
    first = f + low * omega <= other + low * omega_other
    second = other + high * omega_other <= f + high * omega
    given = z3.And(order(low, high), first, second)
    assert_proved(z3.Implies(given, z3.And(omega_other <= omega, loss(f, other))))


@pytest.mark.claim("prop-two-forms", evidence="search", scope="part 2 for the lasso, n = 3")
@pytest.mark.near_miss("half the multiplier", share=0.5)
@pytest.mark.near_miss("the smallest slope", pick=np.min)
@search(seed=st.integers(0, 10**6))
def test_the_constraint_has_a_multiplier(seed, share=1, pick=np.max):
    """A solution of which only the size is kept also solves the penalized problem with its largest slope."""
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(10, 3)), 5 * rng.normal(size=10)
    slopes = losses.LeastSquares(X, y).gradient

    def lasso(strength):  # the loss is divided by the strength, so that one penalty does for all
        scaled = losses.LeastSquares(X / np.sqrt(strength), y / np.sqrt(strength))
        return solvers.coordinate_descent(scaled, L1).solution

    solution = lasso(rng.uniform(0.2, 0.6) * np.abs(slopes(np.zeros(3))).max())
    again = lasso(share * pick(np.abs(slopes(solution))))
    np.testing.assert_allclose(again, solution, atol=1e-6)


def kinked(point):
    return magnitude(point - 2) + beta * magnitude(point)


@pytest.mark.claim("exa-two-forms", evidence="symbolic")
@pytest.mark.near_miss("the strength 1 for the first minimum", weak=beta <= 1)
@pytest.mark.near_miss("the strength 1 for the last minimum", strong=beta >= 1)
@pytest.mark.near_miss("minima up to 3", flat=3)
def test_neither_map_is_one_to_one(weak=beta < 1, strong=beta > 1, flat=2):
    """|w - 2| + beta*|w|: least at 2 only for beta < 1, on [0, 2] for beta = 1, at 0 only for beta > 1."""
    x, other = z3.Reals("x other")
    two, zero = z3.RealVal(2), z3.RealVal(0)
    assert_proved(z3.Implies(z3.And(0 <= beta, weak, x != 2), kinked(x) > kinked(two)))
    assert_proved(z3.Implies(z3.And(strong, x != 0), kinked(x) > kinked(zero)))
    assert_proved(z3.Implies(z3.And(beta == 1, 0 <= x, x <= flat), kinked(x) <= kinked(other)))
    assert_proved(z3.Implies(z3.And(beta == 1, z3.Or(x < 0, x > flat)), kinked(x) > kinked(two)))


@pytest.mark.claim("def-normal-cone", evidence="symbolic", scope="a square, a half-plane, a point inside")
@pytest.mark.near_miss("obtuse angles are normal", angle=-1)
@pytest.mark.near_miss("right angles are not", strict=True)
def test_normal_cones_of_simple_sets(angle=1, strict=False):
    """Corner of a square: a quadrant. Edge of a half-plane: a ray. Inside: 0 only."""
    u, half = z3.Reals("u1 u2"), z3.Q(1, 2)

    def normal(inside, x):
        made = angle * (d[0] * (u[0] - x[0]) + d[1] * (u[1] - x[1]))
        return z3.ForAll(u, z3.Implies(inside, made < 0 if strict else made <= 0))

    square = z3.And(magnitude(u[0]) <= 1, magnitude(u[1]) <= 1)
    assert_proved(normal(square, (1, 1)) == z3.And(d[0] >= 0, d[1] >= 0))
    assert_proved(normal(square, (half, half)) == z3.And(d[0] == 0, d[1] == 0))
    assert_proved(normal(u[1] >= 0, (5, 0)) == z3.And(d[0] == 0, d[1] <= 0))


@pytest.mark.claim("prop-targets", evidence="symbolic", scope="part 1, the loss along a line, n = 2")
@pytest.mark.near_miss("half of the pull", share=sp.Rational(1, 2))
@pytest.mark.near_miss("the pull without the matrix", measured=False)
def test_the_loss_along_a_line(share=1, measured=True):
    """`L(x + s(u - x)) = L(x) - s <G(y - x), u - x> + s**2 (u - x)'G(u - x)/2`."""
    a, b, c, s = sp.symbols("a b c s", real=True)
    gram = sp.Matrix([[a, b], [b, c]])
    x, u, target = (sp.Matrix(sp.symbols(f"{name}_1 {name}_2", real=True)) for name in "xuy")

    def loss(point):
        return ((point - target).T * gram * (point - target))[0] / 2

    pull = share * (gram if measured else sp.eye(2)) * (target - x)
    rise = s**2 * ((u - x).T * gram * (u - x))[0] / 2
    assert_equal(loss(x + s * (u - x)), loss(x) - s * pull.dot(u - x) + rise)


@pytest.mark.claim("prop-targets", evidence="search", scope="part 1, six balls of the plane")
@pytest.mark.near_miss("distances without the matrix", measured=False)
@pytest.mark.near_miss("the direction to the set", side=-1)
@search(
    p=st.sampled_from([1, 1.1, 1.5, 2, 4, np.inf]),
    correlation=st.sampled_from([-0.8, 0.5, 0.9]),
    target=st.tuples(st.floats(-3, 3), st.floats(-3, 3)).filter(lambda y: max(np.abs(y)) > 1.01),
)
def test_the_pull_is_normal_where_a_target_lands(p, correlation, target, measured=True, side=1):
    """No point of the ball makes an acute angle with G(y - x) at the point x that minimizes the loss."""
    (x,) = nearest([target], p, correlation)
    pull = side * (np.array([[1, correlation], [correlation, 1]]) if measured else np.eye(2)) @ (target - x)
    assert ((boundary(p) - x) @ pull).max() < 1e-6


@pytest.mark.claim("prop-targets", evidence="search", scope="part 2, the corner of the diamond")
@pytest.mark.near_miss("a ball with p = 1.1", p=1.1)
@pytest.mark.near_miss("neighbours outside of the cone", reach=3)
@search(correlation=st.floats(-0.9, 0.9), depth=st.floats(0.01, 2), share=st.floats(-0.9, 0.9), seed=st.integers(0, 99))
def test_all_targets_near_one_inside_the_cone_land_on_the_corner(correlation, depth, share, seed, p=1, reach=1):
    """The distance to the cone's edge is the radius of a disk of targets that land on (1, 0)."""
    radius = depth * (1 - abs(share)) / np.sqrt(2)
    turns = np.random.default_rng(seed).uniform(0, 2 * np.pi, size=50)
    near = (1 + depth, depth * share) + 0.99 * reach * radius * np.column_stack([np.cos(turns), np.sin(turns)])
    assert (nearest(near, p, correlation) == (1.0, 0.0)).all()


@pytest.mark.claim("prop-ball", evidence="symbolic", scope="part 2, p = 2, n = 2")
@pytest.mark.near_miss("a pull with a second component", second=d[1] * d[1] < d[0] * d[0])
@pytest.mark.near_miss("the ray that points inwards", outwards=-1)
def test_the_ray_of_the_disk(second=d[1] == 0, outwards=1):
    """No point of the disk makes an acute angle with a pull on the ray."""
    u, c = z3.Reals("u1 u2"), z3.Real("c")
    given = [t > 0, c * c == t * t, u[0] * u[0] + u[1] * u[1] <= t * t, second, outwards * c * d[0] > 0]
    assert_proved(z3.Implies(z3.And(given), d[0] * (u[0] - c) + d[1] * u[1] <= 0))


@pytest.mark.claim("prop-ball", evidence="search", scope="part 1, p from 1.2 to 4, n = 3")
@pytest.mark.near_miss("the diamond", power=lambda p: 1)
@search(p=st.floats(1.2, 4), seed=st.integers(0, 10**6))
def test_a_pull_with_a_component_is_normal_at_no_zero(p, seed, power=lambda p: p):
    """The step of the proof, small enough, makes an acute angle with every pull that has a component i."""
    p, rng = power(p), np.random.default_rng(seed)
    w = np.append(rng.normal(size=2), 0.0)
    size = (np.abs(w) ** p).sum()
    pull = np.append(np.sign(w[:2]) * np.abs(w[:2]) ** (p - 1), rng.uniform(-0.9, 0.9))
    steps = np.sign(pull[2]) * 10.0 ** -np.arange(1, 16)
    points = (w + steps[:, None] * (0, 0, 1)) / (1 + np.abs(steps[:, None]) ** p / size)
    assert ((np.abs(points) ** p).sum(axis=1) <= size * (1 + 1e-12)).all()
    change = (pull @ w) * (1 / (1 + np.abs(steps) ** p / size) - 1) + pull[2] * points[:, 2]  # pull . (u - w)
    assert change.max() > 0


@pytest.mark.claim("prop-ball", evidence="search", scope="part 3, p from 1.1 to 4")
@pytest.mark.near_miss("the half-line along the axis", turn=0)
@pytest.mark.near_miss("the half-line on the other side", turn=-1)
@search(
    p=st.floats(1.1, 4),
    correlation=st.sampled_from([-0.75, -0.5, 0.25, 0.5]),
    distance=st.integers(1, 16),
    side=st.sampled_from([-1, 1]),
)
def test_the_half_lines_of_targets(p, correlation, distance, side, turn=1):
    """(side, 0) + s*side*(1, -r) lands on (side, 0) exactly; dyadic numbers, so nothing is rounded."""
    target = side * (1 + distance / 4), -turn * side * correlation * distance / 4
    assert (nearest([target], p, correlation) == (side, 0.0)).all()


@pytest.mark.claim("prop-ball", evidence="sample", scope="part 3, 4000 targets")
@pytest.mark.near_miss("the diamond", powers=[1])
def test_no_target_gives_a_zero(powers=(1.1, 1.5, 2, 3)):
    targets = np.random.default_rng(0).normal(scale=1.5, size=(1000, 2))
    assert not any((nearest(targets, p, 0.4)[:, 1] == 0.0).any() for p in powers)


def standardized(gap, scale=1):
    return gap[0] + r * gap[1], r * gap[0] + scale * gap[1]


@pytest.mark.claim("prop-share", evidence="symbolic", scope="part 1")
@pytest.mark.near_miss("columns of different sizes", scale=2)
@pytest.mark.near_miss("a correlation of 1", possible=z3.And(-1 < r, r <= 1))
@pytest.mark.near_miss("a cone with its tip at the origin", tip=0)
def test_the_cone_of_targets_does_not_depend_on_the_correlation(scale=1, possible=z3.And(-1 < r, r < 1), tip=1):
    """`|d_2| <= d_1` for d = G(y - (t, 0)) says `|y_2| <= y_1 - t`; the mirror image for (-t, 0)."""
    for side in (1, -1):
        pull = standardized((y[0] - side * t, y[1]), scale)
        lands = magnitude(pull[1]) <= side * pull[0]
        assert_proved(z3.Implies(z3.And(possible, t > 0), lands == (magnitude(y[1]) <= side * y[0] - tip * t)))


@pytest.mark.claim("prop-share", evidence="symbolic", scope="part 1, points of the axis inside")
@pytest.mark.near_miss("a corner among them", inside=magnitude(w[0]) <= t)
def test_between_the_corners_only_the_target_itself(inside=magnitude(w[0]) < t):
    """Where |w_1| < t, a pull that no corner makes an acute angle with is 0, and then y = w."""
    pull = standardized((y[0] - w[0], y[1]))
    normal = [t * magnitude(part) <= w[0] * pull[0] for part in pull]
    given = z3.And(t > 0, -1 < r, r < 1, inside, *normal)
    assert_proved(z3.Implies(given, z3.And(y[0] == w[0], y[1] == 0)))


@pytest.mark.claim("prop-share", evidence="sample", scope="part 2, 200,000 targets")
@pytest.mark.near_miss("the covariance not inverted", covariance=lambda gram: gram)
@pytest.mark.near_miss("features without correlation", ignored=True)
def test_the_share_of_targets_on_the_axis(covariance=np.linalg.inv, ignored=False):
    """The frequency is within five standard errors of the formula."""
    rng, spread, count = np.random.default_rng(1), 0.6, 100_000
    for mean, correlation in [((1.3, 0.5), 0.7), ((-0.8, 0.9), -0.5)]:
        gram = np.array([[1, correlation], [correlation, 1]])
        targets = rng.multivariate_normal(mean, spread**2 * covariance(gram), size=count)
        share = share_on_axis(mean, spread, 0 if ignored else correlation)
        found = (nearest(targets, 1, correlation)[:, 1] == 0.0).mean()
        assert abs(found - share) < 5 * np.sqrt(share * (1 - share) / count)


@pytest.mark.claim("prop-cone", evidence="symbolic", scope="parts 1 and 2, n = 2")
@pytest.mark.near_miss("twice the strength off the support", reach=2)
@pytest.mark.near_miss("half the strength off the support", reach=z3.Q(1, 2))
@pytest.mark.near_miss("signs turned", turned=-1)
def test_the_cone_at_a_point_of_the_diamond(reach=1, turned=1):
    """No corner makes an acute angle with d exactly if the lasso's conditions hold for beta = <d, w>/t."""
    corners = z3.And([t * magnitude(part) <= d[0] * w[0] + d[1] * w[1] for part in d])
    conditions = z3.And(
        [
            z3.If(weight == 0, magnitude(part) <= reach * beta, part == turned * beta * sign(weight))
            for part, weight in zip(d, w, strict=True)
        ]
    )
    given = z3.And(t > 0, magnitude(w[0]) + magnitude(w[1]) == t)
    assert_proved(z3.Implies(z3.And(given, corners, beta * t == d[0] * w[0] + d[1] * w[1]), conditions))
    assert_proved(z3.Implies(z3.And(given, beta >= 0, conditions), corners))


@pytest.mark.claim("prop-cone", evidence="search", scope="part 3, quadratic losses, n = 2")
@pytest.mark.near_miss("a ball with p = 1.1", p=1.1)
@pytest.mark.near_miss("a smaller zero interval", share=0.3)
@search(
    correlation=st.sampled_from([-0.8, 0.0, 0.6]),
    target=st.tuples(st.floats(-3, 3), st.floats(-3, 3)).filter(lambda y: sum(np.abs(y)) > 1.01),
)
def test_a_minimum_on_the_diamond_solves_the_lasso(correlation, target, p=1, share=1):
    """The largest slope is the strength; the slope of a zero is in the interval, the others are on its edge."""
    (w,) = nearest([target], p, correlation)
    slopes = np.array([[1, correlation], [correlation, 1]]) @ (w - target)
    strength = np.abs(slopes).max()
    assert (np.abs(slopes[w == 0.0]) <= share * strength + 1e-12).all()
    np.testing.assert_allclose(slopes[w != 0.0], -strength * np.sign(w[w != 0.0]), atol=1e-9)
