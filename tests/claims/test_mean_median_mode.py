"""Checks of the chapter "Mean, median, mode"."""

import numpy as np
import pytest
import sympy as sp
import z3
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm

from exactzeros import catalog
from exactzeros.book import posterior
from exactzeros.book.examples import penalty
from proving import assert_equal, assert_proved, magnitude, search

Y = sp.Symbol("y", real=True)
TAU = sp.Symbol("tau", positive=True)


def discrete(atoms, masses, y, tau=1.0):
    """Return the posterior masses of a prior with these atoms."""
    atoms, masses = np.asarray(atoms), np.asarray(masses)
    exponent = (y * atoms - atoms**2 / 2) / tau**2
    weighted = masses * np.exp(exponent - exponent.max())
    return weighted / weighted.sum()


@pytest.mark.claim("thm-posterior-mean", evidence="symbolic", scope="three atoms, n = 1")
@pytest.mark.near_miss("not divided by the noise variance", scale=1)
@pytest.mark.near_miss("the second moment for the variance", centered=False)
def test_the_derivative_of_the_mean(scale=TAU**2, centered=True):
    """For all places and masses of the atoms; the variance is a sum of squares over the pairs of atoms."""
    atoms, masses = sp.symbols("x1:4", real=True), sp.symbols("p1:4", positive=True)
    tilted = [p * sp.exp(Y * x / TAU**2) for x, p in zip(atoms, masses, strict=True)]
    moments = [sum(x**k * each for x, each in zip(atoms, tilted, strict=True)) for k in range(3)]
    mean = moments[1] / moments[0]
    variance = moments[2] / moments[0] - (mean**2 if centered else 0)
    assert_equal(sp.diff(mean, Y), variance / scale)
    pairs = [(i, j) for i in range(3) for j in range(i)]
    squares = sum(tilted[i] * tilted[j] * (atoms[i] - atoms[j]) ** 2 for i, j in pairs)
    assert_equal(sp.expand((moments[2] * moments[0] - moments[1] ** 2) - squares), 0)


@pytest.mark.claim("thm-posterior-mean", evidence="search", scope="up to six atoms, one of them 0, n = 1")
@pytest.mark.near_miss("a point mass as well", spread=0)
@pytest.mark.near_miss("the median", estimate="median")
@search(
    atoms=st.lists(st.floats(0.1, 3), min_size=2, max_size=5, unique=True),
    spike=st.floats(0.1, 0.9),
    y=st.floats(-2, 2),
)
def test_the_mean_moves_with_every_step(atoms, spike, y, spread=1, estimate="mean"):
    """A step of 10^-3 in the observation moves the posterior mean up, however large the atom at 0."""
    atoms = spread * np.array([0.0, *(atom * (-1) ** k for k, atom in enumerate(atoms))])
    masses = np.array([spike, *np.full(len(atoms) - 1, (1 - spike) / (len(atoms) - 1))])

    def answer(y):
        found = discrete(atoms, masses, y)
        order = np.argsort(atoms)
        return atoms @ found if estimate == "mean" else atoms[order][np.searchsorted(found[order].cumsum(), 0.5)]

    assert answer(y + 1e-3) > answer(y)


@pytest.mark.claim("thm-posterior-mean", evidence="search", scope="the four priors of the figure")
@pytest.mark.near_miss("the median", estimate=posterior.median)
@pytest.mark.near_miss("the mode", estimate=lambda belief, y: belief.mode(y))
def test_no_line_of_the_figure_is_flat(estimate=lambda belief, y: belief.mean(y)):
    """From each of 1201 observations to the next one the mean rises, and it is 0 at y = 0 only."""
    y = np.arange(-600, 601) / 100
    for belief in posterior.BELIEFS.values():
        found = estimate(belief, y)
        assert (np.diff(found) > 0).all() and (y[found == 0.0] == [0.0]).all()


@pytest.mark.claim("thm-posterior-mean", evidence="search", scope="n = 2, priors with 25 atoms")
@pytest.mark.near_miss("along the feature itself", direction=lambda X, i: X[:, i])
@pytest.mark.near_miss("not divided by the noise variance", scale=1)
@search(seed=st.integers(0, 10**6), tau=st.floats(0.5, 2).filter(lambda tau: abs(tau - 1) > 0.05))
def test_the_mean_in_a_regression(seed, tau, direction=lambda X, i: np.linalg.pinv(X)[i], scale=None):
    """Along row i of the pseudo-inverse the difference quotient of the mean is the variance over tau**2."""
    random = np.random.default_rng(seed)
    X = random.normal(size=(4, 2))
    atoms = np.stack(np.meshgrid(np.arange(-2, 3), np.arange(-2, 3)), axis=-1).reshape(-1, 2) * 0.4
    masses, y = random.dirichlet(np.ones(25)), X @ random.normal(size=2)

    def moments(y):
        exponent = -((y - atoms @ X.T) ** 2).sum(axis=1) / (2 * tau**2)
        weights = masses * np.exp(exponent - exponent.max())
        mean = weights @ atoms[:, 0] / weights.sum()
        return mean, weights @ (atoms[:, 0] - mean) ** 2 / weights.sum()

    step = 1e-4 * direction(X, 0)
    slope = (moments(y + step)[0] - moments(y - step)[0]) / 2e-4
    assert slope == pytest.approx(moments(y)[1] / (scale or tau**2), rel=1e-4, abs=1e-7)


