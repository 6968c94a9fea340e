"""The proximal operator on PyTorch tensors, and with a separate step for each weight."""

import subprocess
import sys

import numpy as np
import pytest
import sympy as sp

from exactzeros import Penalty, catalog, w
from penalties import NAMES, examples

pytestmark = pytest.mark.slow  # compilers run

QUADRATIC = ["l2", "huber", "l1", "elastic_net", "mcp", "scad", "one_sided", "nonnegative"]
CLOSED = ["log_sum", "lp(1/2)", "lp(3/2)", "smoothed_l1"]
V = np.array([[-3.0, -0.4, -0.0], [0.0, 0.25, 2.5]])
STEPS = np.array([[0.5, 1.0, 0.25], [1.0, 0.5, 0.125]])


@pytest.fixture(scope="module")
def torch():
    return pytest.importorskip("torch", reason="PyTorch's CPU build is tested on Python 3.11 only")


@pytest.mark.parametrize("name", NAMES)
def test_one_step_for_each_weight(name):
    for penalty in examples(name):
        one_by_one = [float(penalty.prox(v, step)) for v, step in zip(V.flat, STEPS.flat, strict=True)]
        result = penalty.prox(V, STEPS)
        np.testing.assert_array_equal(result.ravel() == 0.0, np.array(one_by_one) == 0.0)
        np.testing.assert_allclose(result.ravel(), one_by_one, rtol=1e-14)  # the two are computed in different ways
        assert not np.signbit(result[result == 0]).any()
        in_place = V.copy()
        assert penalty.prox(in_place, STEPS, out=in_place) is in_place
        np.testing.assert_array_equal(in_place, result)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
@pytest.mark.parametrize("name", ["l1", "mcp"])
def test_steps_out_of_range(name, bad):
    steps = STEPS.copy()
    steps[1, 2] = bad
    with pytest.raises(ValueError, match=r"^step must be (positive|finite), got"):
        examples(name)[0].prox(V, steps)
    with pytest.raises(ValueError, match=r"^step must have shape \(2, 3\), got \(3,\)$"):
        examples(name)[0].prox(V, STEPS[0])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_with_steps(bad):
    with pytest.raises(ValueError, match="^v must be finite, got .* at index"):
        catalog.l1().at(beta=1).prox([1.0, bad], [0.5, 0.5])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("steps", [0.5, STEPS], ids=["one step", "a step each"])
def test_tensors_agree_with_numpy(torch, name, steps):
    for penalty in examples(name):
        v = torch.asarray(V, dtype=torch.float64)
        step = steps if isinstance(steps, float) else torch.asarray(steps)
        result = penalty.prox(v, step)
        assert isinstance(result, torch.Tensor) and result.dtype == torch.float64 and result.shape == v.shape
        np.testing.assert_array_equal(result.numpy() == 0.0, penalty.prox(V, steps) == 0.0)
        np.testing.assert_allclose(result.numpy(), penalty.prox(V, steps), rtol=1e-14)
        assert not torch.signbit(result[result == 0]).any()


