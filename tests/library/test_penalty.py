"""What is derived from an expression, compared with answers known by hand and with the expression itself."""

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Heaviside, Max, Min, Ne, Piecewise, Rational, atan, cbrt, exp, log, oo, pi, sin, sqrt

from exactzeros import Penalty, UndecidedError, catalog, w
from penalties import NAMES, exact_value, examples, numbers_around, penalty_named

a, b, p = sp.symbols("a b p", positive=True)
c, d = sp.symbols("c d", real=True)
n = sp.Symbol("n", negative=True)
beta, eps, gamma = sp.symbols("beta eps gamma", positive=True)
R = sp.S.Reals
HALF = Rational(1, 2)

# The table of Part I: zero interval, width, and the slopes that give it.
TABLE = {
    "l2": (sp.FiniteSet(0), 0, (0, 0)),
    "lp(3/2)": (sp.FiniteSet(0), 0, (0, 0)),
    "huber": (sp.FiniteSet(0), 0, (0, 0)),
    "smoothed_l1": (sp.FiniteSet(0), 0, (0, 0)),
    "l1": (sp.Interval(-beta, beta), 2 * beta, (-beta, beta)),
    "elastic_net": (sp.Interval(-a * beta, a * beta), 2 * a * beta, (-a * beta, a * beta)),
    "mcp": (sp.Interval(-beta, beta), 2 * beta, (-beta, beta)),
    "scad": (sp.Interval(-beta, beta), 2 * beta, (-beta, beta)),
    "log_sum": (sp.Interval(-beta / eps, beta / eps), 2 * beta / eps, (-beta / eps, beta / eps)),
    "lp(1/2)": (sp.Interval(-oo, oo), oo, (-oo, oo)),
    "one_sided": (sp.Interval(-beta, 0), beta, (0, beta)),
    "nonnegative": (sp.Interval(0, oo), oo, (-oo, 0)),
}


def test_table_is_complete():
    assert list(TABLE) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_table(name):
    interval, width, slopes = TABLE[name]
    penalty = catalog.every()[name]
    assert penalty.slopes_at_zero == slopes
    assert penalty.zero_interval == interval
    assert penalty.kink == width
    assert penalty.is_singular is (width != 0)


