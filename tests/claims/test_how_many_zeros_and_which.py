"""The statements of the chapter "How many zeros, and which?"."""

from functools import cache

import numpy as np
import pytest
import sympy as sp
import z3
from hypothesis import strategies as st

from exactzeros import Penalty, catalog, w
from exactzeros.book import examples
from exactzeros.losses import LeastSquares
from proving import assert_equal, assert_proved, magnitude, search

seeds = st.integers(0, 10**6)


def lasso(X, y, beta):
    return examples.lasso_of_draws(X, beta, X.T @ y[:, None] / len(X), tolerance=1e-12)[:, 0]


g1, g2, u1, u2, beta = z3.Reals("g1 g2 u1 u2 beta")


@pytest.mark.claim("prop-dual-norm", evidence="symbolic", scope="L1, n = 2, the bound from below")
@pytest.mark.near_miss("twice the strength", reach=2)
@pytest.mark.near_miss("the edge included", edge=True)
def test_inside_the_dual_ball_every_step_goes_up(reach=1, edge=False):
    """Both slopes smaller than the strength: the first-order change is positive for each step other than 0."""
    largest = z3.If(magnitude(g1) >= magnitude(g2), magnitude(g1), magnitude(g2))
    inside = largest <= beta if edge else largest < reach * beta
    change = g1 * u1 + g2 * u2 + beta * (magnitude(u1) + magnitude(u2))
    assert_proved(z3.Implies(z3.And(beta > 0, inside, z3.Or(u1 != 0, u2 != 0)), change > 0))


def groups_of_two(u):
    return np.hypot(u[..., ::2], u[..., 1::2])


# A norm and its dual, each of arrays of vectors along the last axis.
NORMS = {
    "L1": (lambda u: np.abs(u).sum(-1), lambda g: np.abs(g).max(-1)),
    "largest": (lambda u: np.abs(u).max(-1), lambda g: np.abs(g).sum(-1)),
    "groups": (lambda u: groups_of_two(u).sum(-1), lambda g: groups_of_two(g).max(-1)),
}


@pytest.mark.claim("prop-dual-norm", evidence="search", scope="least squares, three norms, n = 4")
@pytest.mark.near_miss("the norm itself", dual=lambda norm: norm[0])
@pytest.mark.near_miss("half the strength", share=0.5)
@search(seed=seeds, name=st.sampled_from(list(NORMS)))
def test_zero_is_the_minimum_from_the_dual_norm_on(seed, name, dual=lambda norm: norm[1], share=1.0):
    """At 1.01 times the dual norm no step goes down; at 0.99 times, one of many short steps does."""
    rng, norm = np.random.default_rng(seed), NORMS[name]
    X, y = rng.normal(size=(6, 4)), rng.normal(size=6)
    gradient = LeastSquares(X, y).gradient(np.zeros(4))
    steps = np.concatenate([rng.normal(size=(300, 4)), -np.sign(gradient) * np.eye(4), [-np.sign(gradient)]])
    pairs = np.zeros((2, 4))
    pairs[0, :2], pairs[1, 2:] = -gradient[:2], -gradient[2:]
    steps = 1e-4 * np.concatenate([steps, pairs])
    loss = ((y - steps @ X.T) ** 2).mean(axis=1) / 2 - (y**2).mean() / 2
    strength = share * dual(norm)(gradient)
    assert np.min(loss + 1.01 * strength * norm[0](steps)) > -1e-13
    assert np.min(loss + 0.99 * strength * norm[0](steps)) < 0


@pytest.mark.claim("prop-fit", evidence="search", scope="6 samples, 4 features")
@pytest.mark.near_miss("the weights instead of the fits", moved=lambda X, one, other: 3 * (one - other))
@pytest.mark.near_miss("half the way", share=0.5)
@search(seed=seeds)
def test_the_fit_moves_no_further_than_the_targets(seed, moved=lambda X, one, other: X @ (one - other), share=1.0):
    """Random designs, targets near each other and far: the residual is in its polyhedron, and fits move less."""
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(6, 4)), 2 * rng.normal(size=6)
    other = y + 10 ** rng.uniform(-2, 0.5) * rng.normal(size=6)
    first, second = lasso(X, y, 0.1), lasso(X, other, 0.1)
    assert np.abs(X.T @ (y - X @ first)).max() <= 0.6 + 1e-9
    assert np.linalg.norm(moved(X, first, second)) <= share * np.linalg.norm(y - other) + 1e-9


