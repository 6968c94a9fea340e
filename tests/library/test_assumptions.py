"""Bounds on parameters: SymPy sees them as positive symbols, numbers keep them, and a contradiction is an error."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from sympy import Rational

from exactzeros import UndecidedError
from exactzeros._derive.assumptions import Assumptions, exact, rational

a, b, p = sp.symbols("a b p", positive=True)
c, d = sp.symbols("c d", real=True)
n = sp.Symbol("n", negative=True)
SYMBOLS = {a, b, p, c, d, n}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.1, Rational(1, 10)),
        (1e-300, Rational(1, 10**300)),
        (1e22, sp.Integer(10**22)),
        (3, sp.Integer(3)),
        (np.int64(-7), sp.Integer(-7)),
        (Fraction(1, 3), Rational(1, 3)),
        (np.float64(0.25), Rational(1, 4)),
        (sp.Float("0.3"), Rational(3, 10)),
        (sp.sqrt(2), sp.sqrt(2)),
        (sp.pi / 2, sp.pi / 2),
        (0.1 * sp.pi, sp.pi / 10),
        (2.0, sp.Integer(2)),
        (-0.0, sp.Integer(0)),
        (2**60 + 1, sp.Integer(2**60 + 1)),
    ],
    ids=repr,
)
def test_exact(value, expected):
    found = exact("beta", value)
    assert found == expected
    assert not found.atoms(sp.Float)


def test_rational_leaves_the_rest_alone():
    assert rational(0.5 * sp.Abs(c) ** 1.5 + sp.sqrt(2)) == sp.Abs(c) ** Rational(3, 2) / 2 + sp.sqrt(2)
    piecewise = sp.Piecewise((0.5 * c, c < 0.25), (1, True))
    assert rational(piecewise) == sp.Piecewise((c / 2, c < Rational(1, 4)), (1, True))


@pytest.mark.parametrize(
    ("given", "expression"),
    [
        ([p > 1], p - 1),
        ([p < 1], 1 - p),
        ([p > 1, p < 2], (p - 1) * (2 - p)),
        ([p > 0.5, p > 1], p - 1),
        ([p < 3, p < 2], 2 - p),
        ([c > 0], c),
        ([c < -1], -1 - c),
        ([c > -1, c < 1], 1 - c**2),
        ([n > -1], 1 + n),
        ([n < -2], -2 - n),
        ([a > b], a - b),
        ([b < a], a - b),
        ([a > b, b > 1], a * b - 1),
        ([b > 1, a > b], a - 1),
        ([c > d], c - d),
        ([c > d, d > a], c - a),
        ([a < b * p], b * p - a),
        ([p > 1], p - 1),
        ([p > sp.sqrt(2)], p**2 - 2),
    ],
    ids=str,
)
def test_what_follows_is_known(given, expression):
    assumptions = Assumptions(SYMBOLS, given)
    positive = assumptions.to_positive(expression)
    assert sp.factor(positive).is_positive
    assert not positive.free_symbols & {
        symbol for condition in given for symbol in condition.lhs.free_symbols if condition.rhs.is_number
    }
    assert sp.simplify(assumptions.from_positive(positive) - expression) == 0


def test_other_symbols_are_left_alone():
    assumptions = Assumptions(SYMBOLS, [p > 1])
    assert assumptions.to_positive(a + c) == a + c
    assert assumptions.from_positive(a + c) == a + c


@pytest.mark.parametrize("given", [[p < 0], [p < -1], [p > 2, p < 2], [p > 2, p < 1], [n > 0], [c > 1, c < 0]], ids=str)
def test_nothing_is_left(given):
    if sp.false in given:
        with pytest.raises(TypeError, match="must be a strict inequality"):
            Assumptions(SYMBOLS, given)
    else:
        with pytest.raises(ValueError, match=r"^the assumptions \(.*\) leave no value for [cpn]$"):
            Assumptions(SYMBOLS, given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([a > b, b > a], "go round in a circle"),
        ([c > d, d > 2 * c], "go round in a circle"),
        ([a > b, a > p], "leave it open which bound on a is the sharper"),
        ([a < b + 1, a < 2 * p], "leave it open which bound on a is the sharper"),
        ([a > c], "leave it open which bound on a is the sharper"),
    ],
    ids=str,
)
def test_bounds_that_are_too_much(given, message):
    with pytest.raises(ValueError, match=rf"^the assumptions \(.*\) {message}$"):
        Assumptions(SYMBOLS, given)


@pytest.mark.parametrize(
    "condition", [p >= 1, sp.Eq(p, 1), sp.Ne(p, 1), sp.true, True, "p > 1", p, None, p > 0], ids=repr
)
def test_not_a_strict_inequality(condition):
    with pytest.raises(TypeError, match=r"^an assumption must be a strict inequality such as p > 1, got "):
        Assumptions(SYMBOLS, [condition])


@pytest.mark.parametrize(
    "condition", [sp.Symbol("x", real=True) > 1, p > sp.Symbol("x", real=True), p**2 > 1, p + a > 1, 2 * p > 1], ids=str
)
def test_not_a_bound_on_a_parameter(condition):
    with pytest.raises(
        ValueError, match=r"^an assumption must compare a parameter with a number or with other ones, got "
    ):
        Assumptions({a, p}, [condition])


def test_with_numbers():
    assumptions = Assumptions(SYMBOLS, [p > 1, p < 2, a > b])
    assert assumptions.with_numbers({}) == [p > 1, p < 2, a > b]
    assert assumptions.with_numbers({p: Rational(3, 2)}) == [a > b]
    assert assumptions.with_numbers({b: sp.Integer(3)}) == [p > 1, p < 2, a > 3]
    assert assumptions.with_numbers({a: sp.Integer(3)}) == [p > 1, p < 2, sp.Gt(3, b)]
    assert assumptions.with_numbers({a: sp.Integer(3), b: sp.Integer(2), p: sp.sqrt(2)}) == []


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({p: sp.Integer(1)}, r"^the penalty needs p > 1, got p = 1$"),
        ({p: sp.Integer(2)}, r"^the penalty needs p < 2, got p = 2$"),
        (
            {a: sp.Integer(1), b: sp.Integer(1), p: Rational(3, 2)},
            r"^the penalty needs a > b, got (a|b) = 1, (a|b) = 1$",
        ),
        ({a: sp.Integer(0)}, r"^a must be .*positive, got 0$"),
        ({n: sp.Integer(0)}, r"^n must be .*negative.*, got 0$"),
        ({sp.Symbol("q", nonnegative=True): sp.Integer(-1)}, r"^q must be nonnegative, got -1$"),
        ({sp.Symbol("k", integer=True): Rational(1, 2)}, r"^k must be integer, got 1/2$"),
        ({sp.Symbol("z", real=True, nonzero=True): sp.Integer(0)}, r"^z must be nonzero, got 0$"),
    ],
    ids=str,
)
def test_numbers_that_violate_an_assumption(numbers, message):
    with pytest.raises(ValueError, match=message):
        Assumptions(SYMBOLS, [p > 1, p < 2, a > b]).with_numbers(numbers)


def test_number_on_the_border_of_a_symbol_that_includes_it():
    q = sp.Symbol("q", nonnegative=True)
    assert Assumptions({q}, []).with_numbers({q: sp.Integer(0)}) == []


def test_undecided_errors_are_translated():
    assumptions = Assumptions(SYMBOLS, [p > Rational(1, 2)])
    positive = assumptions.to_positive(p - 1)
    with (
        pytest.raises(UndecidedError, match=r"^the sign of p - 1 is open; an assumption such as p > 1 would help$"),
        assumptions.in_own_symbols(),
    ):
        raise UndecidedError("the sign of {} is open", positive, unknown=positive)
    with pytest.raises(UndecidedError, match=r"^no \{braces\} here$"), assumptions.in_own_symbols():
        raise UndecidedError("no {braces} here")