# (expression, its slopes at 0 from the left and from the right), known by hand
KNOWN = [
    (Abs(w), (-1, 1)),
    (w, (1, 1)),
    (-3 * Abs(w), (3, -3)),
    (c * Abs(w), (-c, c)),
    (Abs(c) * Abs(w), (-Abs(c), Abs(c))),
    (n * Abs(w), (-n, n)),
    (a * Abs(w) + b * w**2, (-a, a)),
    (Max(a * w, -b * w), (-b, a)),
    (a * Max(w, 0) + b * Max(-w, 0), (-b, a)),
    (Piecewise((a * w, w >= 0), (-b * w, True)), (-b, a)),  # SymPy's limit from the left is a: sympy#27236
    (Piecewise((a * w, w > 0), (-b * w, True)), (-b, a)),
    (Piecewise((-b * w, w < 0), (a * w, True)), (-b, a)),
    (Piecewise((a * w, sp.And(w > -1, w > 0)), (-b * w, sp.Or(w < 0, sp.Eq(w, 0))), (1, True)), (-b, a)),
    (Piecewise((a * w, sp.Xor(w > 0, w > 5)), (-b * w, True)), (-b, a)),
    (Piecewise((a * w, sp.ITE(w < 3, w > 0, w > 5)), (-b * w, True)), (-b, a)),
    (Piecewise((a * w, sp.Not(sp.And(w < 0, w < 1), evaluate=False)), (-b * w, True)), (-b, a)),
    (exp(Abs(w)) - 1, (-1, 1)),
    (1 - exp(-Abs(w) / a), (-1 / a, 1 / a)),
    (Abs(w) ** p * Abs(w), (0, 0)),
    (exp(a * w), (a, a)),
    (exp(-1 / (1 + Abs(w))), (-exp(-1), exp(-1))),
    (log(1 + Abs(w) / a), (-1 / a, 1 / a)),
    (log(1 + w**2), (0, 0)),
    (-log(1 + w), (-1, -1)),
    (atan(a * Abs(w)), (-a, a)),
    (atan(w), (1, 1)),
    (w * atan(w / a), (0, 0)),
    (sqrt(Abs(w)), (-oo, oo)),
    (sqrt(w**2), (-1, 1)),
    (sqrt(w**2 + a**2), (0, 0)),
    (sqrt(a * Abs(w) + b) - sqrt(b), (-a / (2 * sqrt(b)), a / (2 * sqrt(b)))),
    (sp.sign(w) * sqrt(Abs(w)), (oo, oo)),
    (Abs(w) ** Rational(3, 2), (0, 0)),
    (Abs(w) ** Rational(10001, 10000), (0, 0)),
    (Abs(w) ** Rational(9999, 10000), (-oo, oo)),
    (cbrt(w**2), (-oo, oo)),
    (Abs(w) ** pi, (0, 0)),
    (Abs(w) ** (1 + a), (0, 0)),
    (Abs(w) ** (1 / (1 + a)), (-oo, oo)),
    (b * (Abs(w) + a) ** p - b * a**p, (-b * p * a ** (p - 1), b * p * a ** (p - 1))),
    (Abs(w - 1), (-1, -1)),
    (Abs(w - 1) + Abs(w), (-2, 0)),
    (Abs(w + a), (1, 1)),
    (Abs(Abs(w) - 1), (1, -1)),
    (Abs(Abs(Abs(w) - 2) - 2), (-1, 1)),
    (Abs(w) * Abs(w - 1) * Abs(w + 2), (-2, 2)),
    (sum(Abs(w - k) for k in range(-5, 6)), (-1, 1)),
    (Max(Abs(w) - a, 0), (0, 0)),
    (Min(Abs(w), a), (-1, 1)),
    (Min(w**2, a * Abs(w)), (0, 0)),
    (Max(w**2, a * Abs(w)), (-a, a)),
    (Max(*(k * w - k**2 for k in range(-6, 7))), (0, 0)),
    (Max(w + Abs(w - 1), Min(w**2, 3) + 1), (0, 0)),
    (Piecewise((0, sp.Eq(w, 0)), (1, True)), (-oo, oo)),
    (Piecewise((1, Ne(w, 0)), (0, True)), (-oo, oo)),
    (Piecewise((0, w <= 0), (1, True)), (0, oo)),
    (Piecewise((1, w < 0), (0, True)), (-oo, 0)),
    (Piecewise((1, sp.Eq(w, 0)), (0, True)), (oo, -oo)),
    (Piecewise((-1, w < 0), (0, True)), (oo, 0)),
    (a * Heaviside(w, 0), (0, oo)),
    (Piecewise((0, Abs(w) <= 1), (oo, True)), (0, 0)),
    (Piecewise((0, w <= 0), (oo, True)), (0, oo)),
    (Piecewise((w**2, Abs(w) <= a), (2 * a * Abs(w) - a**2, True)), (0, 0)),
    (Piecewise((Abs(w), Abs(w) <= a), (a, True)), (-1, 1)),
    (Piecewise((Piecewise((w**2, Abs(w) <= a), (b * Abs(w), True)), Abs(w) <= b), (a, True)), (0, 0)),
    (Piecewise((Abs(w - 1) - 1, Abs(w - 1) <= 2), (1, True)), (-1, -1)),
    (Piecewise((w**2, w**3 - w - 1 <= 0), (w**2 + 1, True)), (0, 0)),
    (Piecewise((Abs(w), Abs(w) <= exp(-Abs(w))), (w**2, True)), (-1, 1)),
    (sp.tanh(Abs(w)), (-1, 1)),
    (log(sp.cosh(w)), (0, 0)),
    (sin(Abs(w)), (-1, 1)),
    (Abs(sin(w)), (-1, 1)),
    (1 - sp.cos(w), (0, 0)),
    (Abs(w) * exp(-Abs(w)), (-1, 1)),
    (Piecewise((-Abs(w) * log(Abs(w)), Ne(w, 0)), (0, True)), (-oo, oo)),
    (Piecewise((-Abs(w) / log(Abs(w)), Abs(w) < HALF), (Abs(w), True)), (0, 0)),
    (Piecewise((Abs(w) ** Abs(w) - 1, Ne(w, 0)), (0, True)), (oo, -oo)),
    (Piecewise((w**2 * sin(1 / w), Ne(w, 0)), (0, True)), (0, 0)),
    (sp.erf(Abs(w)), (-2 / sqrt(pi), 2 / sqrt(pi))),
    (sp.gamma(1 + Abs(w)) - 1, (sp.EulerGamma, -sp.EulerGamma)),
    (sp.besselj(0, w), (0, 0)),  # SymPy's limit of the difference quotient is wrong
    (sp.sinc(w), (0, 0)),
    (Piecewise((1, sp.Eq(w, 0)), (w * sp.coth(w), True)), (0, 0)),  # SymPy's limit at 0 is 0
    (sp.floor(w), (oo, 0)),
    (Abs(w) ** sp.Symbol("q", integer=True, positive=True) * sqrt(Abs(w)), (0, 0)),
]


def known_zero_interval(left, right):
    """What the slopes mean: the slopes g of the loss for which neither direction leads down."""
    if (left, right) in [(oo, oo), (-oo, -oo)]:
        return sp.S.EmptySet
    left, right = map(sp.sympify, (left, right))
    if left == right:
        return sp.FiniteSet(-left)
    return sp.Interval(-right, -left) if (right - left).is_extended_positive else sp.S.EmptySet


@pytest.mark.parametrize(("expression", "slopes"), KNOWN, ids=lambda value: str(value)[:40])
def test_known_slopes(expression, slopes):
    penalty = Penalty(expression)
    assert [
        sp.simplify(found - known) if known.is_finite else found == known
        for found, known in zip(penalty.slopes_at_zero, map(sp.sympify, slopes), strict=True)
    ] == [0 if sp.sympify(known).is_finite else True for known in slopes]
    if expression.has(c):
        return
    left, right = map(sp.sympify, slopes)
    assert penalty.zero_interval == known_zero_interval(*penalty.slopes_at_zero)
    assert penalty.is_singular is (left != right or not left.is_finite)
    kink = right - left
    assert penalty.kink == kink if not kink.is_finite else sp.simplify(penalty.kink - kink) == 0


def with_numbers(expression, rng):
    """The expression with random positive numbers for its parameters (negative for `n`)."""
    numbers = {symbol: Rational(int(rng.integers(101, 300)), 100) for symbol in expression.free_symbols - {w}}
    numbers.update({symbol: -number for symbol, number in numbers.items() if symbol.is_negative})
    numbers.update({symbol: sp.ceiling(number) for symbol, number in numbers.items() if symbol.is_integer})
    return numbers