@pytest.mark.claim("prop-fit", evidence="search", scope="6 samples, 3 features, part 1")
@pytest.mark.near_miss("a larger polyhedron", width=1.3)
@search(seed=seeds)
def test_the_residual_is_the_nearest_point_of_the_polyhedron(seed, width=1.0):
    """No random point of the polyhedron is nearer to the targets than the residual."""
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(6, 3)), 2 * rng.normal(size=6)
    residual = y - X @ lasso(X, y, 0.1)
    others = residual * (1 + 0.2 * rng.uniform(size=(200, 1))) + 0.1 * rng.normal(size=(200, 6))
    others = others[np.abs(others @ X).max(axis=1) <= width * 0.6]
    assert (np.linalg.norm(y - others, axis=1) >= np.linalg.norm(y - residual) - 1e-9).all()


def soft(y, threshold):
    return y - threshold


def hard(y, threshold):
    return y


@pytest.mark.claim("thm-degrees-of-freedom", evidence="symbolic", scope="one weight, mean 0")
@pytest.mark.near_miss("hard thresholding", kept=hard)
def test_the_covariance_of_soft_thresholding_is_the_probability_of_no_zero(kept=soft):
    """y S(y) - 1 times the normal density is the derivative of -S(y) times it, which is 0 at both ends."""
    y, a = sp.Symbol("y", real=True), sp.Symbol("a", positive=True)
    density = sp.exp(-(y**2) / 2)
    edge = -kept(y, a) * density
    assert_equal(y * kept(y, a) * density - density, sp.diff(edge, y))
    assert_equal(edge.subs(y, a), 0)
    assert_equal(sp.limit(edge, y, sp.oo), 0)


@pytest.mark.claim("thm-degrees-of-freedom", evidence="sample", scope="diabetes design, 1000 draws, two strengths")
@pytest.mark.near_miss("the number of zeros", count=lambda weights: 10 - np.count_nonzero(weights, axis=0))
@pytest.mark.near_miss("the number of features", count=lambda weights: np.full(weights.shape[1], 10))
def test_the_covariance_is_the_mean_number_of_nonzero_weights(count=lambda weights: np.count_nonzero(weights, axis=0)):
    """The mean difference is within 5.2 of its standard errors at each of two strengths."""
    data = examples.diabetes()
    X, n, noise = data.X, len(data.y), 54.0
    center = X @ np.linalg.lstsq(X, data.y, rcond=None)[0]
    errors = X.T @ np.random.default_rng(7).normal(size=(n, 1000))
    exact = (X.T @ center / n)[:, None]
    for beta in (15.0, 5.0):
        weights = examples.lasso_of_draws(X, beta, exact + noise * errors / n)
        fixed = examples.lasso_of_draws(X, beta, exact)
        difference = np.sum(errors * (weights - fixed), axis=0) / noise - count(weights)
        assert abs(difference.mean()) < 5.2 * difference.std() / np.sqrt(1000)


def pulls(X, truth, signs):
    support = truth != 0
    inside = X[:, support]
    return X[:, ~support].T @ inside @ np.linalg.solve(inside.T @ inside, signs[support])


@pytest.mark.claim("prop-irrepresentable", evidence="search", scope="8 samples, 4 features, 2 of them true")
@pytest.mark.near_miss("without the signs", signs=np.abs)
@pytest.mark.near_miss("half the edge", edge=0.5)
@pytest.mark.near_miss("twice the edge", edge=2.0)
@search(seed=seeds)
def test_the_truth_is_found_exactly_if_its_zeros_have_slack(seed, signs=np.sign, edge=1.0):
    """A small strength, no noise: support and signs are right if all pulls are below 1, wrong if one is above."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(8, 4)) + rng.normal(size=(8, 1))
    truth = np.array([1.0, -1.0 if rng.uniform() < 0.5 else 1.0, 0, 0])
    strength = 1e-3
    pull = pulls(X, truth, signs(truth))
    largest = np.abs(pull).max() / edge
    found = lasso(X, X @ truth, strength)
    if abs(largest - 1) < 0.02 or np.linalg.cond(X) > 30:
        return
    assert np.array_equal(np.sign(found), np.sign(truth)) == (largest < 1)
    if largest < 1:
        slopes = LeastSquares(X, X @ truth).gradient(found)
        np.testing.assert_allclose(slopes[2:], -strength * pull, atol=1e-6 * strength)


c, s, b = sp.symbols("c s beta", real=True)


@pytest.mark.claim("prop-irrepresentable", evidence="symbolic", scope="the decoy")
@pytest.mark.near_miss("without the other feature's sign", second=1)
def test_the_pull_of_the_decoy(second=s):
    """At the truth, moved by the strength against its signs, the decoy's slope is -beta c (1 + s)."""
    gram = sp.Matrix([[1, 0, c], [0, 1, c], [c, c, 1]])
    moved = sp.Matrix([1 - b, s - b * second, 0])
    slopes = gram * (moved - sp.Matrix([1, s, 0]))
    assert_equal(slopes[2], -b * c * (1 + s))


