"""The proximal operator on PyTorch tensors, and with a separate step for each weight."""

import subprocess
import sys

import numpy as np
import pytest

from exactzeros import catalog
from penalties import NAMES, examples

LINEAR = ["l1", "one_sided", "nonnegative"]
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
        np.testing.assert_array_equal(result.ravel(), one_by_one)
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
        np.testing.assert_array_equal(result.numpy(), penalty.prox(V, steps))
        assert not torch.signbit(result[result == 0]).any()


@pytest.mark.parametrize("name", NAMES)
def test_a_tensor_keeps_dtype_and_device(torch, name):
    penalty = examples(name)[0]
    for dtype in (torch.float16, torch.bfloat16, torch.float32):
        v = torch.asarray(V, dtype=dtype, device="cpu")
        result = penalty.prox(v, 0.5)
        assert (result.dtype, result.device) == (v.dtype, v.device)
        np.testing.assert_allclose(result.double().numpy(), penalty.prox(v.double().numpy(), 0.5), rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize("name", LINEAR)
def test_linear_penalties_stay_on_the_device(torch, name):
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


@pytest.mark.parametrize("name", ["mcp", "l2"])
def test_a_tensor_that_records_gradients_goes_through_numpy(torch, name):
    v = torch.tensor([3.0, 0.1], requires_grad=True)
    result = examples(name)[0].prox(v)
    assert not result.requires_grad


def test_numpy_alone_imports_no_array_library():
    program = (
        "import sys, exactzeros; exactzeros.catalog.l1().at(beta=1).prox([2.0]); "
        "print({'torch', 'array_api_compat'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"
