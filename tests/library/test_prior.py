"""Penalty and prior, each from the other, with the normalizers, variances and improper cases that the book states."""

import numpy as np
import pytest
import scipy.stats
import sympy as sp
from sympy import Abs, Max, Piecewise, Rational, exp, gamma, log, oo, pi, sqrt

from exactzeros import ImproperPriorError, Penalty, Prior, UndecidedError, catalog, w
from penalties import NAMES, examples

a, b, s, p, eps, beta = sp.symbols("a b s p eps beta", positive=True)
IMPROPER = ["mcp", "scad", "one_sided", "nonnegative"]
PROPER = [name for name in NAMES if name not in IMPROPER]


def quadrature(function, breaks):
    """The integral over the real line by Gauss-Legendre quadrature on many intervals that end at 0 and `breaks`."""
    far = np.geomspace(1e-9, 1e12, 400)
    cuts = np.unique(np.concatenate([far, -far, [0.0], breaks, np.linspace(-10, 10, 81)]))
    nodes, weights = np.polynomial.legendre.leggauss(30)
    low, high = cuts[:-1, None], cuts[1:, None]
    with np.errstate(over="ignore"):
        values = function(low + (high - low) * (nodes + 1) / 2)
    return float((values * weights * (high - low) / 2).sum())


def proper_examples(name):
    """The examples of that name whose prior has a variance that quadrature can find."""
    if name == "log_sum":
        return [catalog.log_sum().at(beta=beta, eps=eps) for beta, eps in ((8, 0.1), (5.5, 3), (20, 0.5))]
    return examples(name)[:1]


@pytest.mark.slow
@pytest.mark.parametrize("name", PROPER)
def test_density_integrates_to_one_and_has_the_variance(name):
    for penalty in proper_examples(name):
        prior = penalty.prior
        breaks = [side * float(number) for number in penalty.expression.atoms(sp.Rational) for side in (-1, 1)]
        assert float(prior.normalizer) == pytest.approx(quadrature(lambda x: np.exp(-penalty(x)), breaks), rel=1e-8)
        assert quadrature(prior, breaks) == pytest.approx(1, rel=1e-8)
        assert float(prior.variance) == pytest.approx(quadrature(lambda x: x * x * prior(x), breaks), rel=1e-7)


@pytest.mark.parametrize("name", PROPER)
def test_penalty_to_prior_and_back(name):
    for penalty in (catalog.every()[name], *examples(name)):
        try:
            back = penalty.prior.penalty
        except UndecidedError:  # log_sum, as long as beta > 1 is not known
            assert name == "log_sum"
            back = penalty.assuming(
                *(symbol > 1 for symbol in penalty.parameters if symbol.name == "beta")
            ).prior.penalty
        except ImproperPriorError:
            assert name == "log_sum"
            assert float(penalty.expression.coeff(log(1 + Abs(w) / eps)) or 0.5) < 1
            continue
        assert sp.simplify(sp.piecewise_fold(back.expression - penalty.expression)) == 0