@pytest.mark.claim("prop-absolute-loss", evidence="symbolic", scope="an atom at 0 and one on each side")
@pytest.mark.near_miss("the kink is P(W = 0)", factor=1)
@pytest.mark.near_miss("only if zero has half of the probability", rests=lambda left, atom, right: atom >= z3.Q(1, 2))
@pytest.mark.near_miss("any atom is enough", rests=lambda left, atom, right: atom > 0)
def test_the_kink_of_the_absolute_loss(
    factor=2, rests=lambda left, atom, right: z3.And(left <= z3.Q(1, 2), right <= z3.Q(1, 2))
):
    """For all masses and places of the atoms: kink at 0, when 0 is a minimum, and when it is the only one."""
    left, atom, right, low, high, a = z3.Reals("left atom right low high a")

    def h(point):
        return left * magnitude(-low - point) + atom * magnitude(point) + right * magnitude(high - point)

    given = z3.And(left > 0, atom >= 0, right > 0, left + atom + right == 1, low > 0, high > 0)
    near = z3.And(given, 0 < a, a < low, a < high)
    assert_proved(z3.Implies(near, (h(a) - h(0)) + (h(-a) - h(0)) == factor * atom * a))
    minimum = rests(left, atom, right)
    assert_proved(z3.Implies(z3.And(given, minimum), h(a) >= h(0)))
    assert_proved(z3.Implies(z3.And(given, z3.Not(minimum)), z3.Or(h(-low) < h(0), h(high) < h(0))))
    strict = z3.And(given, left < z3.Q(1, 2), right < z3.Q(1, 2), a != 0)
    assert_proved(z3.Implies(strict, h(a) > h(0)))


@pytest.mark.claim("prop-absolute-loss", evidence="search", scope="up to seven atoms")
@pytest.mark.near_miss("the atom counted on the wrong side", wrong=True)
@search(atoms=st.lists(st.integers(-3, 3), min_size=1, max_size=7), place=st.integers(-3, 3))
def test_slopes_of_the_absolute_loss(atoms, place, wrong=False):
    """Difference quotients at any place against the stated slopes, and those do not fall from left to right."""
    atoms = np.array(atoms)

    def h(a):
        return np.abs(atoms - a).mean()

    left, right = np.mean(atoms < place) - np.mean(atoms >= place), np.mean(atoms <= place) - np.mean(atoms > place)
    if wrong:
        left, right = right, left
    assert (h(place + 0.25) - h(place)) / 0.25 == pytest.approx(right)
    assert (h(place) - h(place - 0.25)) / 0.25 == pytest.approx(left)
    assert right - left == pytest.approx(2 * np.mean(atoms == place)) and left <= right


@pytest.mark.claim("thm-posterior-median", evidence="symbolic", scope="an atom at 0 and one on each side")
@pytest.mark.near_miss("an interval without the atom", atom_needed=False)
@pytest.mark.near_miss("a point with it", point=True)
def test_the_observations_that_give_a_median_of_zero(atom_needed=True, point=False):
    """With t = exp(y) the masses are in the proportion b/t : c : a*t; the t found are an interval exactly if c > 0."""
    a, b, c, t, s, middle = z3.Reals("a b c t s middle")
    given = z3.And(a > 0, b > 0, c >= 0, t > 0, s > 0, middle > 0, a * middle * middle == b)

    def rests(t):  # both inequalities, multiplied by t
        return z3.And(a * t * t <= b + c * t, b <= a * t * t + c * t)

    assert_proved(z3.Implies(given, rests(middle)))
    between = z3.And(given, rests(t), rests(s), t < middle, middle < s)
    assert_proved(z3.Implies(between, c > 0))
    # With an atom, small steps around the middle stay inside: t = middle (1 + e) with a*middle*e*3 <= c.
    e = z3.Real("e")
    small = z3.And(
        given, c > 0 if atom_needed else c >= 0, 0 <= e, e <= 1, 3 * a * middle * e <= (c if atom_needed else c + 1)
    )
    assert_proved(z3.Implies(small, rests(middle * (1 + e))))
    if point:
        assert_proved(z3.Implies(z3.And(given, rests(t)), t == middle))