@pytest.mark.parametrize("name", NAMES)
def test_a_tensor_keeps_dtype_and_device(torch, name):
    penalty = examples(name)[0]
    for dtype in (torch.float16, torch.bfloat16, torch.float32):
        v = torch.asarray(V, dtype=dtype, device="cpu")
        result = penalty.prox(v, 0.5)
        assert (result.dtype, result.device) == (v.dtype, v.device)
        np.testing.assert_allclose(result.double().numpy(), penalty.prox(v.double().numpy(), 0.5), rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize("name", [*QUADRATIC, *CLOSED])
def test_penalties_with_formulas_stay_on_the_device(torch, name):
    """The device "meta" has shapes but no values: an operator that converted them to NumPy would fail earlier."""
    v = torch.zeros(3, device="meta")
    with pytest.raises(RuntimeError, match="meta"):
        examples(name)[0].prox(v)  # fails at the test for finite values, the only one that needs them
    v = torch.tensor([3.0], requires_grad=True)
    assert examples(name)[0].prox(v).requires_grad


@pytest.mark.parametrize("name", ["l1", "mcp"])
def test_tensors_of_another_kind(torch, name):
    penalty = examples(name)[0]
    with pytest.raises(TypeError, match="^v must hold floating-point numbers, got a tensor of torch.int64$"):
        penalty.prox(torch.tensor([1, 2]))
    with pytest.raises(TypeError, match="^v must hold floating-point numbers, got a tensor of torch.complex64$"):
        penalty.prox(torch.tensor([1j]))
    with pytest.raises(ValueError, match="^v must not be empty"):
        penalty.prox(torch.zeros(0))
    with pytest.raises(ValueError, match="^v must be finite"):
        penalty.prox(torch.tensor([1.0, torch.nan]))
    with pytest.raises(ValueError, match="^step must be positive, got -1"):
        penalty.prox(torch.ones(2), -1.0)
    with pytest.raises(ValueError, match="^step must be positive and finite"):
        penalty.prox(torch.ones(2), torch.tensor([1.0, 0.0]))
    with pytest.raises(ValueError, match="^step must be a number or have the shape and dtype of v"):
        penalty.prox(torch.ones(2), torch.ones(3))
    with pytest.raises(TypeError, match="^out must be None for a tensor, got Tensor$"):
        penalty.prox(torch.ones(2), out=torch.ones(2))


def test_a_tensor_goes_through_numpy_where_no_formula_is_known(torch):
    v = torch.tensor([3.0, 0.1], requires_grad=True)
    assert not Penalty(sp.log(sp.cosh(w))).prox(v).requires_grad


@pytest.mark.parametrize("name", CLOSED)
def test_gradients_are_finite_where_the_result_is_zero(torch, name):
    v = torch.tensor([0.0, 1e-20, 0.01, -0.3, 1.0, 30.0], dtype=torch.float64, requires_grad=True)
    penalty = examples(name)[0]
    penalty.prox(v).sum().backward()
    zero = penalty.prox(v.detach()) == 0
    assert (v.grad[zero] == 0).all() and (v.grad[~zero] > 0).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", CLOSED)
def test_closed_forms_agree_with_numpy_to_a_few_ulps(torch, name, dtype):
    """Also for numbers whose squares overflow; away from the jump, where one ulp decides."""
    rng = np.random.default_rng(0)
    sizes = (1e-3, 1.0, 30.0, 1e6, 1e25, 1e36)
    v = np.concatenate([size * rng.normal(size=300) for size in sizes]).astype(dtype)
    for penalty in examples(name):
        for step in (0.25, 2.0):
            expected, found = penalty.prox(v, step), penalty.prox(torch.asarray(v), step).numpy()
            np.testing.assert_array_equal(found == 0, expected.astype(dtype) == 0)
            noise = np.finfo(dtype).eps * (20 * np.abs(expected) + 2 * np.abs(v) * (name == "smoothed_l1"))
            assert (np.abs(found - expected) <= noise).all()  # 2 ulps of v: what is subtracted from it is rounded


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_no_objective_overflows(torch, dtype):
    """In half precision squares overflow for 300 already; with steps each, NumPy compares objectives, too."""
    type_ = getattr(torch, dtype)
    largest = {"float16": 3e4, "float32": 1e37, "float64": 1e300}[dtype]
    sizes = np.array([largest, largest**0.75, 300.0, 1.0, 0.01, (1e-9 if dtype != "float16" else 0.01) ** 2])
    v = torch.asarray(np.concatenate([sizes, -sizes]), dtype=type_)
    for penalty in penalties_with_formulas():
        for step in (0.125, 8.0):
            one_by_one = [float(penalty.prox(float(each), step)) for each in v]
            steps = torch.full(v.shape, step, dtype=type_)
            np.testing.assert_allclose(penalty.prox(v.double().numpy(), steps.double().numpy()), one_by_one, rtol=1e-13)
            for found in (penalty.prox(v, step), penalty.prox(v, steps)):
                eps = torch.finfo(type_).eps
                np.testing.assert_allclose(found.double(), one_by_one, rtol=20 * eps, atol=8 * eps * step)


EDGES = [0.0, 1e-300, 0.1, 0.5, 0.57, 1.0, 1.5, 2.0, 3.0, 10.0, 1e6]
JUMPING = [
    "Min(Abs(w), 1)",
    "sqrt(Abs(w)) + w**2",
    "Piecewise((0, Eq(w, 0)), (1, True))",
    "Max(Abs(w) - 1, 0)",
    "Abs(w - 1) + 2*Max(-w, 0)",
]


def penalties_with_formulas():
    """Return the catalog's penalties that stay on the device, and others with kinks and jumps in other places."""
    return [each for name in [*QUADRATIC, *CLOSED] for each in examples(name)] + [
        Penalty(sp.sympify(text, {"w": w})) for text in JUMPING
    ]


@pytest.mark.parametrize("penalty", penalties_with_formulas(), ids=str)
def test_all_steps_and_both_sides_of_every_edge(torch, penalty):
    """Steps for which the objective is convex and others, and values an ulp from where the result changes."""
    for step in (0.01, 0.5, 1.0, 4.0, 300.0):
        exact = np.array([*EDGES, *(step * abs(float(kink)) for kink in EDGES)])
        v = np.unique([*exact, *-exact, *np.nextafter(exact, 0), *np.nextafter(exact, 20)])
        expected = penalty.prox(v, step)
        for steps in (step, torch.full(v.shape, step, dtype=torch.float64)):
            found = penalty.prox(torch.asarray(v), steps).numpy()
            costs = [step * penalty(u) + (u - v) ** 2 / 2 for u in (found, expected)]
            assert (costs[0] <= costs[1] + 1e-14 * (1 + v**2)).all()
            clear = np.abs(costs[0] - costs[1]) > 1e-14 * (1 + v**2)
            assert not clear.any()
            same = np.abs(found - expected) <= 1e-13 * (1 + np.abs(v))
            assert (same | (np.abs(found - expected) > 1e-3)).all()  # two minima as good as each other
            assert same.mean() > 0.9
            assert not np.signbit(found[found == 0]).any()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("each", [False, True])
def test_jax_compiles_every_penalty(name, each):
    jax = pytest.importorskip("jax", reason="JAX is an extra")
    penalty, v = examples(name)[0], np.float32(V)
    steps = np.float32(STEPS) if each else 0.5
    step = jax.numpy.asarray(steps) if each else steps
    for function in (penalty.prox, jax.jit(penalty.prox) if each else jax.jit(lambda v, _: penalty.prox(v, 0.5))):
        result = function(jax.numpy.asarray(v), step)
        assert isinstance(result, jax.Array) and result.dtype == np.float32
        np.testing.assert_allclose(result, penalty.prox(V, STEPS if each else 0.5), rtol=1e-5, atol=1e-6)


def test_numpy_alone_imports_no_array_library():
    program = (
        "import sys, exactzeros; exactzeros.catalog.l1().at(beta=1).prox([2.0]); "
        "print({'torch', 'array_api_compat'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"
