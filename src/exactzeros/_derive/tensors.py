"""The proximal operator on arrays of other libraries, such as PyTorch tensors, through the array API standard.

`array_api_compat` is imported only when such an array arrives, and no library is imported that the caller does not use.
"""

import math
import numbers
import sys

import numpy as np

from .._arguments import as_positive

_NUMPY = (np.ndarray, np.generic, numbers.Number, list, tuple)


def is_tensor(v):
    """Whether `v` is an array of a library other than NumPy."""
    if isinstance(v, _NUMPY):
        return False
    from array_api_compat import is_array_api_obj

    return is_array_api_obj(v)


class PiecewiseQuadratic:
    """The operator of a penalty whose pieces are all quadratic, on the device and in the dtype of `v`.

    The formulas are those of `lines` as long as the objective is convex, otherwise those of `candidates`. No branch
    depends on a value in a tensor, so that JAX can trace them; there, values are not checked.
    """

    def __init__(self, lines, candidates):
        self._lines, self._candidates = lines, candidates

    def __call__(self, v, step):
        xp, step = _checked(v, step)
        if not (_is_traced(v) or _is_traced(step)):
            _check_finite(xp, v)
        largest = self._lines.largest_step if self._lines else 0.0
        if largest == math.inf or (isinstance(step, float) and step < largest):
            return self._convex(xp, v, step)
        if isinstance(step, float) or not largest:
            return self._any(xp, v, step)
        tame = step < largest
        convex = self._convex(xp, v, xp.where(tame, step, xp.full_like(step, largest / 2)))
        return xp.where(tame, convex, self._any(xp, v, step))

    def _convex(self, xp, v, step):
        lines = self._lines
        if lines.shrinks:
            return self._soft_threshold(xp, v, step)
        if not lines.is_even:
            return self._from_left_to_right(xp, v, step) + 0.0
        size = xp.abs(v)
        found = self._from_left_to_right(xp, size, step)
        if lines.parts[0].is_constant:
            edge = step * (lines.slopes[1] * (1 + 4 * float(xp.finfo(v.dtype).eps)))
            found = xp.where(size > edge, found, xp.zeros_like(v))
        return xp.copysign(found, v) + 0.0

    def _soft_threshold(self, xp, v, step):
        lines = self._lines
        found = xp.clip(v, *(_scaled(step, slope) for slope in lines.slopes))
        found *= -1.0  # in place: new memory costs more than the arithmetic
        found += v
        if lines.curvature:
            found /= 1 + step * lines.curvature
        tiny = float(xp.finfo(v.dtype).smallest_normal)
        if not (isinstance(step, float) and step * min(map(abs, lines.slopes)) >= tiny):
            found += 0.0  # otherwise what becomes zero is subtracted from itself, which gives +0.0
        return found

    def _from_left_to_right(self, xp, v, step):
        last, *others = self._lines.parts
        found = _line(last, v, step)
        for part in others:
            line = _line(part, v, step)
            rises = part.rises_faster(last)
            if part.is_constant:
                found = xp.clip(found, line, None) if rises else xp.clip(found, None, line)
            elif isinstance(found, float):
                found = xp.clip(line, found, None) if rises else xp.clip(line, None, found)
            else:
                found = xp.maximum(found, line) if rises else xp.minimum(found, line)
            last = part
        return found

    def _any(self, xp, v, step):
        candidates, noise = self._candidates, 4 * float(xp.finfo(v.dtype).eps)
        y = xp.abs(v) if candidates.is_even else v
        best, least = xp.zeros_like(v), xp.zeros_like(v)
        for point, gain in candidates.points(xp, y, step):
            within = noise * xp.abs(point)  # gains are those over |y|
            nearer = xp.abs(point) < xp.abs(best)
            better = (nearer & (gain <= least + within)) | (~nearer & (gain < least - within))
            best, least = xp.where(better, point, best), xp.where(better, gain, least)
        return (xp.copysign(best, v) if candidates.is_even else best) + 0.0


class SingleCurve:
    """The same for an even penalty with one curve, whose stationary points solve an equation in a root of t.

    It is quadratic, or a cubic one whose largest root is a cosine, or the slope is concave and Newton's method rises to
    its solution. These are the formulas of `Candidates` and `Curve.stationary`, printed for the library of the tensor.
    """

    def __init__(self, curve, origin):
        self._curve, self._origin, self._printed = curve, origin, {}

    def __call__(self, v, step):
        xp, step = _checked(v, step)
        if not (_is_traced(v) or _is_traced(step)):
            _check_finite(xp, v)
        wide = v.dtype if xp.finfo(v.dtype).bits >= 32 else xp.float32  # squares overflow in half precision
        size = xp.astype(xp.abs(v), wide)
        step = xp.full_like(size, step) if isinstance(step, float) else xp.astype(step, wide)
        point = self._point(xp, size, step)
        return xp.copysign(xp.astype(point, v.dtype), v) + 0.0

    def _point(self, xp, size, step):
        if xp not in self._printed:
            self._printed[xp] = self._curve.formulas(xp)
        turning, slope, ratio, bend, *coefficients = self._printed[xp]
        zero, one = xp.zeros_like(size), xp.ones_like(size)
        low = xp.clip(turning(step, size, one) + zero, 0.0, None)
        beyond = size > low + step * slope(step, low, one)
        safe = xp.where(beyond, size, one)  # elsewhere a root could have an infinite derivative
        if coefficients:
            is_cubic = self._curve.is_cubic
            scale = one if is_cubic else xp.clip(safe, 1.0, None)  # so that no product overflows
            largest_root = _largest_of_three if is_cubic else _largest_root
            found = largest_root(xp, *(each(step, safe / scale, scale) + zero for each in coefficients))
            point = xp.maximum(xp.clip(found, 0.0, None) ** self._curve.power, low)
        else:
            point = _rising_root(xp, lambda t: slope(step, t, one), lambda t: bend(step, t, one), safe, step)
        if self._curve.turning != 0:  # 0 may be as good
            gain = step * (ratio(step, point, one) - self._origin / point) + (point / 2 - size)  # no overflow
            beyond = beyond & (gain < -4 * float(xp.finfo(size.dtype).eps) * size)
        return xp.where(beyond, point, zero)


