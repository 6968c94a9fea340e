"""Limits, signs and pieces on one half line, especially where SymPy alone is silently wrong."""

import pytest
import sympy as sp
from sympy import Abs, Max, Piecewise, Rational, exp, log, oo, sin, sqrt

from exactzeros import UndecidedError
from exactzeros._derive import halfline
from exactzeros._derive.halfline import (
    breakpoints,
    half_line,
    initial_slope,
    inside,
    last_piece,
    limit_at_infinity,
    limit_at_zero,
    next_to_zero,
    piece_at,
    sample_values,
    sign_of,
    singular_points,
    slopes_at_zero,
    stretches,
    t,
)

x = sp.Symbol("x", real=True)
c = sp.Symbol("c", real=True)
a, b, p = sp.symbols("a b p", positive=True)
n = sp.Symbol("n", negative=True)
k = sp.Symbol("k", positive=True, integer=True)


@pytest.mark.parametrize(
    ("expression", "side", "expected"),
    [
        (Abs(x) + x, 1, 2 * t),
        (Abs(x) + x, -1, 0),
        (Max(x, -2 * x), -1, 2 * t),
        (Abs(x - 1), 1, Piecewise((t - 1, t - 1 >= 0), (1 - t, True))),
        (a * Piecewise((x, x < 1), (1, True)) + 1, 1, Piecewise((a * t + 1, t < 1), (a + 1, True))),
    ],
    ids=str,
)
def test_half_line(expression, side, expected):
    assert sp.simplify(half_line(expression, x, side) - expected) == 0


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (Piecewise((1, t > 1), (t, True)), t),
        (Piecewise((1, t < a), (t, True)), 1),
        (Piecewise((1, a * t > b * t**2), (t, True)), 1),
        (Piecewise((1, t**2 > a * t), (t, True)), t),
        (Piecewise((1, t - sin(t) > 0), (t, True)), 1),
        (Piecewise((1, exp(t) - 1 - t > t**2), (t, True)), t),
        (Piecewise((1, sqrt(t) > 5 * t), (t, True)), 1),
        (Piecewise((1, sp.Eq(t * a - t * a, 0)), (t, True)), 1),
        (Piecewise((1, (t + 1) ** 2 - t**2 - 2 * t - 1 >= 0), (t, True)), 1),
        (Abs(t - a) + Max(t, t**2), a),
        (Abs(log(t)), -log(t)),
    ],
    ids=str,
)
def test_piece_next_to_zero(expression, expected):
    assert sp.expand(next_to_zero(expression) - expected) == 0


def test_piece_next_to_zero_may_be_undecided():
    with pytest.raises(UndecidedError, match=r"the sign of .* is not known; an assumption such as a > b would help$"):
        next_to_zero(Piecewise((1, t * a > t * b), (t, True)))
    with pytest.raises(UndecidedError, match=r"the sign of .* is not known; an assumption such as a > b would help$"):
        next_to_zero(Piecewise((1, (t < 1) & (a > b)), (t, True)))
    with pytest.raises(UndecidedError, match="SymPy finds no limit"):
        next_to_zero(Piecewise((1, sin(1 / t) > 0), (t, True)))


@pytest.mark.parametrize(
    ("expression", "start", "slope"),
    [
        (t * a, 0, a),
        (a * t**2 + 3, 3, 0),
        (sqrt(t), 0, oo),
        (-sqrt(t), 0, -oo),
        (sp.Integer(1), 0, oo),
        (oo, sp.Integer(0), oo),
        (a, a + 1, -oo),
        ((exp(a * t) - 1) / (1 + t), 0, a),
        (log(1 + t**2) / t, 0, 1),
        (t ** (1 + p), 0, 0),
        (t ** (1 / (1 + p)), 0, oo),
        (n * t, 0, n),
        (t**k * sqrt(t), 0, 0),
        (t / (1 - log(t)), 0, 0),
        (-t * log(t), 0, oo),
        (sin(t) * t ** Rational(1, 1000), 0, 0),
        (1 - exp(-(t ** (1 + p))), 0, 0),
        (Piecewise((a * t, t < 1), (7, True)), 0, a),
    ],
    ids=str,
)
def test_initial_slope(expression, start, slope):
    assert initial_slope(sp.sympify(expression), sp.sympify(start)) == slope


@pytest.mark.parametrize(
    ("expression", "slopes"),
    [(Piecewise((a * x, x >= 0), (-b * x, True)), (-b, a)), (Abs(x) ** Rational(1, 2), (-oo, oo)), (3 * x, (3, 3))],
    ids=str,
)
def test_slopes_at_zero(expression, slopes):
    assert slopes_at_zero(expression, x) == slopes


FRACTIONS = [
    a / (b + t), t**2 / (a + t), (a * t + b) / (b**2 * t + t**3), (t - a) / (2 * t + 3), a * t**2 - b * t, a / t + 3,
    -(t**3) / (a * t + t**2) ** 2, (a + b) * t / (t + t**2), (t**2 - 1) / (t - 1), t / (a + t) - a / (a + t),
    sp.Integer(3),
]  # fmt: skip


