"""Odd penalties: each question gets an answer or an error that says what is wrong, never a wrong number."""

import itertools
import re

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Piecewise, cos, exp, log, sin, sqrt

from exactzeros import Penalty, UndecidedError, catalog, w
from exactzeros._derive.timelimit import derived
from penalties import NAMES, objective

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("error")]  # they wait for SymPy
POINTS = np.array([-3.0, -1.0, -0.5, 0.0, 0.25, 1.0, 2.0])
QUESTIONS = {
    "slopes": lambda penalty: penalty.slopes_at_zero,
    "interval": lambda penalty: penalty.zero_interval,
    "derivative": lambda penalty: penalty.derivative,
    "prior": lambda penalty: penalty.prior.density,
    "value": lambda penalty: penalty(POINTS),
    "gradient": lambda penalty: penalty.gradient(POINTS),
    "slopes at points": lambda penalty: penalty.one_sided_slopes(POINTS),
    "where finite": lambda penalty: penalty.is_finite(POINTS),
    "prox": lambda penalty: penalty.prox(POINTS),
    "prox with steps": lambda penalty: penalty.prox(POINTS, np.full(POINTS.shape, 0.3)),
}
ALL_QUESTIONS = pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)


def answers(expression):
    """The answers to all questions; a refusal is the error's message."""
    found = {}
    for name, ask in QUESTIONS.items():
        try:
            found[name] = ask(Penalty(expression))
        except (ValueError, UndecidedError) as error:
            found[name] = str(error)
    return found


class TestNumbers:
    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("size", [-299, -200, -80, 80, 140, 200, 299])
    def test_strengths_of_every_size(self, name, size):
        penalty = catalog.every()[name]
        fixed = {"gamma": 3, "a": 0.5 if name == "elastic_net" else 3.7}
        values = {symbol.name: fixed.get(symbol.name, 10.0**size) for symbol in penalty.parameters}
        try:
            penalty = penalty.at(**values)
            left, right = penalty.numeric_slopes_at_zero
        except (ValueError, UndecidedError) as error:
            assert "must have numbers of a size up to 1e300" in str(error) or name == "log_sum"
            return
        assert left <= right
        for step in (1.0, np.ones(2)):
            at_zero, above = penalty.prox(np.array([0.0, 1.5]), step)
            assert at_zero == 0
            assert 0 <= above <= 1.5

    def test_numbers_that_no_float_can_express(self):
        for number in (sp.Integer(10) ** 400, sp.Float("1e500"), -(sp.Integer(3) ** 700)):
            with pytest.raises(ValueError, match=r"^expression must have numbers of a size up to 1e300, got "):
                Penalty(number * Abs(w))
        with pytest.raises(ValueError, match=r"^beta must have numbers of a size up to 1e300, got 1\.00E\+308$"):
            catalog.l1().at(beta=1e308)

    @pytest.mark.parametrize("size", [-320, -308, -30, 30, 299])
    def test_large_denominators_and_numerators(self, size):
        strength = float(f"1e{size}")
        penalty = catalog.l1().at(beta=strength)
        np.testing.assert_array_equal(penalty([2.0]), [2 * strength])
        np.testing.assert_array_equal(penalty.prox([2.0, -1.0]), np.maximum([2 - strength, 1 - strength], 0) * [1, -1])

    def test_no_strength(self):
        with pytest.raises(ValueError, match=r"^beta must be positive, got 0$"):
            catalog.l1().at(beta=0)
        with pytest.raises(ValueError, match=r"got 0; where nothing is penalized, use None in place of a Penalty$"):
            Penalty(sp.Symbol("beta", nonnegative=True) * Abs(w)).at(beta=0)


GAPS = {
    "sinc": 1 - sp.sinc(w),
    "sine": sin(w) / w,
    "difference": (1 - exp(-(w**2))) / w,
    "cosine": (1 - cos(w)) / w,
    "hyperbolic": (sp.cosh(w) - 1) / w**2,
    "not at 0": sin(w - 1) / (w - 1) + w**2,
    "kink and gap": Abs(w) + (exp(w) - 1) / w,
    "logarithm": w**2 * log(Abs(w)),
    "no gap": exp(sp.Min(Abs(w), 1)) - 1,
    "root of a sum": sqrt(1 + w**2) - 1,
    "exponentials": log(exp(w) + exp(-w)) - log(2),
    "one side": Abs(w) - log(1 + Abs(w)),
}


