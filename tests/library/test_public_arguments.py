"""Every public function refuses NaN, infinities, other types and wrong shapes, and names the argument."""

import warnings
from functools import cache, partial

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Lasso

from exactzeros import Penalty, audit, audit_estimator, catalog, experiments, losses, optimizers, solvers, w, zero_test

L1 = catalog.l1().at(beta=0.5)
X = np.array([[1.0, 0.5], [0.2, -1.0], [-0.7, 0.3]])
Y = np.array([1.0, -0.5, 0.25])
LOSS = losses.LeastSquares(X, Y)
SMOOTH = catalog.l2().at(beta=0.5)


@cache
def fitted():
    """A fitted model, once."""
    return Lasso(0.1, tol=1e-10).fit(X, Y)


FUNCTIONS = {
    "Penalty()": (lambda x: L1(x), {"x": [0.5, 1.0]}),
    "Penalty.gradient": (lambda x: L1.gradient(x), {"x": [0.5, 1.0]}),
    "Penalty.is_finite": (lambda x: L1.is_finite(x), {"x": [0.5, 1.0]}),
    "Penalty.one_sided_slopes": (lambda x: L1.one_sided_slopes(x), {"x": [0.5, 1.0]}),
    "Penalty.prox": (lambda v, step: L1.prox(v, step), {"v": [0.5, 1.0], "step": 0.5}),
    "Penalty.prox_formula": (lambda step: L1.prox_formula(step), {"step": 0.5}),
    "Penalty.prox, steps": (lambda step: L1.prox([0.5, 1.0], step), {"step": np.array([0.5, 1.0])}),
    "Penalty.at": (lambda beta: catalog.l1().at(beta=beta), {"beta": 0.5}),
    "catalog.lp": (lambda p: catalog.lp(p), {"p": 0.5}),
    "zero_test": (lambda slopes: zero_test(slopes, L1), {"slopes": [0.5, 1.0]}),
    "audit": (
        lambda weights, loss_gradient, tolerance, absolute: audit(
            weights, loss_gradient, L1, tolerance=tolerance, absolute=absolute
        ),
        {"weights": [0.0, 1.0], "loss_gradient": np.array([0.1, -0.5]), "tolerance": 1e-3, "absolute": 1e-12},
    ),
    "audit_estimator": (
        lambda X, y, sample_weight, tolerance, absolute: audit_estimator(
            fitted(), X, y, sample_weight, tolerance=tolerance, absolute=absolute
        ),
        {"X": X, "y": Y, "sample_weight": np.ones(3), "tolerance": 1e-3, "absolute": 1e-12},
    ),
    "losses.LeastSquares": (losses.LeastSquares, {"X": X, "y": Y}),
    "losses.Logistic": (losses.Logistic, {"X": X, "y": np.array([1.0, -1.0, 1.0])}),
    "losses.Quadratic": (losses.Quadratic, {"slope": 0.5, "curvature": 1.0}),
    "Loss()": (lambda w: LOSS(w), {"w": np.zeros(2)}),
    "Loss.gradient": (lambda w: LOSS.gradient(w), {"w": np.zeros(2)}),
    "Loss.partial": (lambda w: LOSS.partial(w, 0), {"w": np.zeros(2)}),
    "optimizers.SGD": (optimizers.SGD, {"step": 0.5, "momentum": 0.0}),
    "optimizers.Adam": (lambda step, eps: optimizers.Adam(step, eps=eps), {"step": 0.5, "eps": 1e-8}),
    "optimizers.trajectory": (
        lambda start: optimizers.trajectory(lambda w: w, optimizers.SGD(0.1), start, [1]),
        {"start": np.ones(2)},
    ),
    "solvers.subgradient_descent": (
        lambda **arguments: solvers.subgradient_descent(LOSS, L1, **arguments),
        {"step": 0.1, "max_iterations": 2, "start": np.zeros(2)},
    ),
    "experiments.predicted_zero_probability": (
        lambda spread: experiments.predicted_zero_probability(L1, spread),
        {"spread": 1.0},
    ),
    "experiments.zero_frequency": (
        lambda **arguments: experiments.zero_frequency(L1, **arguments),
        {"spread": 1.0, "curvature": 1.0, "problems": 5, "confidence": 0.9},
    ),
    "experiments.regression_zero_frequency": (
        lambda **arguments: experiments.regression_zero_frequency(L1, **arguments),
        {"samples": 4, "features": 2, "problems": 2, "confidence": 0.9},
    ),
}
for _name, _penalty in (("gradient_descent", SMOOTH), ("proximal_gradient", L1), ("coordinate_descent", L1)):
    FUNCTIONS[f"solvers.{_name}"] = (
        partial(getattr(solvers, _name), LOSS, _penalty),
        {"tolerance": 1e-6, "max_iterations": 100, "start": np.zeros(2)},
    )