def _rising_root(xp, slope, bend, y, step):
    """Return the `t` with `t + step*slope(t) = y` by Newton's method, for a concave slope: from below it only rises."""
    point = xp.maximum(y - step * slope(y), y / (1 + step * bend(xp.zeros_like(y))))
    noise = 2 * float(xp.finfo(y.dtype).eps)
    may_stop = not (_is_traced(y) or _is_traced(step) or _is_compiled())
    for _ in range(16):  # more than any strength and size were seen to need
        excess = (point - y) + step * slope(point)
        move = excess / (1 + step * bend(point))
        point = point - move
        if may_stop and bool(xp.all(xp.abs(move) <= noise * point)):
            break
    return point


def _largest_root(xp, *coefficients):
    """Return the largest solution of an equation of the first or second degree, without cancellation."""
    *higher, b, c = coefficients
    if not higher:
        return -c / b
    scale = xp.maximum(xp.abs(higher[0]), xp.maximum(xp.abs(b), xp.abs(c)))  # so that no product overflows
    a, b, c = higher[0] / scale, b / scale, c / scale
    far = -(b + xp.copysign(xp.sqrt(xp.clip(b * b - 4 * a * c, 0.0, None)), b)) / 2
    return xp.maximum(far / a, c / far)


def _largest_of_three(xp, _first, _second, minus_b, c):
    """Return the largest solution of `x**3 - b*x + c = 0`, where one is positive, from a third of an angle."""
    half = xp.sqrt(-minus_b / 3)
    cosine = xp.clip(-c / half / half / half / 2, -1.0, 1.0)
    return 2 * half * xp.cos(xp.acos(cosine) / 3)


def _line(part, v, step):
    """Return the minimizers of a part, as if it went on forever; a float for a constant."""
    if part.is_constant:
        return part.begin
    shifted = v - step * part.slope if part.slope else v
    return shifted / (1 + step * part.curvature) if part.curvature else shifted


def _scaled(step, slope):
    """Return the bound `step*slope`, None where it is infinite."""
    return step * slope if math.isfinite(slope) else None


def _check_finite(xp, v):
    if bool(xp.isfinite(xp.sum(v))):  # a sum of finite numbers may overflow
        return
    if not bool(xp.all(xp.isfinite(v))):
        raise ValueError("v must be finite, got a NaN or an infinity")


def _is_traced(v):
    """Whether JAX traces a function, so that `v` has no values yet."""
    jax = sys.modules.get("jax")
    return jax is not None and isinstance(v, jax.core.Tracer)


def _is_compiled():
    """Whether PyTorch compiles a function, in which a look at values would break its graph."""
    torch = sys.modules.get("torch")
    return torch is not None and torch.compiler.is_compiling()


def through_numpy(operator, v, step):
    """Return `operator(v, step)` computed by NumPy in float64 on the CPU, as an array like `v`, without gradients."""
    from array_api_compat import device

    xp, step = _checked(v, step)

    def computed(v, own=step):
        return operator(_to_numpy(v), own if isinstance(own, float) else _to_numpy(own))

    if _is_traced(v) or _is_traced(step):  # the compiled function calls NumPy
        jax = sys.modules["jax"]
        form, steps = jax.ShapeDtypeStruct(v.shape, v.dtype), () if isinstance(step, float) else (step,)
        return jax.pure_callback(lambda *tensors: computed(*tensors).astype(form.dtype), form, v, *steps) + 0.0
    return xp.asarray(computed(v), dtype=v.dtype, device=device(v)) + 0.0  # what underflows is +0.0 too


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
    if not (_is_traced(v) or _is_traced(step)) and not bool((xp.min(step) > 0) & (xp.max(step) < math.inf)):
        raise ValueError("step must be positive and finite for each weight")
    return xp, step


def _to_numpy(v):
    from array_api_compat import array_namespace, is_torch_array, to_device

    if not is_torch_array(v):
        return np.asarray(v, dtype=np.float64)
    xp = array_namespace(v)  # PyTorch does not convert tensors that record gradients, and NumPy has no bfloat16
    return np.from_dlpack(to_device(xp.astype(v.detach(), xp.float64), "cpu"))