@pytest.mark.parametrize("name", GAPS)
class TestGaps:
    def reference(self, name, points, order=0):
        function = sp.lambdify(w, sp.diff(GAPS[name], w, order).doit() if order else GAPS[name], "mpmath")
        with mpmath.workdps(120):
            return np.array([float(mpmath.re(function(mpmath.mpf(point)))) for point in points])

    @pytest.mark.parametrize("center", [0, 1])
    def test_no_digits_are_lost_next_to_the_gap(self, name, center):
        away = np.array([1e-12, 1e-9, 1e-6, 1e-4, 0.01, 0.1, 0.7])
        points = center + np.concatenate([-away, away])
        penalty = Penalty(GAPS[name])
        np.testing.assert_allclose(penalty(points), self.reference(name, points), rtol=1e-9, atol=1e-13 * center)
        if "kink" not in name and name != "logarithm":
            expected = self.reference(name, points, 1)
            np.testing.assert_allclose(penalty.gradient(points), expected, rtol=1e-9, atol=1e-11 * center)

    def test_the_operator_minimizes(self, name):
        penalty = Penalty(GAPS[name])
        grid = np.linspace(-4, 4, 8001)
        for v in POINTS:
            found = penalty.prox(v, 0.5)
            assert objective(penalty, found, v, 0.5) <= objective(penalty, grid, v, 0.5).min() + 1e-12


def test_a_value_at_the_gap():
    penalty = Penalty((1 - exp(-(w**2))) / w)
    assert penalty.slopes_at_zero == (1, 1)
    assert penalty(0.0) == 0
    assert penalty.gradient(0.0) == 1
    for jump in (Abs(w) / w, sp.atan(1 / w), 1 / (1 + exp(1 / w))):
        with pytest.raises(ValueError, match=r"^expression must have a value at w = 0, got none, and no limit, for "):
            Penalty(jump)
    assert Penalty(Abs(w) * sp.atan(1 / Abs(w))).slopes_at_zero == (-sp.pi / 2, sp.pi / 2)


PARTLY_UNDEFINED = {
    "acos": sp.acos(w),
    "asin": sp.asin(w),
    "acosh": sp.acosh(1 + w),
    "atanh": sp.atanh(w),
    "log": log(1 + w),
    "barrier": -log(1 - w**2),
    "root": sqrt(w),
    "cube root": sp.cbrt(w),
    "power": w ** sp.Rational(3, 2),
    "circle": 1 - sqrt(1 - w**2),
    "far": sqrt(9 - w),
    "hidden": Abs(w) + sqrt(sp.Max(w, -1) + sp.Rational(1, 2)),
}


@ALL_QUESTIONS
@pytest.mark.parametrize("name", PARTLY_UNDEFINED)
def test_undefined_on_a_part_of_the_line(name, ask):
    penalty = Penalty(PARTLY_UNDEFINED[name])
    try:
        answer = ask(penalty)
    except (ValueError, UndecidedError) as error:
        assert "must be real" in str(error)
        assert "I > 0" not in str(error)
    else:
        assert ask in (QUESTIONS["slopes"], QUESTIONS["interval"])  # they ask only what is next to 0
        assert not sp.sympify(answer).has(sp.I)


def test_what_to_write_instead():
    with pytest.raises(ValueError, match=r"at w = 2; for a constraint write Piecewise\(\(\.\.\., condition\), \(oo, "):
        Penalty(-log(1 - w**2)).prox([0.5])
    inside = Penalty(Piecewise((-log(1 - w**2), Abs(w) < 1), (sp.oo, True)))
    np.testing.assert_allclose(inside.gradient([-0.5, 0.0, 0.5]), [-4 / 3, 0, 4 / 3])
    root = Penalty(sp.real_root(w, 3) ** 2)
    assert root.slopes_at_zero == (-sp.oo, sp.oo)
    np.testing.assert_allclose(root([-8.0, 0.0, 8.0]), [4, 0, 4])


@pytest.mark.parametrize(
    "expression",
    [
        Piecewise((Abs(w), Abs(w) < 1)),
        Piecewise((w**2, w > 1), (0, w < 1)),
        Piecewise((w**2, w > 0)),
    ],
    ids=str,
)
def test_incomplete_pieces(expression):
    found = answers(expression)
    for question in ("value", "gradient", "prox"):
        assert any(text in str(found[question]) for text in ("defined everywhere", "a value everywhere", "a value at"))