@pytest.mark.parametrize(("expression", "slopes"), KNOWN, ids=lambda value: str(value)[:40])
def test_slopes_agree_with_difference_quotients(expression, slopes):
    numbers = with_numbers(expression, np.random.default_rng(len(str(expression))))
    start = sp.N(expression.subs(numbers).subs(w, 0), 200)
    for side, slope in zip((-1, 1), Penalty(expression).slopes_at_zero, strict=True):
        near, nearer = (
            side * (sp.N(expression.subs(numbers).subs(w, side * size), 200) - start) / size
            for size in (Rational(1, 10**30), Rational(1, 10**60))
        )
        slope = sp.N(slope.subs(numbers), 60)
        if slope.is_infinite:
            assert sp.sign(nearer) == sp.sign(slope)
            assert nearer == near == slope or abs(nearer) > abs(near) > 1
        else:
            assert (
                abs(nearer - slope) < 1e-8
                or abs(nearer - slope) < Rational(51, 100) * abs(near - slope)
                or expression == Abs(w) ** Rational(10001, 10000)
            )


@pytest.mark.parametrize(
    ("expression", "assumptions", "slopes"),
    [
        (Abs(w) ** p, [p > 1], (0, 0)),
        (Abs(w) ** p, [p < 1], (-oo, oo)),
        (Abs(w) ** p, [p > HALF, p < 1], (-oo, oo)),
        (Abs(w) ** p, [p > 1, p < 2], (0, 0)),
        (Abs(w) ** p, [p > 0.5, p > 1.5], (0, 0)),
        (Abs(w) ** c, [c > 1], (0, 0)),
        (Abs(w) ** (p**2), [p > 1], (0, 0)),
        (Abs(w) ** (p**2), [p < 1], (-oo, oo)),
        (1 - exp(-(Abs(w) ** p)), [p > 1], (0, 0)),  # SymPy's limit of the difference quotient is oo
        (exp(Abs(w) ** p), [p < 1], (-oo, oo)),
        (sqrt(1 + Abs(w) ** p), [p > 1], (0, 0)),
        (log(1 + a * Abs(w) ** p), [p < 1], (-oo, oo)),
        (Abs(w) ** p / (1 + Abs(w) ** p), [p > 1], (0, 0)),
        (Abs(w) ** p + Abs(w) ** (2 * p), [p < 1], (-oo, oo)),
        (Max(Abs(w), Abs(w) ** p), [p > 1], (-1, 1)),
        (Max(Abs(w), Abs(w) ** p), [p < 1], (-oo, oo)),
        (Piecewise((c * w, w > 0), (d * w, True)), [c > d], (d, c)),
        (Piecewise((c * w, w > 0), (d * w, True)), [d > 1, c > d], (d, c)),
        (Max(a * w, b * w, -a * w), [a > b], (-a, a)),
        (Max(a * w, b * w, -a * w), [b < a, b > 1], (-a, a)),
        (Piecewise((Abs(w), Abs(w) <= a - b), (0, True)), [a > b], (-1, 1)),
        (Piecewise((Abs(w), Abs(w) <= a - b), (0, True)), [a < b], (0, 0)),
        (Abs(c) * Abs(w), [c < 0], (c, -c)),
        (Piecewise((0, sp.Eq(w, 0)), (c, True)), [c > 0], (-oo, oo)),
        (Piecewise((0, sp.Eq(w, 0)), (c, True)), [c < 0], (oo, -oo)),
    ],
    ids=str,
)
def test_slopes_under_assumptions(expression, assumptions, slopes):
    penalty = Penalty(expression, *assumptions)
    assert penalty.slopes_at_zero == slopes
    if not expression.has(c):
        assert penalty.zero_interval == known_zero_interval(*slopes)


def test_equal_slopes_that_are_written_differently():
    penalty = Penalty(Piecewise(((c - 1) * (c + 1) * w, w > 0), ((c**2 - 1) * w, True)))
    assert sp.expand(penalty.zero_interval.args[0]) == 1 - c**2
    assert isinstance(penalty.zero_interval, sp.FiniteSet)
    assert penalty.kink == 0
    assert penalty.is_singular is False


@pytest.mark.parametrize(
    ("expression", "question", "hint", "assumptions"),
    [
        (Abs(w) ** p, "slopes_at_zero", "p > 1", [p > 1]),
        (a * Abs(w) ** p + w**2, "slopes_at_zero", "p > 1", [p > 1]),
        (Abs(w) ** p + Abs(w) ** (2 * p), "slopes_at_zero", "p > 1", [p > 1]),
        (Abs(w) ** (p**2), "slopes_at_zero", "p > 1", [p > 1]),
        (Abs(w) ** (p**4 + p), "slopes_at_zero", r"p\*\*4 \+ p - 1 > 0", [p > 1]),
        (c * Abs(w), "zero_interval", "c > 0", [c > 0]),
        (c * Abs(w), "is_singular", "c > 0", [c > 0]),
        (Piecewise((c * w, w > 0), (d * w, True)), "is_singular", "c > d", [c > d]),
        (Max(a * w, b * w), "zero_interval", "a [<>] b", [a < b]),
        (Piecewise((Abs(w), Abs(w) <= a - b), (0, True)), "slopes_at_zero", "a [<>] b", [a > b]),
        (Piecewise((0, sp.Eq(w, 0)), (c, True)), "slopes_at_zero", "c > 0", [c > 0]),
        (exp(-(Abs(w) ** p)), "slopes_at_zero", "p > 1", [p > 1]),
        (Abs(w) ** p / (1 + Abs(w) ** (2 * p)), "slopes_at_zero", "p > 1", [p > 1]),
    ],
    ids=str,
)
def test_undecided_names_the_expression_and_the_assumption_that_helps(expression, question, hint, assumptions):
    penalty = Penalty(expression)
    with pytest.raises(UndecidedError, match=rf"an assumption such as {hint} would help$") as caught:
        getattr(penalty, question)
    assert any(str(symbol) in str(caught.value).split(";")[0] for symbol in penalty.parameters)
    getattr(penalty.assuming(*assumptions), question)


