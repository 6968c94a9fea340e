"""The proximal operator on arrays of other libraries, such as PyTorch tensors, through the array API standard.

`array_api_compat` is imported only when such an array arrives, and no library is imported that the caller does not use.
"""

import numbers

import numpy as np

from .._arguments import as_positive

_NUMPY = (np.ndarray, np.generic, numbers.Number, list, tuple)


def is_tensor(v):
    """Whether `v` is an array of a library other than NumPy."""
    if isinstance(v, _NUMPY):
        return False
    from array_api_compat import is_array_api_obj

    return is_array_api_obj(v)


def soft_threshold_tensor(v, step, left, right):
    """Return the proximal operator with slopes `left` and `right` at `v`, on the device and in the dtype of `v`.

    `v - clip(v, step*left, step*right)`; a zero is `+0.0`.
    """
    xp, step = _checked(v, step)
    result = v - xp.clip(v, step * left, step * right) + 0.0
    if not bool(xp.all(xp.isfinite(result))):
        raise ValueError("v must be finite, got a NaN or an infinity")
    return result


def through_numpy(operator, v, step):
    """Return `operator(v, step)` computed by NumPy in float64 on the CPU, as an array like `v`, without gradients."""
    from array_api_compat import device

    xp, step = _checked(v, step)
    result = operator(_to_numpy(v), step if isinstance(step, float) else _to_numpy(step))
    return xp.asarray(result, dtype=v.dtype, device=device(v))


def _checked(v, step):
    from array_api_compat import array_namespace, size

    xp = array_namespace(v)
    if not xp.isdtype(v.dtype, "real floating"):
        raise TypeError(f"v must hold floating-point numbers, got a tensor of {v.dtype}")
    if not size(v):
        raise ValueError(f"v must not be empty, got a tensor of shape {tuple(v.shape)}")
    if not is_tensor(step):
        return xp, as_positive("step", step)
    if step.shape != v.shape or step.dtype != v.dtype:
        expected, got = f"{tuple(v.shape)} and {v.dtype}", f"{tuple(step.shape)} and {step.dtype}"
        raise ValueError(f"step must be a number or have the shape and dtype of v, {expected}, got {got}")
    if not bool(xp.all(xp.isfinite(step) & (step > 0))):
        raise ValueError("step must be positive and finite for each weight")
    return xp, step


def _to_numpy(v):
    from array_api_compat import array_namespace, to_device

    detached = v.detach() if hasattr(v, "detach") else v  # PyTorch does not convert tensors that record gradients
    return np.from_dlpack(to_device(array_namespace(v).astype(detached, array_namespace(v).float64), "cpu"))