class TestJumpsDown:
    EXPRESSIONS = (
        Abs(w) - Piecewise((0, Abs(w) <= 1), (sp.Rational(1, 2), True)),
        sp.Heaviside(w),
        Piecewise((1, w <= 0), (w, True)),
        Piecewise((Abs(w), w < 2), (3, sp.Eq(w, 2)), (w, True)),
        Piecewise((2, w <= 1), (0, w < 3), (1, True)),
        Piecewise((0, w < 1), (sp.oo, True)),
        Piecewise((1, sp.Eq(w, 0)), (0, True)),
        sp.sign(w),
    )
    GRID = np.linspace(-4, 4, 16001)

    @settings(max_examples=40)
    @given(st.sampled_from(EXPRESSIONS), st.floats(-4, 4), st.floats(0.05, 3))
    def test_a_minimizer_or_a_refusal(self, expression, v, step):
        penalty = Penalty(expression)
        least = objective(penalty, self.GRID, v, step).min()
        try:
            found = penalty.prox(np.array([v]), step)
        except ValueError as error:
            assert str(error).startswith(f"no minimizer exists for v = {v:g}: next to w = ")
            border = float(str(error).split("w = ")[1].split()[0])
            near = border + np.array([-1e-9, 1e-9])
            assert objective(penalty, near, v, step).min() < objective(penalty, border, v, step)
            assert objective(penalty, near, v, step).min() <= least + 1e-6
        else:
            assert objective(penalty, found, v, step) <= least + 1e-6

    @pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
    def test_values_and_gradients_at_every_border(self, expression):
        penalty = Penalty(expression)
        for border in (-3, -2, -1, 0, 1, 2, 3):
            value = float(expression.subs(w, border))
            assert penalty(float(border)) == value
            assert penalty.is_finite(float(border)) == np.isfinite(value)

    def test_no_value_is_taken_at_a_pole(self):
        with pytest.raises(ValueError, match=r"^no minimizer exists: next to w = 1 "):
            Penalty(1 / (w - 1)).prox([5.0])


class TestFailures:
    def test_a_question_without_an_answer_is_asked_once(self):
        class Book:
            asked = 0

            @derived
            def answer(self):
                self.asked += 1
                raise UndecidedError("it is not known")

        book = Book()
        for _ in range(3):
            with pytest.raises(UndecidedError, match="^it is not known$"):
                _ = book.answer
        assert book.asked == 1

    def test_no_hint_about_numbers_or_the_variable(self):
        x, p = sp.Dummy("t", positive=True), sp.Symbol("p", real=True)
        for unknown in (sp.I, -1 + sp.I, sp.Integer(3), sin(x) ** 2 - 1, p * sp.I):
            assert UndecidedError("?", unknown=unknown).assumption is None
        assert UndecidedError("?", unknown=p - 1).assumption == "p > 1"

    def test_another_symbol(self):
        for other in (Abs(sp.Symbol("w")), Abs(sp.Symbol("x", real=True))):
            with pytest.raises(ValueError, match=r"write it in `from exactzeros import w`"):
                Penalty(other)


class TestHugeAndTiny:
    """No overflow and no underflow decides: the minimizer is compared with its rivals in numbers of any size."""

    EXPRESSIONS = (
        Abs(w) ** sp.Rational(101, 100),
        Abs(w) ** sp.Rational(99, 100),
        Abs(w) ** sp.pi,
        sqrt(Abs(w - 1)),
        sqrt(Abs(w - 1)) + Abs(w),
        log(1 + sqrt(Abs(w))),
        sqrt(Abs(w) + w**2),
        sqrt(1 + w**2),
        Abs(w) ** sp.Rational(3, 2) + Abs(w - 1),
        Abs(w) ** 3,
        sqrt(Abs(w)) + w**2,
        sp.Min(Abs(w), 1),
        w**2 / (1 + w**2),
        Piecewise((0, Abs(w) <= 1), (1, True)),
        Piecewise((-log(1 - Abs(w)), Abs(w) < 1), (sp.oo, True)),
        Piecewise((1 / (1 - Abs(w)), Abs(w) < 1), (sp.oo, True)),
    )

    @pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
    def test_no_rival_is_better(self, expression):
        function, penalty = sp.lambdify(w, expression, "mpmath"), Penalty(expression)

        def objective(u):
            return mpmath.mpf(step) * function(mpmath.mpf(u)) + (mpmath.mpf(u) - mpmath.mpf(v)) ** 2 / 2

        for step, v in itertools.product((1e-100, 1e-20, 1.0, 1e20), (5e-324, 1e-310, 1e-100, 1e-3, 1.0, 1e100, 1e300)):
            for steps in (step, np.array([step])):
                try:
                    found = float(penalty.prox(np.array([v]), steps)[0])
                except UndecidedError as error:
                    assert v / step > 1e300 and str(error).startswith("the slope of "), error
                    continue
                assert 0 <= found <= max(v, 1) * (1 + 1e-14)
                assert penalty.is_finite(found)
                near = [found * (1 + share) for share in (-0.5, -1e-3, 1e-3, 1.0)]
                with mpmath.workdps(700):
                    # less than rounding of v, or of the smallest float, no float can tell
                    size = mpmath.mpf(max(v, found, 5e-324))
                    noise = 1e-14 * min(size**2, objective(0.0)) + 2 * size * mpmath.mpf(5e-324)
                    assert objective(found) <= min(map(objective, [0.0, 5e-324, 1 - 2.0**-53, 1.0, v, *near])) + noise

    def test_powers_of_small_numbers(self):
        penalty = Penalty(sqrt(w**2 + w**4))
        tiny = np.array([-1e-160, 1e-300])
        np.testing.assert_array_equal(penalty(tiny), np.abs(tiny))
        np.testing.assert_array_equal(penalty.gradient(tiny), [-1, 1])