@pytest.mark.parametrize(
    ("mass", "normalizer", "variance", "penalty"),
    [
        (exp(-Abs(w) / b), 2 * b, 2 * b**2, Abs(w) / b),
        (exp(-(w**2) / (2 * s**2)), s * sqrt(2 * pi), s**2, w**2 / (2 * s**2)),
        (exp(-(w**2) / (2 * s**2)) / (s * sqrt(2 * pi)), 1, s**2, w**2 / (2 * s**2)),
        (5 * exp(-beta * Abs(w)), 10 / beta, 2 / beta**2, beta * Abs(w)),
        (exp(-(Abs(w) ** p)), 2 * gamma(1 + 1 / p), gamma(3 / p) / gamma(1 / p), Abs(w) ** p),
        (exp(-sqrt(Abs(w))), 4, 120, sqrt(Abs(w))),
        (
            Piecewise((exp(-a * w), w >= 0), (exp(b * w), True)),
            1 / a + 1 / b,
            1 / a**2 + 1 / b**2,
            Piecewise((a * w, w >= 0), (-b * w, True)),
        ),
        (Piecewise((exp(-a * w), w >= 0), (0, True)), 1 / a, 1 / a**2, Piecewise((a * w, w >= 0), (oo, True))),
        (Piecewise((1, Abs(w) <= a), (0, True)), 2 * a, a**2 / 3, Piecewise((0, Abs(w) <= a), (oo, True))),
        (1 / (1 + w**2), pi, oo, log(1 + w**2)),
        (1 / (1 + w**2) ** 2, pi / 2, 1, 2 * log(1 + w**2)),
        ((1 + Abs(w) / eps) ** -4, 2 * eps / 3, eps**2, 4 * log(1 + Abs(w) / eps)),
        (exp(-Max(Abs(w) - a, 0)), 2 * a + 2, None, Max(Abs(w) - a, 0)),
        (exp(-((w - 1) ** 2) / 2), sqrt(2 * pi), 1, (w - 1) ** 2 / 2 - HALF if (HALF := Rational(1, 2)) else None),
        (1 / sp.cosh(w), pi, None, log(sp.cosh(w))),
    ],
    ids=str,
)
def test_known_priors(mass, normalizer, variance, penalty):
    prior = Prior(mass)
    assert sp.simplify(prior.normalizer - normalizer) == 0
    assert variance is None or prior.variance == variance or sp.simplify(prior.variance - variance) == 0
    assert sp.simplify(prior.density - mass / normalizer) == 0
    difference = sp.simplify(prior.penalty.expression - penalty)
    assert difference == 0 or prior.penalty.expression == penalty


