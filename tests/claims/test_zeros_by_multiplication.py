"""Checks of the chapter "Zeros by multiplication"."""

import numpy as np
import pytest
import sympy as sp
import z3
from hypothesis import strategies as st

from proving import assert_equal, assert_proved, magnitude, search, sign

u, v, g, beta, s, t = z3.Reals("u v g beta s t")


@pytest.mark.claim("prop-many-factors", evidence="symbolic", scope="k = 2")
@pytest.mark.near_miss("twice as much", share=2)
@pytest.mark.near_miss("equality for equal factors only", equal=lambda: u == v)
def test_two_factors_have_at_least_twice_the_size(share=1, equal=lambda: magnitude(u) == magnitude(v)):
    half, size = (u * u + v * v) / 2, magnitude(u * v)
    assert_proved(half >= share * size)
    assert_proved((half == size) == equal())


@pytest.mark.claim("prop-many-factors", evidence="search", scope="k up to 7, factors between 0.01 and 10")
@pytest.mark.near_miss("without the number of factors", constant=lambda k: 0.5)
@pytest.mark.near_miss("another power", power=lambda k: 1 / k)
@search(sizes=st.lists(st.floats(0.01, 10), min_size=3, max_size=7), signs=st.integers(0, 127))
def test_many_factors(sizes, signs, constant=lambda k: k / 2, power=lambda k: 2 / k):
    """No product of drawn factors has less, and factors of equal size have exactly that."""
    k = len(sizes)
    factors = np.array(sizes) * np.where((signs >> np.arange(k)) & 1, -1, 1)
    bound = constant(k) * np.abs(np.prod(factors)) ** power(k)
    assert np.sum(factors**2) / 2 >= bound * (1 - 1e-12)
    equal = np.full(k, sizes[0]) * np.sign(factors)
    assert np.isclose(np.sum(equal**2) / 2, constant(k) * np.abs(np.prod(equal)) ** power(k), rtol=1e-12)


@pytest.mark.claim("thm-factors", evidence="symbolic", scope="one weight")
@pytest.mark.near_miss("without the half", decay=1)
@pytest.mark.near_miss("signs instead of sizes", size=lambda x: x)
def test_decay_exceeds_l1_by_the_difference_of_the_sizes(decay=0.5, size=magnitude):
    """The line from which the theorem follows; L cancels."""
    gap = beta / 2 * (size(u) - size(v)) * (size(u) - size(v))
    assert_proved(decay * beta * (u * u + v * v) == beta * magnitude(u * v) + gap)


@pytest.mark.claim("thm-factors", evidence="symbolic", scope="one weight")
@pytest.mark.near_miss("past the equal sizes", far=lambda: magnitude(v) > t * magnitude(u))
@pytest.mark.near_miss("apart instead of closer", range_of_t=z3.And(t > 1, t < 2))
def test_unequal_factors_can_be_improved(
    far=lambda: magnitude(v) < t * magnitude(u), range_of_t=z3.And(t > z3.Q(1, 2), t < 1)
):
    """With t*u and v/t the product stays, and the squares fall."""
    assert_proved(z3.Implies(z3.And(range_of_t, far()), t * t * u * u + v * v / (t * t) < u * u + v * v))


@pytest.mark.claim("thm-factors", evidence="search", scope="one weight, wavy losses with jumps")
@pytest.mark.near_miss("unequal factors", stretch=1.5)
@pytest.mark.near_miss("twice the strength in w", ratio=2)
@search(seed=st.integers(0, 10**6))
def test_local_minima_correspond(seed, stretch=1.0, ratio=1.0):
    """The lowest w of a grid around 0 or 0.5 has factors for which J is as low as F at any point of the grid."""
    rng = np.random.default_rng(seed)
    a, b, c, strength = rng.uniform(0.2, 2, size=4)
    jump = rng.normal()

    def loss(w):
        return a * np.sin(3 * b * w) + c * w**2 / 2 + 0.1 * np.floor(3 * w + jump)

    for center in (0.0, 0.5):
        near = center + np.linspace(-0.05, 0.05, 201)
        w = near[np.argmin(loss(near) + ratio * strength * np.abs(near))]
        factors = np.sqrt(np.abs(w)) * np.array([stretch, np.sign(w) / stretch])
        least = loss(near) + strength * np.abs(near)  # over all factors of each w, reached by equal ones
        assert loss(w) + strength / 2 * np.sum(factors**2) <= least.min() + 1e-9
        shifted = factors[:, None] + rng.uniform(-0.1, 0.1, size=(2, 200))
        assert np.all(np.sum(shifted**2, axis=0) / 2 >= np.abs(shifted[0] * shifted[1]))


@pytest.mark.claim("prop-factor-saddles", evidence="symbolic", scope="one weight")
@pytest.mark.near_miss("the other sign", slope=lambda: beta * sign(u * v))
@pytest.mark.near_miss("no decay", strength=beta >= 0)
def test_where_both_derivatives_vanish(slope=lambda: -beta * sign(u * v), strength=beta > 0):
    both = z3.And(beta * u + g * v == 0, beta * v + g * u == 0)
    zero = z3.And(u == 0, v == 0)
    balanced = z3.And(magnitude(u) == magnitude(v), u != 0, g == slope())
    assert_proved(z3.Implies(strength, both == z3.Or(zero, balanced)))