@pytest.mark.parametrize("expression", [w**4 - w**2, (w**2 - 1) ** 2], ids=str)
def test_a_slope_that_overflows_is_refused(expression):
    with pytest.raises(UndecidedError, match="^the slope of .* overflows before it reaches the minimizer$"):
        Penalty(expression).prox([1e300], 1e-30)
    assert 0 < Penalty(expression).prox(1e300, 1.0) < 1e101


def test_a_barrier_has_a_formula():
    barrier = Penalty(Piecewise((-log(1 - Abs(w)), Abs(w) < 1), (sp.oo, True)))
    assert barrier.prox_formula().subs(w, 3) == 2 - sqrt(2)
    np.testing.assert_allclose(barrier.prox([0.1, -0.49, 0.9], 1e-10), [0.1, -0.49, 0.9], rtol=1e-8)


def test_gradients_keep_their_digits_far_out():
    points = np.array([12.0, 1e8, 1e155])
    np.testing.assert_allclose(Penalty(w**2 / (1 + w**2)).gradient(points), [24 / 145**2, 2e-24, 0], rtol=1e-14)
    expected = [float(mpmath.sech(12) ** 2), 0, 0]
    np.testing.assert_allclose(Penalty(sp.tanh(Abs(w))).gradient(points), expected, rtol=1e-14)


def test_numbers_that_only_evaluation_knows():
    """`li(2)` is a number of which SymPy does not know that it is finite."""
    assert Penalty(sp.li(2 + Abs(w))).slopes_at_zero == (-1 / log(2), 1 / log(2))
    np.testing.assert_allclose(Penalty(sp.Ci(1 + Abs(w)))([0.0]), [float(sp.Ci(1).evalf())], rtol=1e-14)
    with pytest.raises(UndecidedError, match="^neither NumPy nor SciPy can evaluate li"):
        Penalty(sp.li(2 + Abs(w)))([1.0])
    with pytest.raises(UndecidedError, match="^it is not known whether f\\(w\\) is finite at 0$"):
        Penalty(sp.Function("f")(w))
    inside = Penalty(Piecewise((Abs(w), sp.Contains(w, sp.Interval(-1, 1))), (1, True)))
    np.testing.assert_array_equal(inside([0.5, 2.0]), [0.5, 1])


@pytest.mark.parametrize(
    "expression",
    [Abs(w**3 - 2 * w + sp.Rational(1, 2)), Abs(w**5 - w - 1), Abs(w) / (w**4 + w + 1), Abs(w**4 - 3 * w - 1) + w**2],
    ids=str,
)
def test_roots_of_any_degree(expression):
    penalty = Penalty(expression)
    points = np.linspace(-2, 2, 41)
    np.testing.assert_allclose(
        penalty(points), [float(expression.subs(w, sp.Rational(str(x)))) for x in points.round(1)]
    )
    for kink in penalty.kinks:
        left, right = penalty.one_sided_slopes(float(kink))
        step = 1e-7
        np.testing.assert_allclose(penalty(float(kink) + step) - penalty(float(kink)), step * right, rtol=1e-5)
        np.testing.assert_allclose(penalty(float(kink)) - penalty(float(kink) - step), step * left, rtol=1e-5)
    grid = np.linspace(-4, 4, 8001)
    for v in (-2.0, -0.3, 0.4, 1.5):
        assert objective(penalty, penalty.prox(v), v, 1.0) <= objective(penalty, grid, v, 1.0).min() + 1e-12