@pytest.mark.parametrize("fraction", FRACTIONS, ids=str)
def test_the_limits_of_a_fraction_are_those_of_sympy(fraction):
    for found, limit in (
        (limit_at_zero(fraction), sp.limit(fraction, t, 0, "+")),
        (limit_at_infinity(fraction), sp.limit(fraction, t, oo)),
    ):
        assert found == limit or sp.simplify(found - limit) == 0


@pytest.mark.parametrize("wrong", [sp.Integer(2), sp.Integer(0), oo, -oo, Rational(99999, 100000), sp.nan], ids=str)
def test_a_wrong_limit_is_not_believed(monkeypatch, wrong):
    """Numbers close to 0 must not contradict SymPy's answer."""
    monkeypatch.setattr(halfline, "limit_at_zero", lambda form: wrong)
    with pytest.raises(UndecidedError, match=r"disagrees with its numerical values$"):
        initial_slope.__wrapped__(t + t**2 + sin(t) * t, sp.Integer(0))


def test_a_limit_that_is_right_only_for_some_parameters_is_not_believed(monkeypatch):
    monkeypatch.setattr(halfline, "limit_at_zero", lambda form: oo)
    with pytest.raises(UndecidedError, match=r"disagrees with its numerical values$"):
        initial_slope.__wrapped__(t ** (2 - p), sp.Integer(0))  # oo for 1 < p < 2 alone


@pytest.mark.parametrize("wrong", [oo, -oo], ids=str)
def test_a_finite_slope_is_not_taken_for_an_infinite_one(monkeypatch, wrong):
    monkeypatch.setattr(halfline, "limit_at_zero", lambda form: wrong)
    for expression in (-3 * t - t * sqrt(t), -3 * t + t * sqrt(t), 3 * t - t * sqrt(t), 3 * t + t * sqrt(t)):
        with pytest.raises(UndecidedError, match=r"disagrees with its numerical values$"):
            initial_slope.__wrapped__(expression, sp.Integer(0))


@pytest.mark.parametrize("wrong", [sp.Integer(1), a, oo], ids=str)
def test_a_wrong_sign_is_not_believed(monkeypatch, wrong):
    monkeypatch.setattr(halfline, "limit_at_zero", lambda form: wrong)
    with pytest.raises(UndecidedError, match=r"^SymPy's sign of .* disagrees with its numerical values$"):
        next_to_zero(Abs(a * t**2 - t + t**3))


def test_not_real():
    with pytest.raises(
        ValueError, match=r"^the penalty must be real next to 0; its difference quotient .* is .*I for \{\|w\|: "
    ):
        initial_slope(sp.log(-t) - sp.log(t), sp.Integer(0))


def test_no_value():
    with pytest.raises(UndecidedError, match=r"^SymPy has no value of f\(\|w\|\) for \|w\| = 1/10"):
        initial_slope(t * sp.Function("f")(t), sp.Integer(0))


@pytest.mark.parametrize(
    ("expression", "limit"),
    [
        (1 / t, 0),
        (t * a, oo),
        (Piecewise((t, t < a), (3 + 1 / t, True)), 3),
        (Max(t, 5) / t, 1),
        (-exp(t), -oo),
        (a + 0 * t, a),
    ],
    ids=str,
)
def test_limit_at_infinity(expression, limit):
    assert limit_at_infinity(expression) == limit


def test_limits_that_do_not_exist_or_have_no_known_sign():
    with pytest.raises(UndecidedError, match=r"^SymPy finds no limit of sin\(\|w\|\) as \|w\| -> oo$"):
        limit_at_infinity(sin(t))
    with pytest.raises(
        UndecidedError, match=r"^the sign of the infinite limit of .* as \|w\| -> oo is not known; .* c > 0 would help$"
    ):
        limit_at_infinity(c * t)
    with pytest.raises(
        UndecidedError,
        match=r"^the sign of the infinite limit of .* as \|w\| -> 0\+ is not known; .* a [<>] b would help$",
    ):
        limit_at_zero((a - b) / t)
    with pytest.raises(
        UndecidedError, match=r"^SymPy cannot decide the limit of .* as \|w\| -> 0\+ .*; .* p > 1/2 would help$"
    ):
        limit_at_zero(t ** (2 * p - 1) + t**p)


def test_last_piece():
    assert last_piece(Piecewise((t, t < a), (t**2, t < 5 * a), (a * t, True))) == a * t
    assert last_piece(Max(t, t**2 / 9)) == t**2 / 9
    assert last_piece(exp(t)) == exp(t)