PLACES = [(name, argument) for name, (_, arguments) in FUNCTIONS.items() for argument in arguments]
NOT_NUMBERS = ["text", 1j, object(), {}, sp.Symbol("x"), True, b"1"]
NOT_FINITE = [np.nan, np.inf, -np.inf, np.float32("nan")]


def with_one_entry(good, bad):
    """The array with another last entry."""
    array = np.array(good, dtype=float)
    array.flat[-1] = bad
    return array


def wrong_values(good):
    """Values that are wrong in place of this one."""
    if np.ndim(good) == 0:
        return [*NOT_NUMBERS, *NOT_FINITE, None, [], [[1.0]]]
    shape = np.shape(good)
    arrays = [with_one_entry(good, bad) for bad in (np.nan, np.inf, -np.inf)]
    shapes = [np.ones((*shape, 3)), np.ones(tuple(size + 1 for size in shape)), np.ones((0, *shape[1:]))]
    return [*arrays, *shapes, *NOT_NUMBERS, [[1.0], [2.0, 3.0]], ["a", "b"], [None, 1.0]]


def fits(name, argument, bad):
    """Whether the value is right after all: None for an option, and any shape where there is no partner."""
    if bad is None:
        return (name, argument) == ("audit_estimator", "tolerance")
    free = {"x", "v", "slopes"} | ({"start"} if name == "optimizers.trajectory" else set())
    return argument in free and isinstance(bad, np.ndarray) and bad.size > 0 and bool(np.isfinite(bad).all())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_right_arguments(name):
    function, arguments = FUNCTIONS[name]
    function(**arguments)


@given(st.sampled_from(PLACES), st.data())
def test_a_wrong_argument_is_refused_by_its_name(place, data):
    name, argument = place
    function, arguments = FUNCTIONS[name]
    bad = data.draw(st.sampled_from(wrong_values(arguments[argument])))
    if fits(name, argument, bad):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises((ValueError, TypeError)) as caught:
            function(**{**arguments, argument: bad})
    partners = {"weights": "loss_gradient", "X": "y"}  # of two arguments that do not match, either may be named
    assert str(caught.value).startswith((f"{argument} must ", f"{partners.get(argument, argument)} must "))
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("huge", [1e308, -1e308, 1e200])
@pytest.mark.parametrize("place", PLACES, ids=" ".join)
def test_a_huge_number_gets_an_answer_or_is_refused_by_its_name(place, huge):
    name, argument = place
    function, arguments = FUNCTIONS[name]
    good = arguments[argument]
    if np.ndim(good) == 0:
        changed = [huge]
    else:
        changed = [with_one_entry(good, huge), np.full(np.shape(good), huge)]
    for bad in changed:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                function(**{**arguments, argument: bad})
            except (ValueError, TypeError, ArithmeticError) as error:
                assert argument in str(error)


WRONG = {
    "optimizer": (lambda: optimizers.trajectory(np.copy, "sgd", [1.0], [1]), "must be an SGD or an Adam, got 'sgd'"),
    "gradient": (lambda: optimizers.trajectory(None, optimizers.SGD(0.1), [1.0], [1]), "must be a function, got None"),
    "record": (lambda: optimizers.trajectory(np.copy, optimizers.SGD(0.1), [1.0], 3), "must be numbers of steps,"),
    "gradient(start)": (
        lambda: optimizers.trajectory(lambda w: w[:1], optimizers.SGD(0.1), [1.0, 2.0], [1]), "must have shape"
    ),
    "curvature": (lambda: experiments.zero_frequency(L1, curvature=5e-324), "must be large enough for finite weights"),
    "expression": (lambda: Penalty(sp.Lambda(w, w)), "must be a SymPy expression in exactzeros.w, got Lambda"),
    "out": (lambda: L1.prox([1.0], out=np.broadcast_to(1.0, 1)), "must be writeable, got an array that is read-only"),
}  # fmt: skip


@pytest.mark.parametrize("argument", WRONG)
def test_an_argument_of_another_kind_is_refused_by_its_name(argument):
    call, message = WRONG[argument]
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    assert str(caught.value).startswith(f"{argument} {message}")


@pytest.mark.filterwarnings("error")
def test_an_objective_without_a_bound_ends_with_the_reason():
    result = solvers.gradient_descent(losses.Quadratic(0.3, 1), Penalty(-(w**2) * sp.Rational(11, 20)))
    assert not result.converged
    assert result.reason == "diverged: the objective is not bounded below"


@pytest.mark.parametrize("function", [zero_test, solvers.proximal_gradient, solvers.coordinate_descent])
def test_a_penalty_must_be_one_with_numbers(function):
    first = [0.5] if function is zero_test else LOSS
    for bad in (None, "l1", L1.expression):
        with pytest.raises(TypeError, match=r"^penalty must be a Penalty, got "):
            function(first, bad)
    with pytest.raises(ValueError, match=r"^penalty must have numbers for its parameters, got "):
        function(first, catalog.l1())
