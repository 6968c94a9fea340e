"""The proximal operator as an expression agrees with the numeric one, for all steps for which it is given."""

import mpmath
import numpy as np
import pytest
import sympy as sp
from sympy import Abs, Max, Min, Piecewise, Rational, oo, sign, sqrt

from exactzeros import Penalty, UndecidedError, catalog, w
from penalties import NAMES, examples

beta, gamma, c, s = sp.symbols("beta gamma c s", positive=True)
ULPS = 16 * 2.0**-52
WITHOUT = ["smoothed_l1", "lp(1/2)"]  # no closed form
ODD = [
    Max(Abs(w) - 1, 0),
    Abs(Abs(w) - 1),
    Abs(w - 1),
    Abs(w) + Abs(w - Rational(1, 2)) / 2 + Abs(w + 2) / 3,
    Min(Abs(w), 1),
    3 * Min(Abs(w), 1),
    Min(w**2, 1),
    Min(Abs(w - 2), Abs(w + 1)),
    Abs(w**2 - 1),
    Max(2 * w, -w / 3) + w**2,
    Abs(w) + w / 3,
    w**2 + w,
    sign(w) ** 2,
    Piecewise((0, w <= 1), (2, True)),
    -Abs(w),
    -(w**2) / 5 + Abs(w),
    Abs(w) ** Rational(3, 2) + Abs(w),
    -(Abs(w) ** Rational(3, 2)) / 9,
    sp.log(1 + 3 * Abs(w)) + Abs(w) / 2,
    3 * Piecewise((sp.log(1 + w), w >= 0), (-w, True)),
    Piecewise((0, Abs(w) <= 1), (oo, True)),
    Piecewise((w**2 / 2, (w >= 0) & (w < 1)), (w - Rational(1, 2), w >= 1), (oo, True)),
    Piecewise((Abs(w), w <= 2), (oo, True)),
]


def assert_same(formula, penalty, step, slack=1.0):
    """The formula is evaluated with 60 digits. Next to where the operator jumps either value is right."""
    exact = sp.lambdify(w, formula, "mpmath")
    ends = {float(relation.rhs) for relation in formula.atoms(sp.core.relational.Relational)}
    ends |= {-end for end in ends}
    v = np.concatenate([np.linspace(-9, 9, 361), np.geomspace(1e-9, 1e4, 53), -np.geomspace(1e-9, 1e4, 53), [0.0]])
    v = np.append(v, [end + away for end in ends for away in (-1e-6, 1e-6)])
    v = np.array([each for each in v if all(abs(each - end) > 1e-12 * (1 + abs(end)) for end in ends)])
    with mpmath.workdps(60):
        expected = np.array([float(exact(mpmath.mpf(each))) for each in v])
    found = penalty.prox(v, step)
    np.testing.assert_array_equal(found == 0, expected == 0)
    np.testing.assert_allclose(
        found, expected, rtol=slack * ULPS, atol=slack * ULPS * (1 + max(map(abs, ends), default=0))
    )


@pytest.mark.slow
@pytest.mark.parametrize("step", [0.1, 1.0, 3.0])
@pytest.mark.parametrize("name", [name for name in NAMES if name not in WITHOUT])
def test_with_numbers_it_is_the_operator(name, step):
    for penalty in examples(name):
        assert_same(penalty.prox_formula(step), penalty, step)


@pytest.mark.slow
@pytest.mark.parametrize("step", [0.3, 1.0, 2.0])
@pytest.mark.parametrize("expression", ODD, ids=str)
def test_odd_penalties(expression, step):
    penalty = Penalty(expression)
    assert_same(penalty.prox_formula(step), penalty, step)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name not in WITHOUT])