@pytest.mark.claim("thm-posterior-median", evidence="search", scope="up to five atoms on either side of 0")
@pytest.mark.near_miss("much mass close to zero instead of an atom", close=0.01)
@pytest.mark.near_miss("shorter for a larger atom", sign=-1)
@search(
    right=st.lists(st.floats(0.1, 3), min_size=1, max_size=5),
    left=st.lists(st.floats(0.1, 3), min_size=1, max_size=5),
    share=st.floats(0.05, 0.8),
    tau=st.floats(0.5, 2),
)
def test_an_atom_gives_an_interval(right, left, share, tau, close=0.0, sign=1):
    """The ends solve the stated equations; between them the median of the posterior is 0, beyond them it is not."""
    rest = [*right, *(-x for x in left)]
    atoms = np.array([close, -close, *rest])
    masses = np.array([share / 2, share / 2, *np.full(len(rest), (1 - share) / len(rest))])

    def sides(y, masses=masses):
        found = discrete(atoms, masses, y, tau)
        return found[atoms < 0].sum(), found[atoms > 0].sum()

    low, high = (brentq(lambda y, k=k: sides(y)[k] - 0.5, -200, 200, xtol=1e-12) for k in (0, 1))
    assert high - low > 1e-8
    inside, outside = (low + high) / 2, (low - 0.1, high + 0.1)
    assert max(sides(inside)) < 0.5 and all(max(sides(y)) > 0.5 for y in outside)
    larger = masses * np.where(atoms == 0, 2.0, 1.0)
    assert sign * (max(sides(high, larger)) - 0.5) < 0


@pytest.mark.slow
@pytest.mark.claim("thm-posterior-median", evidence="search", scope="the four priors of the figure")
@pytest.mark.near_miss("the horseshoe too", resting={"horseshoe", "spike and slab"})
@pytest.mark.near_miss("Laplace too", resting={"Laplace", "spike and slab"})
@pytest.mark.near_miss("no prior", resting=set())
def test_the_medians_of_the_figure(resting=frozenset({"spike and slab"})):
    """Of 1201 observations exactly y = 0 gives the median 0, except under spike and slab."""
    y = np.arange(-600, 601) / 100
    for name, belief in posterior.BELIEFS.items():
        assert (np.sum(posterior.median(belief, y) == 0.0) > 1) == (name in resting)


@pytest.mark.claim(
    "thm-posterior-median", evidence="search", scope="half of the mass at 0, slab N(0, 4), noise of deviation 1"
)
@pytest.mark.near_miss("one and a half", edge=1.5)
@pytest.mark.near_miss("where zero has one half", edge=1.423)
def test_the_edge_of_spike_and_slab(edge=1.566):
    """A sum over a fine grid of weights: at the edge the positive side has one half, to three digits."""
    weights = np.linspace(0, 12, 120_001)
    density = 0.5 * norm.pdf(weights, scale=2) * norm.pdf(edge - weights)
    positive = np.trapezoid(density, weights)
    negative = np.trapezoid(0.5 * norm.pdf(weights, scale=2) * norm.pdf(edge + weights), weights)
    share = positive / (positive + negative + 0.5 * norm.pdf(edge))
    assert share == pytest.approx(0.5, abs=3e-4)
    assert posterior.reach(posterior.BELIEFS["spike and slab"]) == pytest.approx(edge, abs=5e-4)


@pytest.mark.claim("prop-posterior-mode", evidence="symbolic", scope="penalties linear on either side of 0")
@pytest.mark.near_miss("the noise variance forgotten", scale=lambda tau: 1)
@pytest.mark.near_miss("the sides swapped", order=-1)
@pytest.mark.near_miss(
    "whichever way the kink points", interval=lambda left, y, right: z3.Or(left < right, right < left)
)
def test_which_observations_give_a_mode_of_zero(
    scale=lambda tau: tau * tau, order=1, interval=lambda left, y, right: z3.And(left < y, y < right)
):
    """For all slopes, y, tau > 0 and steps: inside, 0 is the only minimum; outside, small steps to one side fall."""
    left, right, y, tau, step = z3.Reals("left right y tau step")

    def change(step):  # of the objective, times tau**2
        return step * step / 2 - y * step + tau * tau * z3.If(step > 0, right * step, left * step)

    low, high = [scale(tau) * left, scale(tau) * right][::order]
    inside = z3.And(tau > 0, interval(low, y, high), step != 0)
    assert_proved(z3.Implies(inside, change(step) > 0))
    short = z3.And(tau > 0, 0 < step)
    assert_proved(z3.Implies(z3.And(short, y > high, step < y - high), change(step) < 0))
    assert_proved(z3.Implies(z3.And(short, y < low, step < low - y), change(-step) < 0))


