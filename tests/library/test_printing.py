"""Printed functions neither overflow nor warn, and need SciPy for nothing that NumPy knows."""

import subprocess
import sys
import warnings
from pathlib import Path

import mpmath
import numpy as np
import pytest
import sympy as sp
from sympy import cosh, exp, log, sqrt, tanh

from exactzeros import Penalty, w
from exactzeros._derive.halfline import t
from exactzeros._derive.printing import to_numpy
from penalties import NAMES, examples

OVERFLOWING = [
    log(1 + exp(t)), log(1 + exp(-t)), log(cosh(t)), log(3 + exp(t) + exp(-2 * t)), sqrt(t**2 + 1), log(1 + t**2),
    t**2 / (1 + t**2), t * tanh(t), 1 - exp(-(t**2)), log(1 + 5 * exp(3 * t)) / 3, (1 + t**3) ** sp.Rational(1, 3),
]  # fmt: skip
POINTS = [1e-200, 1e-9, 0.3, 5.0, 40.0, 709.0, 800.0, 1e4, 12345.678, 1e160, 1e300]


@pytest.mark.slow
@pytest.mark.parametrize("expression", OVERFLOWING, ids=str)
@pytest.mark.parametrize("order", [0, 1, 2])
def test_values_are_right_also_where_a_part_of_them_overflows(expression, order):
    form = sp.diff(expression, t, order)
    reference = sp.lambdify(t, form, "mpmath")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = to_numpy(form, t)(np.array(POINTS))
    with mpmath.workdps(700):  # 1e-200 loses half of them where it cancels
        expected = [float(reference(mpmath.mpf(point))) for point in POINTS]
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("expression", [*OVERFLOWING, sp.cosh(t) - 1, t * sp.sinh(t), sp.sqrt(cosh(t))], ids=str)
@pytest.mark.parametrize("order", [0, 1])
def test_a_value_does_not_depend_on_the_others(expression, order):
    """Where one point overflows, another next to 0 keeps its digits."""
    function, points = to_numpy(sp.diff(expression, t, order), t), np.array([900.0, 1e-30, 3.0, 1e-9, 1e200, 1e-16])
    alone = [function(points[i : i + 1])[0] for i in range(len(points))]
    np.testing.assert_allclose(function(points), alone, rtol=1e-13)


@pytest.mark.parametrize("terms", [(w, -2 * w), (w, -w, 3 * w - 1), (w / 2, 2 * w)], ids=str)
def test_the_logarithm_of_a_sum_of_exponentials(terms):
    penalty = Penalty(log(1 + sp.Add(*map(exp, terms))))
    points = np.array([-800.0, -3.0, -1e-9, 0.0, 0.2, 30.0, 1e5])
    for found, expression in (
        (penalty(points), penalty.expression), (penalty.gradient(points), sp.diff(penalty.expression, w)),
    ):  # fmt: skip
        reference = sp.lambdify(w, expression, "mpmath")
        with mpmath.workdps(700):
            np.testing.assert_allclose(found, [float(reference(mpmath.mpf(each))) for each in points], rtol=1e-12)


def test_a_column_of_numbers_that_overflow_here_and_there():
    points = np.where(np.arange(1000).reshape(20, 50) % 7, 1.0, 1e200)
    np.testing.assert_allclose(to_numpy(t / sqrt(1 + t**2), t)(points), np.where(points == 1, np.sqrt(0.5), 1.0))


def test_a_value_that_is_infinite_stays_so():
    assert to_numpy(exp(t), t)(np.array([800.0, 1e10])).tolist() == [np.inf, np.inf]
    assert np.isnan(to_numpy(log(t - 1), t)(np.array([0.5])))


def test_a_function_that_only_scipy_knows():
    assert to_numpy(sp.erf(t) * exp(t), t)(np.array([1.0]))[0] == pytest.approx(2.2906982)
    assert to_numpy(sp.erf(t) / (1 + exp(-t)) * t**2, t)(np.array([1e200]))[0] == np.inf
    assert to_numpy(sp.erf(t) / sqrt(1 + t**2), t)(np.array([1e200]))[0] == pytest.approx(1e-200)


def test_a_function_that_numpy_knows_is_numpys():
    """SciPy's logarithm of 1 + x has other last digits, and an answer must not depend on what is installed."""
    points = np.linspace(0, 10, 10_001)
    assert (to_numpy(log(1 + t), t)(points) == np.log1p(points)).all()


@pytest.mark.slow
@pytest.mark.parametrize("expression", [log(1 + exp(w)), log(cosh(w)), sqrt(1 + w**2), log(exp(w) + exp(-w))], ids=str)
def test_no_warning_escapes_from_a_penalty(expression):
    penalty = Penalty(expression)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for point in (800.0, 1e5, 1e200):
            assert penalty(point) == pytest.approx(point, rel=1e-2)
            assert penalty.gradient(point) == pytest.approx(1, rel=1e-6)
            assert penalty.one_sided_slopes(point) == pytest.approx((1, 1), rel=1e-6)
            assert penalty.prox(point) == pytest.approx(point - 1)


@pytest.mark.slow
def test_the_core_runs_without_scipy():
    code = """
import sys
sys.modules["scipy"] = None
import numpy as np
from exactzeros import Prior, catalog, w, zero_test
from penalties import examples, NAMES
for name in NAMES:
    for penalty in examples(name):
        penalty([0.0, 0.5]), penalty.gradient([0.5]), penalty.prox([-0.0, 0.7, 30.0]), zero_test([0.1], penalty)
print(catalog.l1().prior.normalizer, catalog.log_sum().at(beta=2, eps=1).prior.density)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_catalog_penalties_at_huge_and_tiny_weights(name):
    for penalty in examples(name):
        reference = sp.lambdify(w, penalty.expression, "mpmath")
        for point in (1e-300, 1e-160, 1e160, 1e300):
            with mpmath.workdps(700):
                expected = float(reference(mpmath.mpf(point)))
            assert penalty(point) == pytest.approx(expected, rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("argument", [sp.Abs(w) / 3, w**2, sp.sqrt(sp.Abs(w)), sp.Abs(w) + w**2, sp.exp(w)])
def test_the_logarithm_of_little_more_than_one_keeps_its_digits(argument):
    expression, points = sp.log(1 + argument), -np.geomspace(1e-14, 30, 20)
    expected = [float(expression.subs(w, sp.Float(point, 60)).evalf(30)) for point in map(float, points)]
    np.testing.assert_allclose(to_numpy(expression, w)(points), expected, rtol=1e-14)