@pytest.mark.parametrize("given_already", [[p > HALF], [p < 2], [p < 2, p > Rational(2, 3)]], ids=str)
def test_undecided_speaks_of_the_original_symbols(given_already):
    penalty = Penalty(Abs(w) ** p, *given_already)
    with pytest.raises(UndecidedError, match=r"; an assumption such as p > 1 would help$") as caught:
        _ = penalty.slopes_at_zero
    assert "_p" not in str(caught.value)
    assert penalty.assuming(p > 1).slopes_at_zero == (0, 0)


@pytest.mark.parametrize(
    ("exponent", "hint", "assumptions", "slopes"),
    [
        (c, "c > 0", [c > 1], (0, 0)),
        (2 - p, "p < 2", [p < 1], (0, 0)),
        (2 - p, "p < 2", [p > 1, p < 2], (-oo, oo)),
        (p * (2 - p) + Rational(1, 4), "p < .*", [p > HALF, p < Rational(3, 2)], (0, 0)),
    ],
    ids=str,
)
def test_finiteness_at_zero_may_be_undecided(exponent, hint, assumptions, slopes):
    with pytest.raises(UndecidedError, match=rf"finite at 0; an assumption such as {hint} would help$"):
        Penalty(Abs(w) ** exponent)
    assert Penalty(Abs(w) ** exponent, *assumptions).slopes_at_zero == slopes


@pytest.mark.slow
@pytest.mark.parametrize(
    "expression",
    [Piecewise((w * sin(1 / w), Ne(w, 0)), (0, True)), sp.zeta(2 + Abs(w)), Abs(w) * sp.Function("f")(w)],
    ids=str,
)
def test_where_sympy_is_lost_the_slopes_are_undecided(expression):
    with pytest.raises(UndecidedError):
        _ = Penalty(expression).slopes_at_zero


NASTY = [
    sqrt(Abs(w)),
    sqrt(w**2 + Rational(1, 9)),
    log(1 + w**2),
    Max(Abs(w) - HALF, 0),
    Abs(w) ** Rational("0.7312345678901"),
    Piecewise((Abs(w) ** Abs(w) - 1, Ne(w, 0)), (0, True)),
    1 - sp.cos(w),
    sp.erf(Abs(w)),
    sp.gamma(1 + Abs(w)) - 1,
    Max(*(k * w - k**2 for k in range(-6, 7))),
    sum(Abs(w - k) for k in range(-5, 6)),
    exp(w**2),
    w**200,
    Max(Max(Abs(w), 1) * Min(w, 2), Max(w**2 - 1, 0)),
    (1 + Abs(w)) ** ((1 + Abs(w)) ** Abs(w)),
    1 / (w - 1) ** 2,
]


@pytest.mark.slow
@pytest.mark.parametrize("expression", NASTY, ids=lambda value: str(value)[:40])
def test_nothing_hangs(expression):
    penalty = Penalty(expression)
    assert len(penalty.slopes_at_zero) == 2
    assert penalty.derivative.free_symbols <= {w}
    points = np.array([-1.5, 0.0, 0.25, 2.0])
    assert np.isfinite(penalty(points)).all()
    assert np.isfinite(penalty.gradient(points)).all()
    assert np.isfinite(penalty.prox(points, 0.3)).all()


def test_many_kinks():
    penalty = Penalty(sum(Abs(w - k) for k in range(-10, 11)))
    np.testing.assert_array_equal(penalty([0.0, 2.5, -11.0]), [110, 116.5, 231])
    np.testing.assert_array_equal(penalty.gradient([0.0, 2.0, 2.5, -11.0]), [0, 3, 5, -21])


@pytest.mark.parametrize("expression", [sp.floor(w), sp.frac(w), sp.LambertW(Abs(w))], ids=str)
def test_no_numpy_function_is_undecided(expression):
    penalty = Penalty(expression)
    with pytest.raises(UndecidedError):
        penalty.prox([0.5])


def test_infinitely_many_pieces_are_undecided():
    penalty = Penalty(Abs(sin(w)))
    assert penalty.slopes_at_zero == (-1, 1)
    with pytest.raises(UndecidedError, match="cannot list the borders of the pieces"):
        penalty([1.0])


# Values and gradients

USER = [
    Abs(w - 1) + Abs(w + 2) / 3,
    Max(Abs(w) - Rational(3, 2), 0) + w / 5,
    Piecewise((2 * w, w >= 0), (-3 * w, True)),
    Piecewise((w**2, Abs(w) <= 1), (2 * Abs(w) - 1, Abs(w) <= 3), (5, True)),
    Min(Abs(w), 1) + exp(-((w - 3) ** 2)),
    1 - exp(-((w - 30) ** 2) / 50),
    atan(w) + log(1 + w**2),
    (w - 100) ** 8 / 10**15,
    Abs(Abs(Abs(w) - 2) - 1),
    Abs(w) ** Rational("0.37") + Abs(w - 2) ** Rational(5, 3),
    sp.erf(Abs(w)) + sp.gamma(1 + w**2),
    Piecewise((w**2, w**3 - w - 1 <= 0), (w**2 + 1, True)),
    Piecewise((0, sp.Eq(w, 1)), (2, sp.Eq(w, 2)), (Abs(w), True)),
]


