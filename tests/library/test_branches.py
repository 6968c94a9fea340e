"""Which smooth branch of an expression with kinks holds, decided by signs alone."""

import pytest
import sympy as sp
from sympy import Abs, Heaviside, Max, Min, Piecewise, exp

from exactzeros._derive.branches import branch, deciding_differences, has_kinks

x = sp.Symbol("x", real=True)
c = sp.Symbol("c", real=True)


def at(point):
    return lambda difference: int(sp.sign(difference.subs(x, point)))


@pytest.mark.parametrize(
    ("expression", "point", "expected"),
    [
        (x**2 + exp(x), 1, x**2 + exp(x)),
        (Abs(x - 1), 0, 1 - x),
        (Abs(x - 1), 2, x - 1),
        (Abs(x - 1), 1, 0),
        (sp.sign(x) * x + Heaviside(x - 1), 3, x + 1),
        (Heaviside(x), 0, Heaviside(0)),
        (Heaviside(x, c), 0, c),
        (Max(x, 1, x**2), 2, x**2),
        (Max(x, 1, x**2), sp.Rational(1, 2), 1),
        (Min(x, 1, x**2), 2, 1),
        (Min(x, 1, x**2), sp.Rational(1, 2), x**2),
        (exp(-Max(Abs(x) - 2, 0)), -3, exp(2 + x)),
        (Abs(Abs(Abs(x) - 2) - 1), sp.Rational(-5, 2), 3 + x),
        (Piecewise((1, x < 0), (x, x < 2), (5, True)), -1, 1),
        (Piecewise((1, x < 0), (x, x < 2), (5, True)), 0, x),
        (Piecewise((1, x < 0), (x, x < 2), (5, True)), 2, 5),
        (Piecewise((Abs(x), Abs(x - 1) <= 1), (x**2, True)), sp.Rational(1, 2), x),
        (Piecewise((Abs(x), Abs(x - 1) <= 1), (x**2, True)), -1, x**2),
        (Piecewise((1, sp.And(x > 0, x < 1)), (2, sp.Or(x < -1, x > 2)), (3, True)), sp.Rational(1, 2), 1),
        (Piecewise((1, sp.And(x > 0, x < 1)), (2, sp.Or(x < -1, x > 2)), (3, True)), 5, 2),
        (Piecewise((1, sp.And(x > 0, x < 1)), (2, sp.Or(x < -1, x > 2)), (3, True)), sp.Rational(3, 2), 3),
        (Piecewise((1, sp.Not(sp.And(x > 0, x < 1))), (2, True)), sp.Rational(1, 2), 2),
        (Piecewise((1, sp.Xor(x > 0, x > 1)), (2, True)), sp.Rational(1, 2), 1),
        (Piecewise((1, sp.Xor(x > 0, x > 1)), (2, True)), 3, 2),
        (Piecewise((1, sp.ITE(x > 0, x > 1, x > -1)), (2, True)), sp.Rational(1, 2), 2),
        (Piecewise((1, sp.ITE(x > 0, x > 1, x > -1)), (2, True)), sp.Rational(-1, 2), 1),
        (Piecewise((1, sp.Eq(x, 1)), (2, sp.Ne(x, 2)), (3, True)), 1, 1),
        (Piecewise((1, sp.Eq(x, 1)), (2, sp.Ne(x, 2)), (3, True)), 0, 2),
        (Piecewise((1, sp.Eq(x, 1)), (2, sp.Ne(x, 2)), (3, True)), 2, 3),
        (Abs(c) * x + Max(c, 1), 1, Abs(c) * x + Max(c, 1)),
    ],
    ids=str,
)
def test_branch(expression, point, expected):
    assert branch(expression, x, at(point)) == expected


def test_only_the_branch_that_holds_is_looked_into():
    def fails_on_c(difference):
        assert not difference.has(c)
        return at(1)(difference)

    expression = Piecewise((x, x > 0), (Piecewise((1, c > x), (2, True)), True))
    assert branch(expression, x, fails_on_c) == x


def test_not_defined_everywhere():
    with pytest.raises(ValueError, match=r"^Piecewise\(\(1, x > 0\)\) is not defined everywhere: the last condition "):
        branch(Piecewise((1, x > 0)), x, at(-1))


@pytest.mark.parametrize(
    ("expression", "differences"),
    [
        (x**2, set()),
        (Abs(x - 1), {x - 1}),
        (Max(x, 1, x**2), {x - 1, x**2 - x, x**2 - 1}),
        (Piecewise((1, sp.And(x > 0, x**2 < 2)), (2, sp.Eq(x, 7)), (3, True)), {x, x**2 - 2, x - 7}),
        (Abs(Abs(x) - 2), {x, Abs(x) - 2}),
        (sp.sign(x + 1) + Heaviside(x + 2), {x + 1, x + 2}),
    ],
    ids=lambda value: "" if isinstance(value, set) else str(value),
)
def test_deciding_differences(expression, differences):
    found = deciding_differences(expression)
    assert {abs(sp.expand(one)) for one in found} == {abs(one) for one in differences}


def test_inner_differences_come_first():
    found = deciding_differences(Abs(Abs(Abs(x) - 2) - 1))
    assert found == [x, Abs(x) - 2, Abs(Abs(x) - 2) - 1]


def test_has_kinks():
    assert not has_kinks(exp(x) + sp.sqrt(x**2 + 1))
    assert all(
        map(
            has_kinks,
            (1 + Abs(x), exp(Max(x, 0)), Min(x, 1), sp.sign(x), Heaviside(x), Piecewise((1, x > 0), (2, True))),
        )
    )