@pytest.mark.slow
@pytest.mark.parametrize("name", ["l1", "l2", "lp(3/2)", "lp(1/2)", "elastic_net", "huber"])
def test_normalizers_with_symbols(name):
    """The symbolic formula agrees with the normalizer that is derived after numbers are put in."""
    symbolic = catalog.every()[name]
    formula = symbolic.prior.normalizer
    numbers = {symbol: {"beta": 0.3, "a": 0.9, "delta": 2.5}[symbol.name] for symbol in symbolic.parameters}
    with_numbers = symbolic.at(**{symbol.name: number for symbol, number in numbers.items()})
    assert float(formula.subs(numbers)) == pytest.approx(float(with_numbers.prior.normalizer), rel=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize(
    "expression",
    [
        exp(w**2),
        Abs(w) * Abs(w - 1) * Abs(w + 2),
        sqrt(w**2 + Rational(1, 10**8)),
        10**6 * (sqrt(w**2 + 1) - 1),
        (sqrt(w**2 + 100) - 10) / 1000,
        50 * w**2 + 800 * Abs(w),  # where 1 - erf(x) is far below rounding
        40 * w**2 + w**4,  # where SymPy's formula is a difference of huge Bessel functions
        w**6 - w**4,  # lower away from 0
        Abs(w - 3) ** 3 / 5,
        Piecewise((-sqrt(Abs(w)), Abs(w) < 1), (w**2, True)),
    ],
    ids=str,
)
def test_quadrature(expression):
    prior = Penalty(expression).prior
    mass = sp.lambdify(w, exp(-expression), "numpy")
    total = quadrature(mass, [])
    mean = quadrature(lambda x: x * mass(x), []) / total
    variance = quadrature(lambda x: (x - mean) ** 2 * mass(x), []) / total
    assert float(prior.normalizer) == pytest.approx(total, rel=1e-8)
    assert float(prior.variance) == pytest.approx(variance, rel=1e-7)


@pytest.mark.slow
def test_peak_that_quadrature_cannot_resolve_is_undecided():
    with pytest.raises(UndecidedError, match="by quadrature is not accurate"):
        _ = Prior(exp(-((10**7 * (w - 3)) ** 2) - (w - 3) ** 8 - Abs(w))).normalizer


@pytest.mark.parametrize("name", IMPROPER)
def test_improper_priors(name):
    for penalty in (catalog.every()[name], *examples(name)):
        with pytest.raises(ImproperPriorError, match=r"has infinite mass: its tails, like |w|\*\*-c with c = "):
            _ = penalty.prior


@pytest.mark.parametrize(
    "mass",
    [
        exp(-log(1 + Abs(w))),
        exp(-log(1 + Abs(w)) / 2),
        1 / (1 + Abs(w)) ** Rational(9, 10),
        exp(w),
        exp(-w),
        exp(Abs(w)),
        1 + exp(-Abs(w)),
        exp(-sp.atan(Abs(w))),
        1 / (1 + log(1 + Abs(w))),
        Piecewise((exp(-w), w > 0), (1 / (1 - w), True)),
        1 / Abs(w) * exp(-Abs(w)),
        exp(-w) / w**2,
        1 / sqrt(1 + w**2),
    ],
    ids=str,
)
def test_infinite_mass(mass):
    with pytest.raises(ImproperPriorError):
        _ = Prior(mass).normalizer


def test_log_sum_has_a_prior_exactly_for_beta_above_one():
    log_sum = catalog.log_sum()
    strength = log_sum.parameters[0]
    assert strength.name == "beta"
    with pytest.raises(UndecidedError, match=r"an assumption such as beta > 1 would help$"):
        _ = log_sum.prior
    prior = log_sum.assuming(strength > 1).prior
    assert sp.simplify(prior.normalizer - 2 * catalog.eps / (strength - 1)) == 0
    for improper in (0.5, 0.999, 1):
        with pytest.raises(ImproperPriorError):
            _ = log_sum.at(beta=improper, eps=0.1).prior
    assert log_sum.at(beta=1.001, eps=1).prior.normalizer == 2000
    with pytest.raises(UndecidedError, match=r"an assumption such as beta > 3 would help$"):
        _ = prior.variance
    assert log_sum.assuming(strength < 1).expression == log_sum.expression
    with pytest.raises(ImproperPriorError):
        _ = log_sum.assuming(strength < 1).prior


@pytest.mark.parametrize(("degrees", "variance"), [(1, oo), (2, oo), (3, 3), (5, Rational(5, 3))])
def test_variance_of_student(degrees, variance):
    assert Prior((1 + w**2 / degrees) ** Rational(-(degrees + 1), 2)).variance == variance


def test_tail_that_decides_nothing():
    size = Abs(w) + 3
    with pytest.raises(UndecidedError, match=r"is not decided by its tail$"):
        Prior(1 / (size * log(size) ** 2))


def test_numbers_of_the_book():
    """Densities at 0 at unit variance, and the standard deviation at which they cross."""
    laplace = Prior(exp(-Abs(w) * sqrt(2)))
    gauss = Prior(exp(-(w**2) / 2))
    assert laplace.variance == gauss.variance == 1
    assert float(laplace(0.0)) == pytest.approx(0.7071, abs=5e-5)
    assert float(gauss(0.0)) == pytest.approx(0.3989, abs=5e-5)
    peak = Prior(exp(-(w**2) / (2 * s**2))).density.subs(w, 0)
    (crossing,) = sp.solve(peak - laplace.density.subs(w, 0), s)
    assert crossing == 1 / sqrt(pi)
    assert float(crossing) == pytest.approx(0.5642, abs=5e-5)


def test_density_is_a_numpy_function():
    x = np.linspace(-4, 4, 41).reshape(1, 41)
    np.testing.assert_allclose(Prior(exp(-Abs(w) / 2)).__call__(x), scipy.stats.laplace(scale=2).pdf(x), rtol=1e-14)
    np.testing.assert_allclose(Prior(exp(-((w - 1) ** 2) / 2))(x), scipy.stats.norm(1).pdf(x), rtol=1e-13)
    uniform = Prior(Piecewise((1, Abs(w) <= 2), (0, True)))
    np.testing.assert_array_equal(uniform([-2.5, -2.0, 0.0, 1.0, 3.0]), [0, 0.25, 0.25, 0.25, 0])
    smooth = Prior(exp(-sqrt(1 + w**2)))
    assert float(smooth(0.0)) == pytest.approx(np.exp(-1) / float(smooth.normalizer))


def test_assumptions_travel_along():
    prior = Penalty(Abs(w) ** p, p > 1).prior
    assert prior.penalty.assumptions == (p > 1,)
    assert prior.penalty.slopes_at_zero == (0, 0)
    assert sp.simplify(prior.normalizer - 2 * gamma(1 + 1 / p)) == 0
    assert repr(prior) == "Prior(exp(-Abs(w)**p), p > 1)"


def test_a_power_leaves_the_logarithm():
    """Also where SymPy does not know that the base is positive; else the power would underflow far out."""
    penalty = Prior((w**2 - w + 1) ** -2).penalty
    assert penalty.expression == 2 * log(w**2 - w + 1)
    np.testing.assert_allclose(penalty([1e120]), 480 * np.log(10), rtol=1e-14)


def test_floats_become_exact():
    assert Prior(exp(-0.5 * Abs(w))).normalizer == 4


@pytest.mark.parametrize(
    ("mass", "start"),
    [(Abs(w) * exp(-Abs(w)), "0"), (exp(-Abs(w)) / sqrt(Abs(w)), "oo"), (Piecewise((exp(-w), w > 0), (0, True)), "0")],
    ids=str,
)
def test_pole_or_zero_at_zero_belongs_to_no_penalty(mass, start):
    prior = Prior(mass)
    assert prior.normalizer.is_finite
    with pytest.raises(ValueError, match=rf"^the density must be positive and finite at w = 0, got {start} for "):
        _ = prior.penalty


def test_no_formula_with_symbols_is_undecided():
    with pytest.raises(
        UndecidedError,
        match=r"^SymPy knows no formula for .* with numbers, \.at\(\.\.\.\), quadrature gives its value$",
    ):
        _ = catalog.smoothed_l1().prior.normalizer


@pytest.mark.parametrize("mass", [2, None, "exp(-w)", np.exp, sp.true, [exp(-Abs(w))]], ids=repr)
def test_not_an_expression(mass):
    with pytest.raises(TypeError, match=r"^mass must be a SymPy expression in exactzeros\.w, got .* of type \w+$"):
        Prior(mass)


@pytest.mark.parametrize(
    ("mass", "kind", "message"),
    [
        (exp(-Abs(sp.Symbol("x", real=True))), ValueError, "must contain the symbol exactzeros.w"),
        (
            exp(-Abs(w) - sp.Symbol("w") ** 2),
            ValueError,
            "must be written in exactzeros.w, got another symbol called w$",
        ),
        (exp(-Abs(w) + sp.I), TypeError, "must be real"),
        (w * exp(-(w**2)), ValueError, "must be non-negative and not 0 everywhere"),
        (-exp(-(w**2)), ValueError, "must be non-negative and not 0 everywhere"),
    ],
    ids=str,
)
def test_bad_mass(mass, kind, message):
    with pytest.raises(kind, match=f"^mass {message}"):
        _ = Prior(mass).normalizer


def test_bad_points_and_missing_numbers():
    prior = Prior(exp(-Abs(w) / 2))
    for value, kind in ((np.nan, ValueError), ([], ValueError), ("1", TypeError), (1j, TypeError), (None, TypeError)):
        with pytest.raises(kind, match=r"^x must "):
            prior(value)
    with pytest.raises(ValueError, match=r"^the density .* needs numbers for all its parameters$"):
        Prior(exp(-Abs(w) / b))(1.0)
