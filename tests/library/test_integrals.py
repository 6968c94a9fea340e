"""The integrals that are known in closed form agree with quadrature, and with symbols they are the same."""

import mpmath
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exactzeros import Penalty, w
from exactzeros._derive.halfline import t
from exactzeros._derive.integrals import known_integral
from exactzeros._derive.quadrature import integral

pytestmark = pytest.mark.slow  # SymPy integrates

numbers = st.fractions(-3, 3, max_denominator=8).map(lambda number: sp.Rational(number.numerator, number.denominator))
positive = numbers.map(lambda number: abs(number) + sp.Rational(1, 8))
SYMBOLS = a, b, c, k, p, low, width = sp.symbols("a b c k p low width", positive=True)
real = sp.Symbol("real", real=True)


def unchanged(number):
    return number


def assert_right(mass, start, end):
    found = known_integral(mass, start, end, unchanged)
    with mpmath.workdps(30):
        function = sp.lambdify(t, mass, "mpmath")
        expected = mpmath.quad(function, [start, end] if end != sp.oo else [start, start + 1, start + 10, mpmath.inf])
    assert float(sp.N(found, 15, strict=True)) == pytest.approx(float(expected), rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(numbers, numbers, numbers, positive, numbers.map(abs), positive)
def test_the_exponential_of_a_parabola_over_an_interval(a, b, c, k, low, width):
    assert_right(k * sp.exp(-a * t**2 - b * t - c), low, low + width)


@settings(max_examples=60, deadline=None)
@given(numbers.map(abs), numbers, numbers, positive, numbers.map(abs))
def test_the_exponential_of_a_parabola_over_a_half_line(a, b, c, k, low):
    assume(a > 0 or b > 0)
    assert_right(k * sp.exp(-a * t**2 - b * t - c), low, sp.oo)


@settings(max_examples=40, deadline=None)
@given(positive, numbers, positive, positive)
def test_the_exponential_of_a_power(b, c, k, p):
    found = known_integral(k * sp.exp(-b * t**p - c), sp.S.Zero, sp.oo, unchanged)
    assert float(found) == pytest.approx(integral(k * sp.exp(-b * t**p - c)), rel=1e-8)


@settings(max_examples=40, deadline=None)
@given(positive, positive, positive, positive, numbers.map(abs))
def test_a_power_of_a_line(a, b, k, excess, low):
    mass = k * (a + b * (low + t)) ** -(1 + excess)
    assert float(known_integral(mass, sp.S.Zero, sp.oo, unchanged)) == pytest.approx(
        float(known_integral(mass.subs(t, t - low), low, sp.oo, unchanged)), rel=1e-12
    )
    assume(excess > sp.Rational(1, 2))  # else quadrature takes long
    assert float(known_integral(mass, sp.S.Zero, sp.oo, unchanged)) == pytest.approx(integral(mass), rel=1e-8)


@pytest.mark.parametrize(
    ("mass", "end"),
    [
        (sp.exp(-a * t**2 - b * t - c), sp.oo), (sp.exp(a * t**2 - b * t), low + width), (k * sp.exp(-b * t), sp.oo),
        (k * sp.exp(b * t), low + width), (k, low + width), (k * (a + b * t) ** (-1 - c), sp.oo),
        (k * sp.exp(-(1 + c) * sp.log(1 + t / b)), sp.oo),
    ],
    ids=str,
)  # fmt: skip
@settings(max_examples=20, deadline=None)
@given(st.lists(positive, min_size=len(SYMBOLS), max_size=len(SYMBOLS)))
def test_symbols_give_the_formula_for_all_numbers(mass, end, chosen):
    values = dict(zip(SYMBOLS, chosen, strict=True))
    formula = known_integral(mass, low, end, unchanged).subs(values)
    direct = known_integral(mass.subs(values), values[low], end.subs(values), unchanged)
    assert sp.N(formula, 15) == pytest.approx(sp.N(direct, 15), rel=1e-9)


@pytest.mark.parametrize(
    ("mass", "end"),
    [
        (sp.exp(-real * t**2), sp.S.One),  # the sign is not known
        (sp.exp(-real * t), sp.S.One),  # it may be 0
        ((1 + t) ** -p, sp.oo),  # it may be infinite
        (sp.exp(-(t**3)), sp.S.One),
        ((a + b * t**2) ** -3, sp.oo),
        (t * sp.exp(-t), sp.oo),
        (sp.exp(-sp.sqrt(1 + t**2)), sp.oo),
        (sp.exp(-t - sp.sqrt(t)), sp.oo),
        (sp.exp(-sp.sqrt(t)) / (1 + t), sp.oo),
    ],
    ids=str,
)
def test_what_is_not_known(mass, end):
    assert known_integral(mass, sp.S.Zero, end, unchanged) is None


@settings(max_examples=25, deadline=None)
@given(positive, positive, st.lists(numbers, min_size=1, max_size=2), numbers.map(abs))
def test_the_prior_of_a_penalty_with_kinks(strength, slope, kinks, curvature):
    expression = slope * sp.Abs(w) + curvature * w**2 + sum(strength * sp.Abs(w - kink) for kink in kinks)
    mass = sp.exp(-expression)
    expected = sum(integral(mass.subs(w, side * t)) for side in (1, -1))
    total = Penalty(expression).prior.normalizer
    assert not total.has(sp.Float) and float(total) == pytest.approx(expected, rel=1e-8)