def inner_points(expression):
    return [-30.0, -3.0, -2.5, -2.0, -1.0, -0.3, 1e-9, 0.5, 1.0, 1.3247, 1.5, 2.0, 2.9, 7.25, 20.0, 31.5]


@pytest.mark.parametrize("expression", USER, ids=lambda value: str(value)[:40])
def test_values_of_user_penalties(expression):
    points = [0.0, *inner_points(expression)]
    expected = [float(exact_value(expression, point)) for point in points]
    np.testing.assert_allclose(Penalty(expression)(points), expected, rtol=1e-12, atol=1e-13)


NEAR = Rational(1, 10**20)


def difference_quotient(expression, point, side, h=NEAR):
    digits = 60 - 3 * int(sp.log(h, 10))
    return (
        side
        * (exact_value(expression, Rational(point) + side * h, digits) - exact_value(expression, point, digits))
        / h
    )


@pytest.mark.slow
@pytest.mark.parametrize("expression", USER[:-1], ids=lambda value: str(value)[:40])
def test_gradients_of_user_penalties(expression):
    points = [point for point in inner_points(expression) if point != 1.3247]
    for point, slope in zip(points, Penalty(expression).gradient(points), strict=True):
        left, right = (float(difference_quotient(expression, point, side)) for side in (-1, 1))
        low, high = sorted((left, right))
        np.testing.assert_allclose(slope, np.clip(0.0, low, high), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25)
@given(data=st.data())
def test_values_of_the_catalog(name, data):
    penalty = data.draw(penalty_named(name))
    point = data.draw(numbers_around(1e-12, 0.01, 1.0, 1e6))
    value = penalty(point)
    assert value.shape == ()
    expected = exact_value(penalty.expression, point)
    if expected.is_infinite:
        assert value == np.inf
    else:
        scale = float(exact_value(penalty.expression, max(abs(point), 1e-3)).subs(oo, 0))
        assert abs(value - float(expected)) <= 1e-12 * (scale + abs(float(expected)) + 1e-2)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25)