@pytest.mark.parametrize("numbers", [(2.0, 0.7, 3.0), (0.3, 5.0, 2.5)])
def test_with_symbols_it_holds_for_every_step_below_the_largest(name, numbers):
    symbolic = catalog.every()[name]
    formula, largest = symbolic.prox_formula(s), symbolic.largest_step
    values = dict(zip(["beta", "eps", "a"], numbers, strict=True))
    values |= {"gamma": values["a"], "delta": values["eps"]} | ({"a": 0.4} if name == "elastic_net" else {})
    exact = {symbol: sp.Rational(str(values[symbol.name])) for symbol in symbolic.parameters}
    penalty = symbolic.at(**{symbol.name: value for symbol, value in exact.items()})
    for share in (0.01, 0.5, 0.99):
        step = share * float(largest.subs(exact)) if largest != oo else 10 * share
        assert_same(formula.subs(exact | {s: sp.Rational(step)}), penalty, step, slack=1 / (1 - share))


SHIFTED = [
    beta * Abs(w - 1),
    beta * Max(w, -c * w),
    beta * Abs(w) + w / 3,
    Piecewise((beta * w, w >= 0), (-c * w, True)),
]


@pytest.mark.parametrize("expression", SHIFTED, ids=str)
def test_penalties_that_are_not_even_with_symbols(expression):
    formula = Penalty(expression).prox_formula(s)
    values = {beta: Rational(2, 3), c: Rational(5, 2), s: Rational(7, 5)}
    assert_same(formula.subs(values), Penalty(expression.subs(values)), 1.4)


BENT = [
    (catalog.mcp(), gamma),
    (catalog.log_sum(), catalog.eps**2 / catalog.beta),
    (catalog.scad(), catalog.a - 1),
    (catalog.l1(), oo),
    (catalog.lp(Rational(1, 2)), 0),
    (Penalty(Min(Abs(w), 1)), 0),
    (Penalty(w**2 / (3 + w**2)), 6),  # the second derivative falls to -1/6 and rises again
    (Penalty(Abs(w) - w**2 / 5), Rational(5, 2)),
    (Penalty(Piecewise((0, Abs(w) <= 1), (oo, True))), oo),
    (Penalty(Piecewise((0, Abs(w) < 1), (oo, True))), 0),
]


@pytest.mark.parametrize(("penalty", "expected"), BENT, ids=str)
def test_largest_step(penalty, expected):
    assert penalty.largest_step == expected


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_operator_is_continuous_below_the_largest_step_and_not_beyond(name):
    for penalty in examples(name):
        largest = penalty.largest_step
        if largest != 0:
            below = Rational(99, 100) * largest if largest != oo else 10
            assert Penalty(below * penalty.expression).has_continuous_prox
        if largest != oo:
            beyond = Rational(101, 100) * largest + Rational(1, 10**9)
            assert not Penalty(beyond * penalty.expression).has_continuous_prox


def test_a_root_says_where_the_operator_jumps():
    assert Penalty(sign(w) ** 2).prox_formula() == Piecewise((0, Abs(w) <= sqrt(2)), (w, True), evaluate=False)


@pytest.mark.parametrize("penalty", [catalog.lp(Rational(1, 2)), catalog.smoothed_l1(), Penalty(w**4), catalog.lp()])
def test_without_a_closed_form(penalty):
    with pytest.raises(UndecidedError, match="no closed form is known here"):
        penalty.prox_formula()


def test_what_would_decide_is_named():
    with pytest.raises(UndecidedError) as error:
        catalog.log_sum().prox_formula()
    assert error.value.assumption == "beta < eps**2"
    with pytest.raises(UndecidedError, match="^the proximal operator jumps: its cases need numbers for all symbols$"):
        Penalty(beta * Min(Abs(w), 1)).prox_formula()


def test_bad_steps():
    with pytest.raises(ValueError, match="^step must be positive, got -1$"):
        catalog.l1().prox_formula(-1)
    for step in (sp.Symbol("s"), beta, "1"):
        with pytest.raises(TypeError, match="^step must be a real number, got "):
            catalog.l1().prox_formula(step)


def test_no_minimizer():
    with pytest.raises(ValueError, match="^no minimizer exists: "):
        Penalty(-(w**2)).prox_formula()
    with pytest.raises(ValueError, match="^no minimizer exists: "):
        Penalty(Piecewise((1, w <= 0), (0, True))).prox_formula()