@pytest.mark.claim("prop-posterior-mode", evidence="symbolic")
@pytest.mark.near_miss("observations up to delta", share=1)
@pytest.mark.near_miss("a penalty that is lower elsewhere", least=False)
@pytest.mark.near_miss("no kink", slope=0)
def test_a_penalty_that_is_least_at_zero(share=z3.Q(1, 2), least=True, slope=None):
    """Part 3, for all r = rho(w) - rho(0) >= 0: with r >= c*w for 0 < w < delta, small y >= 0 give the mode 0."""
    w, r, c, delta, tau, y, low, high = z3.Reals("w r c delta tau y low high")
    c = c if slope is None else z3.RealVal(slope)
    known = [c > 0 if slope is None else c == 0, delta > 0, tau > 0, y >= 0]
    known += [y <= (c * tau * tau if slope is None else tau * tau), y <= share * delta]
    known += [z3.Implies(z3.And(0 < w, w < delta), r >= c * w)] + ([r >= 0] if least else [])
    assert_proved(z3.Implies(z3.And(known), tau * tau * r + w * w / 2 >= y * w))
    # Part 2: with two observations, each between them will do as well.
    bounds = z3.And(tau * tau * r + w * w / 2 >= low * w, tau * tau * r + w * w / 2 >= high * w, low <= y, y <= high)
    assert_proved(z3.Implies(bounds, tau * tau * r + w * w / 2 >= y * w))


@pytest.mark.claim(
    "prop-posterior-mode", evidence="search", scope="the penalties of the catalog, noise of deviation 1/2"
)
@pytest.mark.near_miss("every penalty", rests=lambda found: True)
@pytest.mark.near_miss("kinks of L1's size only", rests=lambda found: found.kink == 2)
def test_modes_under_the_catalog(rests=lambda found: found.kink > 0):
    """All are least at 0: the mode is exactly 0 for more than one of 801 observations exactly if the kink is > 0."""
    y = np.arange(-400, 401) / 100
    for name in catalog.every():
        found = penalty(name)
        zeros = y[found.prox(y, step=0.25) == 0.0]
        assert (len(zeros) > 1) == bool(rests(found)), name
        assert len(zeros) == round((zeros.max() - zeros.min()) / 0.01) + 1
        left, right = found.numeric_slopes_at_zero
        assert left / 4 <= zeros.min() and zeros.max() <= right / 4


@pytest.mark.claim("prop-mean-is-map", evidence="symbolic", scope="the Gaussian prior")
@pytest.mark.near_miss("the noise variance forgotten", scale=1)
def test_a_gaussian_mean_is_the_mode_under_its_own_penalty(scale=TAU**2):
    """The mean is s**2 y/(s**2 + tau**2), so the penalty has the derivative x/s**2, that of x**2/(2 s**2)."""
    s, x = sp.symbols("s x", positive=True)
    inverse = x * (s**2 + TAU**2) / s**2
    assert_equal((inverse - x) / scale, sp.diff(x**2 / (2 * s**2), x))


@pytest.mark.claim("prop-mean-is-map", evidence="search", scope="the four priors of the figure")
@pytest.mark.near_miss("the prior's own penalty, for Laplace", own=True)
@pytest.mark.near_miss("the penalty without the square", square=0)
@pytest.mark.near_miss("the median", estimate=posterior.median)
def test_the_mean_minimizes_its_penalty(own=False, square=1, estimate=lambda belief, y: belief.mean(y)):
    """On a grid of 2001 values of the mean, the least one is that of the observation; slopes are (theta - x)/tau**2."""
    theta = np.linspace(-6, 6, 2001)
    for name, belief in posterior.BELIEFS.items():
        x, values = posterior.implied_penalty(belief, theta)
        values = values + (1 - square) * (x - theta) ** 2 / 2
        if own and name == "Laplace":
            values = np.abs(x)
        for place in (300, 900, 1000, 1100, 1850):
            best = x[np.argmin((x - theta[place]) ** 2 / 2 + values)]
            assert best == pytest.approx(estimate(belief, theta[place]), abs=2 * np.diff(x).max())
        slopes = np.diff(values) / np.diff(x)
        middle = (theta[1:] + theta[:-1] - x[1:] - x[:-1]) / 2
        np.testing.assert_allclose(slopes, middle, atol=1e-4)
