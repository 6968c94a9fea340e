"""Fan and Li's three wishes, derived from the expression, against the proximal operator itself."""

import numpy as np
import pytest
import sympy as sp
from sympy import Abs, Max, Piecewise, Rational, atan, exp, log, oo, sign, sqrt, tan

from exactzeros import Penalty, UndecidedError, catalog, w
from penalties import NAMES, examples

pytestmark = pytest.mark.slow  # they wait for SymPy

a, b, beta, eps, p = sp.symbols("a b beta eps p", positive=True)

# zeros, a continuous proximal operator (None where a parameter decides), the slopes at -oo and oo
WISHES = {
    "l2": (False, True, (-oo, oo)),
    "lp(3/2)": (False, True, (-oo, oo)),
    "huber": (False, True, (-beta, beta)),
    "smoothed_l1": (False, True, (-beta, beta)),
    "l1": (True, True, (-beta, beta)),
    "elastic_net": (True, True, (-oo, oo)),
    "mcp": (True, True, (0, 0)),
    "scad": (True, True, (0, 0)),
    "log_sum": (True, None, (0, 0)),
    "lp(1/2)": (True, False, (0, 0)),
    "one_sided": (True, True, (0, beta)),
    "nonnegative": (True, True, (-oo, 0)),
}


def test_the_table_is_complete():
    assert list(WISHES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_wishes_of_the_catalog(name):
    penalty, (zeros, continuous, slopes) = catalog.every()[name], WISHES[name]
    assert penalty.gives_zeros is zeros
    assert penalty.slopes_at_infinity == slopes
    if continuous is None:
        with pytest.raises(UndecidedError):
            _ = penalty.has_continuous_prox
    else:
        assert penalty.has_continuous_prox is continuous


def test_log_sum_is_continuous_up_to_the_square_of_its_scale():
    penalty = catalog.log_sum()
    with pytest.raises(UndecidedError) as error:
        _ = penalty.has_continuous_prox
    assert error.value.assumption == "beta < eps**2"
    assert penalty.assuming(beta < eps**2).has_continuous_prox
    assert not penalty.assuming(beta > eps**2).has_continuous_prox
    assert penalty.at(beta=0.25, eps=0.5).has_continuous_prox
    assert not penalty.at(beta=0.26, eps=0.5).has_continuous_prox


EVERY_EXAMPLE = [(name, k) for name in NAMES for k in range(len(examples(name)))]


@pytest.mark.parametrize(("name", "k"), EVERY_EXAMPLE)
def test_the_operator_is_continuous_as_derived(name, k):
    """A jump is what is left of the increase over an interval of v after it was halved 60 times."""
    penalty = examples(name)[k]
    size = np.geomspace(1e-6, 1e6, 4001)
    v = np.concatenate([-size[::-1], [0.0], size])
    steepness = np.diff(penalty.prox(v)) / np.diff(v)
    steepest = np.argsort(steepness)[-5:]
    low, high = v[steepest], v[steepest + 1]
    for _ in range(60):
        middle = (low + high) / 2
        first, second, third = penalty.prox(low), penalty.prox(middle), penalty.prox(high)
        is_left = second - first > third - second
        low, high = np.where(is_left, low, middle), np.where(is_left, middle, high)
    jump = np.max((penalty.prox(high) - penalty.prox(low)) / np.abs(high))
    assert jump < 1e-9 or jump > 1e-6
    assert (jump < 1e-9) == penalty.has_continuous_prox


@pytest.mark.parametrize(("name", "k"), EVERY_EXAMPLE)
def test_small_weights_become_zero_as_derived(name, k):
    penalty = examples(name)[k]
    small = 1e-9 * np.array([-1.0, 1.0])
    assert np.any(penalty.prox(small) == 0) == penalty.gives_zeros


@pytest.mark.parametrize(("name", "k"), EVERY_EXAMPLE)
def test_what_is_taken_from_a_large_weight_tends_to_the_slope_at_infinity(name, k):
    penalty = examples(name)[k]
    for side, slope in zip((-1, 1), penalty.slopes_at_infinity, strict=True):
        v = side * np.array([1e3, 1e5, 1e7])
        taken = v - penalty.prox(v)
        if slope in (-oo, oo):
            assert np.all(np.diff(np.abs(taken)) > 0) and abs(taken[-1]) > 100
        else:
            assert abs(taken[-1] - float(slope)) < 0.02


CONTINUOUS = [
    (Max(Abs(w) - 1, 0), True),
    (Piecewise((0, sp.Eq(w, 0)), (2, True)), False),  # hard thresholding
    (-Abs(w), False),
    (sign(w) * sqrt(Abs(w)), False),
    (-(w**2) / 4, True),
    (-(w**2) / 2, False),
    (-(w**2) / 2 + exp(w), False),  # convex, but no minimizer for v < 0
    (Abs(w) * exp(-Abs(w)) / 4, None),
    (9 * Abs(w) * exp(-Abs(w)), None),
    (log(1 + w**2) / 3, True),
    (5 * log(1 + w**2), False),
    (Piecewise((0, sp.And(w >= -1, w <= 2)), (oo, True)), True),
    (Piecewise((w, w >= 1), (1, True)), True),
    (Piecewise((1, w >= 1), (w, True)), False),  # the slope falls at 1
    (a * Abs(w) + b * Max(w, 0), True),
    (a * log(1 + w**2 / b) - w**2 / 2, False),
    (Piecewise((a * Abs(w), Abs(w) <= b), (a * b, True)), False),  # capped
    (a * Abs(w) ** p, None),
    (Piecewise((-log(1 + w), w > -1), (oo, True)), True),
    (Piecewise((log(1 + w), w > -1), (oo, True)), False),
    (1 / (w - 1) ** 2, False),  # the operator has to pass the pole at 1
    (1 / (1 + a * Abs(w)), False),
]


@pytest.mark.parametrize(("expression", "expected"), CONTINUOUS)
def test_continuous_or_not(expression, expected):
    if expected is None:
        with pytest.raises(UndecidedError):
            _ = Penalty(expression).has_continuous_prox
    else:
        assert Penalty(expression).has_continuous_prox is expected


def test_powers_under_an_assumption():
    power = catalog.lp()
    assert power.assuming(p > 1).slopes_at_infinity == (-oo, oo)
    assert power.assuming(p < 1).slopes_at_infinity == (0, 0)
    with pytest.raises(UndecidedError):
        _ = power.slopes_at_infinity


@pytest.mark.parametrize(
    ("expression", "slopes"),
    [
        (w**2 / (1 + Abs(w)), (-1, 1)),
        (atan(a * w), (0, 0)),
        (Max(a * w, -b * w), (-b, a)),
        (log(1 + exp(w)), (0, 1)),
        (Abs(w) ** Rational(3, 4), (0, 0)),
    ],
)
def test_slopes_at_infinity(expression, slopes):
    assert Penalty(expression).slopes_at_infinity == slopes


def test_a_pole_that_depends_on_a_parameter_is_not_passed_over():
    for expression in (a * Abs(w) + tan(b * Abs(w)), a * Abs(w) + 1 / (w**2 - a) ** 2):
        with pytest.raises(UndecidedError):
            _ = Penalty(expression).has_continuous_prox