p1, p2, q1, q2 = z3.Reals("p1 p2 q1 q2")


@pytest.mark.claim("exa-twins", evidence="symbolic")
@pytest.mark.near_miss("a split with two signs", same=z3.BoolVal(True))
@pytest.mark.near_miss("another sum", total=q1 + q2 + 1)
def test_every_split_of_the_sum_is_as_good(same=q1 * q2 >= 0, total=q1 + q2):
    """The penalty is as small as for any split exactly if the weights do not differ in sign."""
    others = magnitude(p1) + magnitude(p2)
    split = magnitude(q1) + magnitude(q2)
    assert_proved(z3.Implies(z3.And(same, p1 + p2 == total), split <= others))
    assert_proved(z3.Implies(z3.And(q1 * q2 < 0, p1 + p2 == q1 + q2, p1 * p2 >= 0), others < split))


r, c1, c2 = z3.Reals("r c1 c2")
FEATURES = z3.And(-1 < r, r < 1, beta > 0, c2 > beta, c1 >= c2)
LOWER, UPPER = (c2 - beta) / (c1 - beta), (c2 + beta) / (c1 - beta)


@pytest.mark.claim("prop-share-or-swap", evidence="symbolic", scope="part 2")
@pytest.mark.near_miss("the ratio without the strength", lower=c2 / c1)
@pytest.mark.near_miss("no upper bound", upper=z3.RealVal(1))
def test_the_second_feature_is_left_out_between_the_bounds(lower=LOWER, upper=UPPER):
    """The slope of the second weight at (c1 - beta, 0) lies in the zero interval exactly between the bounds."""
    slope = r * (c1 - beta) - c2
    inside = z3.And(-beta <= slope, slope <= beta)
    assert_proved(z3.Implies(FEATURES, inside == z3.And(lower <= r, r <= upper)))


@pytest.mark.claim("prop-share-or-swap", evidence="symbolic", scope="parts 1 and 3: the formulas")
@pytest.mark.near_miss("without the square", determinant=lambda r: 1 - r)
def test_both_weights_are_stationary_when_they_share(determinant=lambda r: 1 - r**2):
    r, p, q = sp.symbols("r p q", real=True)
    first, second = (p - r * q) / determinant(r), (q - r * p) / determinant(r)
    assert_equal(first + r * second, p)
    assert_equal(second + r * first, q)


@pytest.mark.claim("prop-share-or-swap", evidence="search", scope="least squares, random features")
@pytest.mark.near_miss("the ratio without the strength", lower=lambda b1, b2, beta: b2 / b1)
@search(seed=seeds)
def test_two_lasso_weights_share_or_swap(seed, lower=lambda b1, b2, beta: (b2 - beta) / (b1 - beta)):
    """The sign of the second weight is the one that the two bounds predict."""
    rng = np.random.default_rng(seed)
    b1 = rng.uniform(0.5, 1)
    b2, r = rng.uniform(0.3, 1) * b1, rng.uniform(-0.9, 0.95)
    beta = rng.uniform(0.05, 0.95) * b2
    X = np.sqrt(2) * np.linalg.cholesky([[1, r], [r, 1]]).T
    first, second = lasso(X, np.linalg.solve(X.T, [2 * b1, 2 * b2]), beta)
    bounds = lower(b1, b2, beta), (b2 + beta) / (b1 - beta)
    if min(abs(r - bound) for bound in bounds) < 1e-6:
        return
    assert first > 0
    assert np.sign(second) == (1 if r < bounds[0] else 0 if r <= bounds[1] else -1)


@pytest.mark.claim("thm-stability", evidence="symbolic", scope="two pairs")
@pytest.mark.near_miss("half the simultaneous share", share=2)
@pytest.mark.near_miss("a selection with weights", whole=False)
def test_often_selected_is_often_selected_twice(share=1, whole=True):
    """The share of pairs whose halves both select a feature is at least twice its share of the halves, minus 1."""
    a = z3.Reals("a1 a2")
    b = z3.Reals("b1 b2")
    value = z3.And(*(z3.Or(x == 0, x == 1) if whole else z3.And(-1 <= x, x <= 2) for x in (*a, *b)))
    both = (a[0] * b[0] + a[1] * b[1]) / 2
    frequency = z3.Sum([*a, *b]) / 4
    assert_proved(z3.Implies(value, both >= share * (2 * frequency) - 1))