@pytest.mark.parametrize(
    ("expression", "sign"),
    [
        (sp.Integer(0), 0),
        (a, 1),
        (-a * b, -1),
        (oo, 1),
        (-oo, -1),
        (a**2 + 2 * a * b + b**2, 1),
        ((c - 1) * (c + 1) - c**2 + 1, 0),
        (1 / (1 + a) - 1, -1),
        (n, -1),
        (sqrt(2) - Rational(141421356, 10**8), 1),
        (a / b - 1 + (b - a) / b, 0),
    ],
    ids=str,
)
def test_sign(expression, sign):
    assert sign_of(expression) == sign


@pytest.mark.parametrize(
    ("expression", "hint"),
    [
        (p - 1, "p > 1"),
        (1 - p, "p < 1"),
        (c, "c > 0"),
        (-c, "c < 0"),
        (2 * c - 3, "c > 3/2"),
        (a - b, "a > b"),
        (p**2 - 2, r"p > sqrt\(2\)"),
        (p * (a - 1), "a > 1"),
        (c**2 - 4, "c > 2"),
        (n + 3, "n > -3"),
        (2 * p / (1 + p) - 1, "p > 1"),
        (log(p) - 1, "p > E"),
        (1 - (p - 2) ** 2, "p > 1 and p < 3"),
        (a - b * p, r"a > b\*p"),
        (sp.Function("f")(p), r"f\(p\) > 0"),
    ],
    ids=str,
)
def test_unknown_sign_says_what_would_help(expression, hint):
    with pytest.raises(
        UndecidedError, match=rf"^the sign of .* is not known; an assumption such as {hint} would help$"
    ):
        sign_of(expression)


@pytest.mark.parametrize(
    ("expression", "points"),
    [
        (t**2, []),
        (Abs(t - 1) + Abs(t + 1) + Abs(2 * t - 5), [1, Rational(5, 2)]),
        (Abs(Abs(Abs(t) - 4) - 1), [3, 4, 5]),
        (Max(t, t**2, 6), [1, sqrt(6), 6]),
        (Piecewise((t, (t < 3) & (t > 1)), (1, sp.Eq(t, 7)), (2, True)), [1, 3, 7]),
        (Piecewise((Abs(t - 2), Abs(t - 3) <= 2), (0, True)), [1, 2, 3, 5]),
        (Max(Piecewise((1, t < 2), (3, True)), t), [1, 2, 3]),
    ],
    ids=str,
)
def test_breakpoints(expression, points):
    assert breakpoints(expression) == points


@pytest.mark.parametrize(
    "expression", [Abs(sin(t)), Piecewise((1, t < exp(-t)), (0, True)), Abs(t - sp.Function("f")(t))], ids=str
)
def test_breakpoints_that_cannot_be_listed(expression):
    with pytest.raises(UndecidedError, match="borders of the pieces"):
        breakpoints(expression)


def test_singular_points():
    assert singular_points(1 / (t - 1) + 1 / (t + 1) + log(t - 3) + t**2) == {1, 3}
    assert singular_points(exp(t) + sqrt(t)) == set()
    assert singular_points((t - 2) ** Rational(2, 3) + sqrt(t + 1)) == {2}
    assert singular_points(sp.asin(t / 2) + sp.acos(t - 3)) == {2, 4}


@pytest.mark.parametrize("expression", [sp.Pow(t - 1, sp.zoo, evaluate=False), sp.asin(sin(t))], ids=str)
def test_singular_points_that_cannot_be_listed(expression):
    with pytest.raises(UndecidedError, match=r"^SymPy cannot (find|list) the borders of the pieces of "):
        singular_points(expression)


def test_jumps_are_not_listed():
    with pytest.raises(UndecidedError, match=r"^the jumps of floor"):
        singular_points(sp.floor(t))


def test_stretches_and_points_inside():
    assert stretches([]) == [(0, oo)]
    assert stretches([2, 1, -1, 0]) == [(0, 1), (1, 2), (2, oo)]
    assert stretches([1, 2, 3, 4], 1, 3) == [(1, 2), (2, 3)]
    assert inside(1, 2) == Rational(3, 2) or inside(1, 2) == 1.5
    assert inside(sp.Integer(3), oo) == 4


def test_piece_at():
    expression = Piecewise((Abs(t - 2), t <= 3), (sp.Integer(9), True))
    assert [piece_at(expression, sp.Integer(point)) for point in (1, 2, 3, 4)] == [2 - t, 0, t - 2, 9]
    tiny = Piecewise((1, exp(-t) > 0), (2, True))
    assert piece_at(tiny, sp.Integer(10**4)) == 1
    hidden_zero = Piecewise((1, t - sqrt(5 + 2 * sqrt(6)) + sqrt(3) <= 0), (2, True))
    assert piece_at(hidden_zero, sqrt(2)) == 1


def test_sample_values_suit_their_symbols():
    values = sample_values(a * n * k * c * t)
    assert set(values) == {a, n, k, c}
    assert values[a] > 0 > values[n]
    assert values[k].is_integer
    assert len(set(sample_values(sum(sp.symbols("s0:5", positive=True))).values())) == 5
