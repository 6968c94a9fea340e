"""The compiled loop returns what the NumPy path returns, with the same zeros."""

import numpy as np
import pytest
from sympy import Abs, cos, exp

from exactzeros import Penalty, w
from exactzeros._derive import compiled
from penalties import NAMES, examples

pytestmark = pytest.mark.slow  # numba compiles

pytest.importorskip("numba", reason="the extra `fast` is not installed")


@pytest.fixture
def compiles_all(monkeypatch):
    """Compile also for few elements."""
    monkeypatch.setattr(compiled, "WORTH_COMPILING", 1)


def both(penalty, v, step, monkeypatch):
    """Return the results of the compiled loop and of NumPy."""
    fast = penalty.prox(v, step)
    monkeypatch.setattr(compiled, "IS_AVAILABLE", False)
    return fast, penalty.prox(v, step)


@pytest.mark.parametrize("name", NAMES)
def test_the_loop_agrees_with_numpy(name, monkeypatch, compiles_all):
    penalty = examples(name)[0]
    rng = np.random.default_rng(0)
    v = np.concatenate([rng.normal(size=3000) * np.exp(2 * rng.normal(size=3000)), [0.0, -0.0, 1e-300, 1e150, -1e150]])
    fast, plain = both(penalty, v, np.exp(rng.normal(size=v.size)), monkeypatch)
    np.testing.assert_array_equal(fast == 0, plain == 0)
    np.testing.assert_allclose(fast, plain, rtol=1e-12)
    assert not np.signbit(fast[fast == 0]).any()


@pytest.mark.parametrize("step", [0.5, np.full(9, 0.5)], ids=["a step for all", "a step each"])
@pytest.mark.parametrize("name", ["l1", "huber", "lp(1/2)", "lp(3/2)", "log_sum"])
def test_what_takes_the_loop(name, step, monkeypatch, compiles_all):
    """Lines do, and a curve that begins at 0: the result alone does not show it, for NumPy gives the same."""
    bodies, loop = [], compiled.loop
    monkeypatch.setattr(compiled, "loop", lambda body, has_steps: bodies.append(body) or loop(body, has_steps))
    examples(name)[0].prox(np.linspace(-2, 2, 9), step)
    assert len(bodies) == 1


@pytest.mark.parametrize("name", ["scad", "lp(1/2)"])
def test_one_step_for_all(name, monkeypatch, compiles_all):
    v = np.random.default_rng(1).normal(size=2000) * 5
    fast, plain = both(examples(name)[1], v, 0.3, monkeypatch)
    np.testing.assert_array_equal(fast == 0, plain == 0)
    np.testing.assert_allclose(fast, plain, rtol=1e-12)


@pytest.mark.parametrize("name", ["mcp", "scad"])
def test_within_rounding_of_the_edge_both_have_the_same_zeros(name, monkeypatch, compiles_all):
    penalty, step = examples(name)[0], 0.1
    edge = step * penalty.numeric_slopes_at_zero[1]
    v = edge + np.arange(-20, 21) * np.spacing(edge)
    fast, plain = both(penalty, np.concatenate([v, -v]), step, monkeypatch)
    np.testing.assert_array_equal(fast == 0, plain == 0)


def test_in_place(compiles_all):
    penalty, v = examples("lp(1/2)")[0], np.linspace(-9, 9, 101)
    expected = penalty.prox(v.copy(), 0.5)
    assert penalty.prox(v, 0.5, out=v) is v
    np.testing.assert_array_equal(v, expected)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_not_finite(bad, compiles_all):
    v = np.array([1.0, bad])
    with pytest.raises(ValueError, match=r"^v must be finite, got (nan|inf) at index \(1,\)$"):
        examples("l1")[0].prox(v)


@pytest.mark.parametrize("expression", [1 - cos(3 * w), exp(Abs(w)), Abs(Abs(w) - 1)], ids=str)
def test_other_penalties_take_the_numpy_path(expression, compiles_all, monkeypatch):
    v = np.linspace(-3, 3, 50)
    fast, plain = both(Penalty(expression), v, 0.4, monkeypatch)
    np.testing.assert_allclose(fast, plain, rtol=1e-12)