@pytest.mark.claim("thm-stability", evidence="sample", scope="8 noise features, 2 selected, one pair, threshold 1")
@pytest.mark.near_miss("the same half twice", disjoint=False)
@pytest.mark.near_miss("half the bound", share=0.5)
def test_the_bound_is_met_where_both_halves_have_to_agree(disjoint=True, share=1.0):
    """20 000 data sets: the mean number of false selections is at most q^2/p, within 5 standard errors."""
    rng = np.random.default_rng(3)
    data, targets = rng.normal(size=(20_000, 8, 2, 6)), rng.normal(size=(20_000, 1, 2, 6))
    scores = np.abs(np.sum(data * targets, axis=-1))
    chosen = scores.argsort(axis=1).argsort(axis=1) >= 6
    both = chosen[..., 0] & chosen[..., 1 if disjoint else 0]
    false = both.sum(axis=1)
    assert false.mean() < share * 2**2 / 8 + 5 * false.std() / np.sqrt(20_000)


h1, h2, v1, v2 = z3.Reals("h1 h2 v1 v2")


@pytest.mark.claim("thm-continuity", evidence="symbolic", scope="part 2")
@pytest.mark.near_miss("the other way", direction=-1)
def test_minimizers_do_not_fall(direction=1):
    """u1 minimizes for v1 and u2 for v2, where h takes the values h1 and h2: the order is the same."""
    minimal = z3.And(h1 - u1 * v1 <= h2 - u2 * v1, h2 - u2 * v2 <= h1 - u1 * v2)
    assert_proved(z3.Implies(z3.And(minimal, v1 < v2), direction * (u2 - u1) >= 0))


@cache
def continuity(penalty):
    """What is derived, and whether no step of the operator is large."""
    jump = np.diff(penalty.prox(np.linspace(0, 4, 4001))).max()
    return penalty.has_continuous_prox, jump < 0.1


@pytest.mark.claim("thm-continuity", evidence="search", scope="concave parabolas as in MCP")
@pytest.mark.near_miss("convex is enough", limit=1.2)
@pytest.mark.near_miss("half the curvature", limit=0.5)
@search(bend=st.sampled_from([sp.Rational(n, 10) for n in (3, 6, 9, 10, 11, 20)]))
def test_the_operator_jumps_exactly_if_the_square_does_not_make_it_convex(bend, limit=1.0):
    """|w| - c w^2/2 up to its top, then constant: one minimizer for each v if c < 1, a jump if not."""
    near = sp.Abs(w) - bend * w**2 / 2
    penalty = Penalty(sp.Piecewise((near, sp.Abs(w) <= 1 / bend), (1 / (2 * bend), True)))
    expected = bend < limit
    assert continuity(penalty) == (expected, expected)


rho0, rho_u, slope, start, place = z3.Reals("rho0 rho_u slope start place")


@pytest.mark.claim("prop-cost", evidence="symbolic", scope="parts 2 and 3")
@pytest.mark.near_miss("a strict bound", more=1)
@pytest.mark.near_miss("without the line below", below=z3.BoolVal(True))
def test_a_convex_penalty_keeps_its_pull(more=0, below=None):
    """The tangents at 0 and at u > 0 lie below the graph: the slope at u is the one at 0 or more."""
    first = rho_u >= rho0 + start * place if below is None else below
    tangents = z3.And(place > 0, first, rho0 >= rho_u - slope * place)
    assert_proved(z3.Implies(tangents, slope >= start + more))
    square = place * place / 2
    tangents = z3.And(
        place > 0, rho_u + square >= rho0 + start * place, rho0 >= rho_u + square - (slope + place) * place
    )
    assert_proved(z3.Implies(tangents, slope >= start - place))


@pytest.mark.claim("prop-cost", evidence="search", scope="the catalog, part 1")
@pytest.mark.near_miss("the slopes at zero", slopes="slopes_at_zero")
@search(name=st.sampled_from(list(catalog.every())), side=st.sampled_from([-1, 1]), size=st.floats(1e6, 1e8))
def test_large_weights_lose_the_slope_at_infinity(name, side, size, slopes="slopes_at_infinity"):
    """What the operator takes from a large v is close to the slope at infinity, or large where that is infinite."""
    penalty = examples.penalty(name)
    expected = getattr(penalty, slopes)[(side + 1) // 2]
    taken = side * size - penalty.prox(side * size)
    if expected.is_infinite:
        assert side * taken > 1000
    else:
        assert abs(taken - float(expected)) < 1e-2