@given(data=st.data())
def test_gradients_of_the_catalog(name, data):
    penalty = data.draw(penalty_named(name))
    point = data.draw(numbers_around(1e-12, 0.01, 1.0, 1e6))
    if penalty(point) == np.inf:
        with pytest.raises(ValueError, match=r"^x must lie where the penalty is finite, got -"):
            penalty.gradient(point)
        return
    if point == 0:
        left, right = map(float, penalty.slopes_at_zero)
    else:
        h = Rational(point) / 10**25
        left, right = (difference_quotient(penalty.expression, point, side, abs(h)) for side in (-1, 1))
        left, right = (float(slope) if slope.is_finite else -side * np.inf for side, slope in ((-1, left), (1, right)))
    np.testing.assert_allclose(penalty.gradient(point), np.clip(0.0, left, right), rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize(
    ("expression", "point", "convention"),
    [
        (Abs(w), 0, 0.0),
        (2 * w + Abs(w), 0, 1.0),
        (w / 3 - Abs(w - 1), 1, 0.0),
        (Abs(w - 1) - 3 * w, 1, -2.0),
        (Piecewise((0, w <= 1), (1, True)), 1, 0.0),
        (Piecewise((w, w <= 1), (3, True)), 1, 1.0),
        (Abs(w - 2) ** HALF, 2, 0.0),
        (Piecewise((0, Abs(w) <= 1), (oo, True)), 1, 0.0),
        (Piecewise((w, Abs(w) <= 1), (oo, True)), 1, 1.0),
        (Piecewise((-w, Abs(w) <= 1), (oo, True)), -1, -1.0),
        (Piecewise((3 - w, Abs(w) <= 1), (oo, True)), 1, 0.0),
    ],
    ids=str,
)
def test_gradient_at_a_kink_is_the_number_nearest_to_zero_between_the_slopes(expression, point, convention):
    assert Penalty(expression).gradient(point) == convention


def test_shapes_and_types():
    penalty = catalog.elastic_net().at(beta=0.5, a=0.25)
    for x in (2, 2.5, np.float32(1.5), [1, 2], np.arange(6).reshape(2, 3), np.arange(12.0).reshape(3, 4)[::2, ::-1].T):
        for result in (penalty(x), penalty.gradient(x)):
            assert isinstance(result, np.ndarray)
            assert result.dtype == np.float64
            assert result.shape == np.shape(x)
    np.testing.assert_array_equal(penalty([[1, -2]]), [[0.125 + 0.1875, 0.25 + 0.75]])
    np.testing.assert_array_equal(penalty.gradient([[1, -2]]), [[0.125 + 0.375, -0.125 - 0.75]])


def test_constant_pieces_give_arrays():
    zero_norm = Penalty(Piecewise((0, sp.Eq(w, 0)), (1, True)))
    np.testing.assert_array_equal(zero_norm([0.0, 2.0, -1e-300]), [0, 1, 1])
    np.testing.assert_array_equal(zero_norm.gradient([0.0, 2.0, -1e-300]), [0, 0, 0])


def test_outside_the_real_numbers():
    arc = Penalty(sp.acos(w))
    assert arc.slopes_at_zero == (-1, -1)
    for penalty in (arc, Penalty(-log(1 + w)), Penalty(sqrt(3 - w))):  # an end of the real part is an end of a piece
        for function in (penalty, penalty.gradient):
            with pytest.raises(ValueError, match=r"^the penalty must be real, got .* at w = (2|-2|4); for a "):
                function([0.5])
    for function in (hidden := Penalty(sp.erfinv(w / 2)), hidden.gradient):
        assert np.isfinite(function([0.5])).all()
        with pytest.raises(ValueError, match=r"^x must lie where the penalty is real, got 2\.5$"):
            function([0.5, 2.5])
    with pytest.raises(ValueError, match=r"^the penalty must be real next to 0"):
        _ = Penalty(cbrt(w)).slopes_at_zero


def test_where_the_penalty_is_infinite():
    inside = Penalty(Piecewise((-log(1 - w), w < 1), (oo, True)))
    np.testing.assert_array_equal(inside([0.0, 1.0, 2.0]), [0, np.inf, np.inf])
    for point in (1.0, 2.0):
        with pytest.raises(ValueError, match=rf"^x must lie where the penalty is finite, got {point}$"):
            inside.gradient([0.0, point])
    pole = Penalty(1 / Abs(w - 1))
    np.testing.assert_array_equal(pole([0.0, 1.0, 3.0]), [1, np.inf, 0.5])


# The derivative

DERIVATIVES = [catalog.every()[name].expression for name in NAMES] + [
    a * Max(w, 0) + b * Max(-w, 0) ** 2,
    Abs(w - a) + Abs(w) ** 3,
    atan(w / a) + b * w,
    Max(Abs(w) - a, 0),
    w**3 + exp(-Abs(w)),
    Piecewise((a * w, w >= 0), (-b * w, True)),
    Min(Abs(w), a) * b,
    (w - 1) ** 4,
]


@pytest.mark.slow
@pytest.mark.parametrize("expression", DERIVATIVES, ids=lambda value: str(value)[:40])
def test_derivative_agrees_with_the_difference_quotient(expression):
    rng = np.random.default_rng(7)
    penalty = Penalty(expression)
    derivative = penalty.derivative
    assert derivative.free_symbols <= expression.free_symbols
    for _ in range(6):
        numbers = with_numbers(expression, rng)
        for point in (-3, Rational(-1, 7), Rational(1, 9), Rational(int(rng.integers(1, 999)), 100)):
            rho = expression.subs(numbers)
            if rho.subs(w, point) == oo:
                assert derivative.subs(numbers).subs(w, point) is sp.nan
                continue
            left, right = (difference_quotient(rho, point, side) for side in (-1, 1))
            found = sp.N(derivative.subs(numbers).subs(w, point), 30)
            assert abs(found - left) < 1e-15
            assert abs(found - right) < 1e-15


def test_derivative_is_written_as_simply_as_the_expression_allows():
    assert catalog.l2().derivative == 2 * beta * w
    assert catalog.l1().derivative == beta * sp.sign(w)
    assert Penalty(w + w**2).derivative == 1 + 2 * w
    assert catalog.smoothed_l1().derivative == beta * w / sqrt(w**2 + eps**2)
    assert catalog.log_sum().derivative == beta * sp.sign(w) / (Abs(w) + eps)


def test_derivative_under_a_constraint():
    box = Penalty(Piecewise((w**2, Abs(w) <= 1), (oo, True))).derivative
    assert [box.subs(w, point) for point in (-HALF, HALF, 2, -2)] == [-1, 1, sp.nan, sp.nan]
    nowhere = Penalty(Piecewise((0, sp.Eq(w, 0)), (oo, True))).derivative
    assert nowhere is sp.nan


# Numbers, names and messages


def test_at_puts_exact_numbers_in():
    assert catalog.l1().at(beta=0.1).expression == Abs(w) / 10
    assert catalog.l1().at(beta=np.float64(1e-3)).expression == Abs(w) / 1000
    assert catalog.l1().at(beta=3).expression == 3 * Abs(w)
    assert catalog.l1().at(beta=sqrt(2)).expression == sqrt(2) * Abs(w)
    partly = catalog.scad().at(beta=2)
    assert partly.parameters == (a,)
    assert partly.assumptions == (a > 2,)
    assert partly.at(a=3) == catalog.scad().at(a=3, beta=2)
    assert Penalty(0.5 * Abs(w)).expression == Abs(w) / 2


def test_at_keeps_assumptions_between_parameters():
    penalty = Penalty(a * Max(w, 0) + b * Max(-w, 0), a > b)
    assert penalty.at(b=2).assumptions == (a > 2,)
    with pytest.raises(ValueError, match=r"^the penalty needs a > b, got a = 1, b = 2$|got b = 2, a = 1$"):
        penalty.at(a=1, b=2)
    with pytest.raises(ValueError, match=r"^the penalty needs a > 2, got a = 1$"):
        penalty.at(b=2).at(a=1)


@pytest.mark.parametrize(
    ("penalty", "values", "message"),
    [
        (catalog.l1(), {"beta": 0}, r"^beta must be .*positive, got 0$"),
        (catalog.l1(), {"beta": -0.5}, r"^beta must be .*positive, got -1/2$"),
        (catalog.l1(), {"beta": np.nan}, r"^beta must be a finite float, got nan$"),
        (catalog.l1(), {"beta": np.inf}, r"^beta must be a finite float, got inf$"),
        (catalog.elastic_net(), {"beta": 1, "a": 1.5}, r"^the penalty needs a < 1, got a = 3/2$"),
        (catalog.elastic_net(), {"beta": 1, "a": 1}, r"^the penalty needs a < 1, got a = 1$"),
        (catalog.elastic_net(), {"a": 0}, r"^a must be .*positive, got 0$"),
        (catalog.scad(), {"a": 2}, r"^the penalty needs a > 2, got a = 2$"),
        (catalog.mcp(), {"gamma": 1}, r"^the penalty needs gamma > 1, got gamma = 1$"),
        (catalog.lp().assuming(p > 1), {"p": 1}, r"^the penalty needs p > 1, got p = 1$"),
        (Penalty(n * w), {"n": 1}, r"^n must be negative, got 1$"),
        (
            Penalty(Abs(w) ** sp.Symbol("k", integer=True, positive=True)),
            {"k": 1.5},
            r"^k must be .*integer.*, got 3/2$",
        ),
    ],
    ids=str,
)
def test_numbers_outside_the_assumptions(penalty, values, message):
    with pytest.raises(ValueError, match=message):
        penalty.at(**values)


@pytest.mark.parametrize("value", ["0.5", None, True, 1j, [0.5], a, sp.I, oo, sp.nan], ids=repr)
def test_not_a_number_for_a_parameter(value):
    with pytest.raises(TypeError, match=r"^beta must be a real number, got .* of type \w+$"):
        catalog.l1().at(beta=value)


def test_unknown_and_missing_parameters():
    with pytest.raises(TypeError, match=r"^unknown parameter 'lam'; the parameters are a, beta$"):
        catalog.elastic_net().at(lam=1)
    with pytest.raises(TypeError, match=r"^unknown parameter 'beta'; the parameters are none$"):
        catalog.nonnegative().at(beta=1)
    half = catalog.elastic_net().at(beta=1)
    for ask in (
        lambda: half([1.0]),
        lambda: half.gradient([1.0]),
        lambda: half.prox([1.0]),
        lambda: half.numeric_slopes_at_zero,
    ):
        with pytest.raises(
            ValueError, match=r"^penalty must have numbers for its parameters, got .*: use \.at\(a=\.\.\.\)$"
        ):
            ask()


@pytest.mark.parametrize(
    "expression", [2, 0.5, "Abs(w)", None, True, [Abs(w)], np.abs, w > 0, sp.true, sp.Interval(0, 1)], ids=repr
)
def test_not_an_expression(expression):
    with pytest.raises(TypeError, match=r"^expression must be a SymPy expression in exactzeros\.w, got .* type \w+$"):
        Penalty(expression)


@pytest.mark.parametrize(
    "expression",
    [sp.I * w, Abs(w) + sp.I, sqrt(-1 - w**2), w + sp.nan * a, Piecewise((-oo, w > 1), (0, True))],
    ids=str,
)
def test_not_a_real_expression(expression):
    with pytest.raises((TypeError, ValueError), match=r"^expression must "):
        Penalty(expression)


@pytest.mark.parametrize(
    "expression",
    [sp.Integer(0), Abs(sp.Symbol("x", real=True)), Abs(sp.Symbol("w")), sp.Abs(sp.Symbol("w", positive=True))],
)
def test_without_the_symbol_w(expression):
    with pytest.raises(ValueError, match=r"^expression must contain the symbol exactzeros\.w, got "):
        Penalty(expression)


def test_another_symbol_called_w():
    with pytest.raises(ValueError, match=r"^expression must be written in exactzeros\.w, got another symbol called w$"):
        Penalty(Abs(w) + sp.Symbol("w"))


def test_two_parameters_of_one_name():
    with pytest.raises(
        ValueError, match=r"^expression must have one parameter of a name, got several symbols called a$"
    ):
        Penalty(a * Abs(w) + sp.Symbol("a", real=True) * w)


def test_parameter_that_is_not_declared_real():
    with pytest.raises(
        ValueError, match=r"^parameter z must be declared real or positive: sympy\.Symbol\('z', positive=True\)$"
    ):
        Penalty(sp.Symbol("z") * Abs(w))


@pytest.mark.parametrize(
    "expression", [log(Abs(w)), 1 / Abs(w), log(w) / (w - 1), Piecewise((oo, w <= 0), (0, True))], ids=str
)
def test_not_finite_at_zero(expression):
    with pytest.raises(ValueError, match=r"^expression must be finite at w = 0, got \w+ there for "):
        Penalty(expression)


BAD_ARRAYS = [
    (np.nan, ValueError, "must be finite, got nan$"),
    ([0, np.inf], ValueError, r"must be finite, got inf at index \(1,\)$"),
    ([[0, 1], [-np.inf, 2]], ValueError, r"must be finite, got -inf at index \(1, 0\)$"),
    (1j, TypeError, "must hold real numbers, got 1j of dtype complex128$"),
    ("1", TypeError, "must hold real numbers, got '1' of dtype <U1$"),
    ([], ValueError, r"must not be empty, got an array of shape \(0,\)$"),
    (None, TypeError, "must hold real numbers, got None of dtype object$"),
    (True, TypeError, "must hold real numbers, got True of dtype bool$"),
    ([[1], [1, 2]], ValueError, r"must be a rectangular array, got \[\[1\], \[1, 2\]\]$"),
    (w, TypeError, "must hold real numbers, got w of dtype object$"),
]


@pytest.mark.parametrize(("value", "kind", "message"), BAD_ARRAYS, ids=repr)
@pytest.mark.parametrize("name", ["l1", "mcp", "nonnegative"])
def test_bad_points(name, value, kind, message):
    penalty = examples(name)[0]
    for function, argument in ((penalty, "x"), (penalty.gradient, "x"), (penalty.prox, "v")):
        with pytest.raises(kind, match=f"^{argument} {message}"):
            function(value)


def test_assumptions_are_checked():
    with pytest.raises(TypeError, match=r"^an assumption must be a strict inequality such as p > 1, got "):
        Penalty(Abs(w) ** p, p >= 1)
    with pytest.raises(ValueError, match=r"^an assumption must compare a parameter"):
        Penalty(Abs(w) ** p, a > 1)


def test_representations():
    penalty = Penalty(Abs(w) ** p, p > 1)
    assert repr(penalty) == "Penalty(Abs(w)**p, p > 1)"
    assert penalty.assumptions == (p > 1,)
    assert penalty.latex == r"\left|{w}\right|^{p}"
    assert penalty._repr_latex_() == rf"$\displaystyle \rho(w) = {penalty.latex}$"
    assert catalog.smoothed_l1().latex.count(r"\varepsilon") == 2


def test_equality():
    assert catalog.l1() == catalog.l1()
    assert hash(catalog.l1()) == hash(catalog.l1())
    assert catalog.lp().assuming(p > 1) != catalog.lp()
    assert catalog.l1() != catalog.l2()
    assert catalog.l1() != beta * Abs(w)
    assert len({catalog.l1(), catalog.l1(), catalog.l2()}) == 2


def test_numeric_slopes():
    assert catalog.nonnegative().numeric_slopes_at_zero == (-np.inf, 0.0)
    assert catalog.l1().at(beta=sqrt(2)).numeric_slopes_at_zero == (-np.sqrt(2), np.sqrt(2))
    assert mpmath.almosteq(float(Penalty(sp.erf(Abs(w))).numeric_slopes_at_zero[1]), 2 / mpmath.sqrt(mpmath.pi))


def test_a_barrier_has_a_gradient_where_it_is_finite():
    barrier = Penalty(sp.Piecewise((-sp.log(1 - w**2), sp.Abs(w) < 1), (sp.oo, True)))
    np.testing.assert_allclose(barrier.gradient([0.5, -0.5, 0.0]), [4 / 3, -4 / 3, 0])
    np.testing.assert_allclose(barrier.one_sided_slopes([0.5]), [[4 / 3], [4 / 3]])
    with pytest.raises(ValueError, match="x must lie where the penalty is finite"):
        barrier.gradient([1.0])


@pytest.mark.parametrize("size", [sp.sqrt(sp.Abs(w)), sp.Abs(w) ** sp.Rational(1, 3), sp.log(1 + sp.sqrt(sp.Abs(w)))])
@pytest.mark.parametrize("factor", ["c", "-c", "c - 1", "c*d", "c**3"])
def test_an_infinite_slope_of_unknown_sign_is_undecided(size, factor):
    c, d = sp.symbols("c d", real=True)
    penalty = Penalty(sp.sympify(factor, locals={"c": c, "d": d}) * size)
    for name in ("slopes_at_zero", "kink", "zero_interval", "is_singular"):
        with pytest.raises(UndecidedError, match="the sign of the infinite limit of"):
            getattr(penalty, name)


def test_infinite_one_sided_slopes_of_either_sign():
    root = Penalty(sp.sqrt(sp.Abs(w)))
    assert [part.tolist() for part in root.one_sided_slopes([0.0, 4.0])] == [[-np.inf, 0.25], [np.inf, 0.25]]


HIDDEN = {  # kinks that no kink function shows, and the same penalty written with one
    "square root of a square": (sp.sqrt(w**2 - 2 * w + 1), sp.Abs(w - 1)),
    "times a root": (sp.sqrt((w**2 - 2 * w + 1) * (w**2 + 1)), sp.Abs(w - 1) * sp.sqrt(w**2 + 1)),
    "of higher degree": (sp.sqrt(w**4 - 2 * w**2 + 1), sp.Abs(w**2 - 1)),
    "root of a power": ((w**2 - 2 * w + 1) ** sp.Rational(3, 4), sp.Abs(w - 1) ** sp.Rational(3, 2)),
    "arc cosine": (sp.acos(1 / (1 + (w - 1) ** 2)), None),
    "wave": (sp.asin(sp.sin(w)), None),
    "even wave": (sp.acos(sp.cos(w)), None),
    "root of a wave": (sp.sqrt(1 - sp.cos(w) ** 2), None),
    "steps": (sp.Abs(w) + sp.floor(w), None),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HIDDEN)
def test_kinks_that_no_kink_function_shows_are_right_or_undecided(name):
    hidden, plain = HIDDEN[name]
    points = [-1.0, 0.25, 1.0, 1.5]
    try:
        found = Penalty(hidden).one_sided_slopes(points)
    except UndecidedError:
        assert plain is None
    else:
        step = sp.Float("1e-20", 120)
        for side, slopes in zip((-1, 1), found, strict=True):
            for point, slope in zip(points, slopes, strict=True):
                here, there = (
                    sp.N(hidden.subs(w, sp.Rational(point) + sp.Rational(move)), 120) for move in (0, side * step)
                )
                assert slope == pytest.approx(float((there - here) / (side * step)), abs=1e-9)
    for v in (0.9, 1.2, -0.4, 2.9):
        try:
            found = Penalty(hidden).prox(v, 0.5)
        except UndecidedError:
            continue
        assert found == pytest.approx(Penalty(plain).prox(v, 0.5) if plain is not None else found, rel=1e-6)