@pytest.mark.claim("prop-factor-saddles", evidence="symbolic", scope="losses of second order")
@pytest.mark.near_miss("the other diagonal", turn=1)
def test_the_way_down_from_a_saddle(turn=-1):
    """The change along the diagonal is (beta - |g|)*h**2 + c*h**4/2."""
    h, strength, c = sp.symbols("h beta c", positive=True)
    slope = sp.Symbol("g", real=True, nonzero=True)
    first, second = h, turn * sp.sign(slope) * h
    product = first * second
    change = slope * product + c * product**2 / 2 + strength / 2 * (first**2 + second**2)
    for sided in (sp.Symbol("p", positive=True), -sp.Symbol("p", positive=True)):
        assert_equal(change.subs(slope, sided), (strength - abs(sided)) * h**2 + c * h**4 / 2)


@pytest.mark.claim("prop-factor-saddles", evidence="symbolic", scope="part 3, one term of the sum")
@pytest.mark.near_miss("slopes outside of the interval", reach=2)
def test_other_stationary_points_are_global_minima(reach=1):
    """What the tangent of a convex loss can lose in a coordinate, the penalty gives back."""
    here, there = z3.Reals("here there")
    at_zero = z3.And(here == 0, magnitude(g) <= reach * beta)
    elsewhere = z3.And(here != 0, g == -beta * sign(here))
    gain = beta * magnitude(there) - beta * magnitude(here) + g * (there - here)
    assert_proved(z3.Implies(z3.And(beta > 0, z3.Or(at_zero, elsewhere)), gain >= 0))


def moved(first, second, slope, strength, step, at_once=True):
    """Return both factors after one step; not `at_once`, the second factor sees the new first one."""
    new = first - step * (strength * first + slope * second)
    return new, second - step * (strength * second + slope * (first if at_once else new))


@pytest.mark.claim("prop-never-arrives", evidence="symbolic", scope="part 1")
@pytest.mark.near_miss("one factor after the other", at_once=False)
@pytest.mark.near_miss("the same rate for both", flip=1)
def test_sum_and_difference_go_their_own_ways(at_once=True, flip=-1):
    first, second = moved(u, v, g, beta, s, at_once)
    assert_proved(first + second == (1 - s * (beta + g)) * (u + v))
    assert_proved(first - second == (1 - s * (beta + flip * g)) * (u - v))
    assert_proved(u * v == ((u + v) * (u + v) - (u - v) * (u - v)) / 4)


@pytest.mark.claim("prop-never-arrives", evidence="symbolic", scope="part 2, one step")
@pytest.mark.near_miss("longer steps", longest=2)
@pytest.mark.near_miss("unequal factors", second=lambda: u / 2)
def test_a_balanced_start_never_crosses(longest=1, second=None):
    for turn in (1, -1):
        other = turn * u if second is None else second()
        first, following = moved(u, other, g, beta, s)
        small = z3.And(s > 0, beta > 0, s * (beta + magnitude(g)) < longest, u != 0)
        assert_proved(z3.Implies(small, z3.And(following == turn * first, first * u > 0)))


@pytest.mark.claim("prop-never-arrives", evidence="symbolic", scope="part 3, up to 4 steps")
@pytest.mark.near_miss("half the rate", times=1)
def test_a_constant_slope_gives_two_geometric_sequences(times=2):
    p, q, slope, strength, step = sp.symbols("p q g beta s", real=True)
    first, second = p, q
    for k in range(1, 5):
        first, second = moved(first, second, slope, strength, step)
        rates = [(1 - step * (strength + turn * slope)) ** (times * k) for turn in (1, -1)]
        assert_equal(sp.expand(first * second), sp.expand(((p + q) ** 2 * rates[0] - (p - q) ** 2 * rates[1]) / 4))


@pytest.mark.claim("prop-units", evidence="symbolic", scope="part 1")
@pytest.mark.near_miss("another power of the scale", power=2)
def test_units_balance(power=1):
    """The derivative of the decay along the rescaling vanishes for equal norms."""
    outer, inner, scale = sp.symbols("a b t", positive=True)
    decay = (scale * outer) ** 2 + (inner / scale**power) ** 2
    assert_equal(sp.diff(decay, scale).subs(scale, 1), 2 * outer**2 - 2 * inner**2)


@pytest.mark.claim("prop-units", evidence="symbolic", scope="part 2, up to the error")
@pytest.mark.near_miss("above the decay", most=2)
def test_the_zero_interval_of_a_unit(most=1):
    """With |G(b)| <= D*|b| the first terms are positive for D < lambda, and negative somewhere for D > lambda."""
    outer, inner, pull, D, decay = z3.Reals("a b G D lambda")
    squares = outer * outer + inner * inner
    known = z3.And(inner >= 0, D >= 0, decay > 0, magnitude(pull) <= D * inner, squares > 0)
    assert_proved(z3.Implies(z3.And(known, D < most * decay), outer * pull + decay / 2 * squares > 0))
    along = z3.And(inner > 0, pull == D * inner, outer == -inner, D > most * decay, decay > 0)
    assert_proved(z3.Implies(along, outer * pull + decay / 2 * squares < 0))


@pytest.mark.claim("prop-units", evidence="symbolic", scope="part 3")
@pytest.mark.near_miss("an outer weight below the inner ones", ratio=0.5)
def test_a_living_unit_takes_the_slack(ratio=1):
    outer, inner, pull, D, decay = z3.Reals("a b G D lambda")
    living = z3.And(inner > 0, magnitude(outer) == ratio * inner, pull + decay * outer == 0, decay > 0)
    assert_proved(z3.Implies(z3.And(living, magnitude(pull) <= D * inner), D >= decay))