@pytest.mark.parametrize("name", [*QUESTIONS, "convexity"])
@pytest.mark.parametrize(
    "expression",
    [
        Abs(sin(w)) * Abs(w),
        sp.Symbol("a", real=True) * Abs(w),
        Abs(w) ** sp.Symbol("p", positive=True),
        sp.Max(sp.Symbol("a", real=True) * w, sp.Symbol("b", real=True) * w),
        Abs(w - 1) * (2 + sin(1 / (w - 1))),
        sp.Function("f", real=True)(w),
    ],
    ids=str,
)
def test_messages_name_no_internal_symbol(expression, name):
    try:
        QUESTIONS.get(name, lambda penalty: penalty.has_continuous_prox)(Penalty(expression))
    except (ValueError, TypeError, UndecidedError) as error:
        assert not re.search(r"\b_|Dummy|\bt\b", str(error)), error


@pytest.mark.parametrize("grid", [(0,), (0, 1), (-2, 0, 1)], ids=str)
def test_finite_only_at_points(grid):
    """Constraints to a few values: the operator rounds to the nearest of them."""
    penalty = Penalty(Piecewise(*((0, sp.Eq(w, point)) for point in grid), (sp.oo, True)))
    assert penalty.zero_interval == sp.Reals
    v = np.array([-3.0, -0.9, 0.0, 0.2, 0.7, 5.0])
    nearest = np.array(grid)[np.abs(v[:, np.newaxis] - np.array(grid)).argmin(axis=1)]
    np.testing.assert_array_equal(penalty.prox(v, 0.5), nearest)
    np.testing.assert_array_equal(penalty.prox(v, np.full(v.shape, 2.0)), nearest)
    np.testing.assert_array_equal(penalty.prox(np.tile(v, 20_000)), np.tile(nearest, 20_000))


@pytest.mark.parametrize(
    "expression",
    [9 * w**2 / (3 + w**2), 5 * Abs(w) / (1 + Abs(w)), 8 * w**4 / (1 + w**4), 2 * sqrt(Abs(w)) / (1 + Abs(w))],
    ids=str,
)
def test_the_last_digits_of_lapack_do_not_show(expression, monkeypatch):
    """Its roots differ in them between machines; the operator must not."""
    v = np.linspace(-6, 6, 601)
    expected, plain = Penalty(expression).prox(v), np.roots
    for moved in (3e-16, -5e-16, 2e-15):
        monkeypatch.setattr(np, "roots", lambda coefficients, by=moved: plain(coefficients) * (1 + by))
        np.testing.assert_array_equal(Penalty(expression).prox(v), expected)


@pytest.mark.parametrize(
    ("expression", "limit"),
    [
        (w * sp.coth(w), 1), (w / sp.tanh(w) - 1, 0), (Abs(w) + w * sp.coth(w), 1), (w / sp.sinh(w), 1),
        (w * sp.csch(w), 1), (w / (exp(w) - 1), 1), (log(1 + w**2) / w, 0), ((1 - cos(w)) / w**2, sp.Rational(1, 2)),
    ],
    ids=str,
)  # fmt: skip
def test_a_gap_at_zero_is_filled_with_the_limit(expression, limit):
    penalty = Penalty(expression)
    assert penalty(0.0) == float(limit)
    reference = sp.lambdify(w, expression, "mpmath")
    with mpmath.workdps(50):
        step = mpmath.mpf("1e-12")
        slopes = [float((reference(side * step) - mpmath.mpf(float(limit))) / (side * step)) for side in (-1, 1)]
    assert penalty.numeric_slopes_at_zero == pytest.approx(slopes, abs=1e-10)


def test_sums_products_and_derivatives_are_carried_out():
    k = sp.Symbol("k", integer=True, positive=True)
    for written, meant in (
        (sp.Sum(Abs(w) ** k, (k, 1, 3)), Abs(w) + w**2 + Abs(w) ** 3),
        (sp.Product(1 + k * Abs(w), (k, 1, 2)), (1 + Abs(w)) * (1 + 2 * Abs(w))), (sp.Derivative(w**2 / 2, w), w),
    ):  # fmt: skip
        penalty, other = Penalty(written), Penalty(meant)
        assert penalty.slopes_at_zero == other.slopes_at_zero
        np.testing.assert_allclose(penalty.prox(POINTS), other.prox(POINTS), rtol=1e-12)
    with pytest.raises(TypeError, match="^expression must have a number as its value at each w, got "):
        Penalty(sp.DiracDelta(w) + Abs(w))
