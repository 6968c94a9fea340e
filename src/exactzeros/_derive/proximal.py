"""The proximal operator of a penalty without free parameters: the global minimizer of `step*rho(u) + (u - v)**2/2`.

A minimizer is a border of a piece or a stationary point inside one. On a piece, in `t = side*u`, stationary means
`t + step*rho'(t) = y` with `y = side*v`. We find all candidates and take the best; an extra candidate does no harm.
"""

import math
from itertools import pairwise

import numpy as np
import sympy as sp

from .._arguments import as_array, as_array_of_any_value, as_positive, describe_non_finite
from ..errors import UndecidedError
from .halfline import limit_at_infinity, t
from .pieces import to_numpy
from .tensors import is_tensor, soft_threshold_tensor, through_numpy

_BLOCK = 65536  # doubles that stay in the cache between the two passes of soft thresholding
_HIGHEST_DEGREE = 60  # beyond it, the roots of a polynomial are slow and inaccurate
_TINY = np.finfo(float).tiny
_step, _root = sp.symbols("step root", positive=True)
_y = sp.Symbol("y", real=True)


class ProximalOperator:
    """`prox(v, step)` of the penalty with these `pieces` and, as floats, these slopes at 0."""

    def __init__(self, pieces, left, right):
        for border in pieces.jumps_down():
            raise ValueError(f"no minimizer exists: next to w = {border} the penalty jumps down from its value there")
        self._pieces, self._left, self._right = pieces, left, right
        start = pieces.border_values[0]
        self._is_linear = left <= right and all(_is_linear(piece, start) for piece in pieces.pieces)
        self._solvers = [_solver(piece) for piece in pieces.pieces if piece.is_finite]
        self._growth = min(_growth(piece) for piece in pieces.pieces if piece.high == sp.oo)

    def __call__(self, v, step, out=None):
        if is_tensor(v):
            return self._on_tensor(v, step, out)
        v = as_array_of_any_value("v", v)
        step = as_positive("step", step) if np.ndim(step) == 0 else _checked_steps(step, v)
        out = _checked_out(out, v)
        if out is not v and np.may_share_memory(out, v):
            v = v.copy()
        with np.errstate(all="ignore"):  # candidates that overflow or are undefined lose to the others
            if self._is_linear:
                self._soft_threshold(v, step, out)
            else:
                _refuse_non_finite(v)
                for one in np.unique(step):
                    self._check_bounded_below(float(one))
                    alike = np.broadcast_to(step == one, v.shape)
                    out[alike] = self._best_candidate(v[alike], float(one))
        return out

    def _on_tensor(self, v, step, out):
        if out is not None:
            raise TypeError(f"out must be None for a tensor, got {type(out).__name__}")
        if self._is_linear:
            return soft_threshold_tensor(v, step, self._left, self._right)
        return through_numpy(self, v, step)

    def _soft_threshold(self, v, step, out):
        if np.ndim(step):
            np.add(v - np.clip(v, step * self._left, step * self._right), 0.0, out=out)
            _refuse_non_finite(out)
            return
        low, high = (step * slope or -0.0 for slope in (self._left, self._right))  # so that -0.0 - clip(-0.0) is +0.0
        blocks, results = v.reshape(-1), out.reshape(-1)
        for start in range(0, v.size, _BLOCK):
            block, result = blocks[start : start + _BLOCK], results[start : start + _BLOCK]
            clipped = np.clip(block, low, high, out=None if out is v else result)
            np.subtract(block, clipped, out=result)
            if not np.isfinite(result.sum()):  # a NaN or inf shows in the sum, which may also overflow
                _refuse_non_finite(v)

    def _best_candidate(self, v, step):
        best = np.zeros_like(v)
        in_zero_interval = (step * self._left <= v) & (v <= step * self._right)
        least = np.where(in_zero_interval, 0.0, np.inf)  # outside, 0 is not even a local minimum
        for candidate in self._candidates(v, step):
            value = self._pieces.value(candidate)
            gain = step * (value - self._pieces.border_values[0]) + candidate * (candidate / 2 - v)
            gain[np.isinf(value) & np.isnan(gain)] = -np.inf  # inf - inf at a stationary point: the second is larger
            nearer = (gain == least) & (np.abs(candidate) < np.abs(best))
            better = (gain < least) | nearer
            best[better], least[better] = candidate[better], gain[better]
        return best + 0.0  # -0.0 becomes +0.0

    def _candidates(self, v, step):
        for border, value in zip(self._pieces.borders[1:], self._pieces.border_values[1:], strict=True):
            if np.isfinite(value):
                yield np.full_like(v, float(border))
        for solver in self._solvers:
            yield from solver(v, step)

    def _check_bounded_below(self, step):
        if not step * self._growth > -0.5:
            raise ValueError(f"no minimizer exists: step*rho(u) + (u - v)**2/2 is not bounded below for step={step:g}")


def _is_linear(piece, start):
    is_half_line = piece.high - piece.low == sp.oo
    return is_half_line and (not piece.is_finite or sp.expand(piece.rho - start - piece.slope * t) == 0)


def _refuse_non_finite(v):
    if not np.isfinite(v).all():
        raise ValueError(f"v must be finite, got {describe_non_finite(v)}")


def _checked_steps(step, v):
    step = as_array("step", step, shape=v.shape)
    if not (step > 0).all():
        raise ValueError(f"step must be positive, got {step.min():g}")
    return step


def _checked_out(out, v):
    if out is None:
        return np.empty(v.shape)
    if not isinstance(out, np.ndarray) or out.dtype != np.float64:
        raise TypeError(f"out must be an array of float64, got {type(out).__name__} {getattr(out, 'dtype', '')}")
    if out.shape != v.shape or not out.flags.c_contiguous:
        raise ValueError(f"out must be C-contiguous and of shape {v.shape}, got shape {out.shape}")
    return out


def _growth(piece):
    """Return the limit of `rho(t)/t**2` as `t` grows: above `-1/(2 step)`, every v has a minimizer."""
    if not piece.is_finite:
        return np.inf
    return float(limit_at_infinity(sp.powsimp(sp.expand(piece.rho / t**2))))


def _solver(piece):
    """Return a function of `(v, step)` that yields all candidates inside the piece, in closed form if possible."""
    equation = t + _step * piece.slope - _y
    coefficients, power = as_polynomial(equation)
    if coefficients is not None and len(coefficients) <= 3:
        return _quadratic_solver(piece, coefficients, power)
    return _newton_solver(piece)


def as_polynomial(equation):
    """Return `equation` as a polynomial in `t**(1/k)`: its coefficients, highest first, and `k`; `None` if none."""
    numerator = sp.fraction(sp.together(equation))[0]
    exponents = [power.exp for power in numerator.atoms(sp.Pow) if power.base == t]
    if not all(exponent.is_Rational for exponent in exponents):
        return None, 1
    power = math.lcm(*(int(exponent.q) for exponent in exponents))
    if power * max(map(abs, exponents), default=1) > _HIGHEST_DEGREE:
        return None, 1
    in_root = sp.powsimp(sp.expand(numerator.subs(t, _root**power)))
    try:
        return sp.Poly(sp.fraction(sp.together(in_root))[0], _root).all_coeffs(), power
    except sp.PolynomialError:
        return None, 1


def _quadratic_solver(piece, coefficients, power):
    functions = [to_numpy(coefficient, _step, _y) for coefficient in coefficients]
    low, high = piece.bounds

    def solve(v, step):
        values = [np.broadcast_to(function(step, piece.side * v), v.shape) for function in functions]
        for root in _roots(*values):
            inside = np.where(root > 0, root, np.nan) ** power
            yield piece.side * np.where((inside > low) & (inside < high), inside, np.nan)

    return solve


def _roots(*coefficients):
    if len(coefficients) == 2:
        slope, rest = coefficients
        return (-rest / slope,)
    size = np.maximum.reduce(np.abs(coefficients))
    a, b, c = (coefficient / size for coefficient in coefficients)  # so that their products do not overflow
    far = -(b + np.copysign(np.sqrt(b * b - 4 * a * c), b)) / 2  # avoids cancellation
    return far / a, c / far


def _newton_solver(piece):
    turning_points = _turning_points(piece)

    def solve(v, step):
        y = piece.side * v
        edges = turning_points(step, float(y.max()))
        for low, high in pairwise(edges):
            floor, ceiling = (end + step * piece.slope_function(np.array([end])) for end in (low, high))
            met = ~(y <= floor) & (y <= ceiling)  # at 0 the slope may be infinite or NaN
            if met.any():
                roots = np.full_like(y, np.nan)
                roots[met] = piece.side * _newton(piece, low, high, y[met], step)
                yield roots

    return solve


def _turning_points(piece):
    """Return a function of `(step, largest y)` that splits the piece where `t + step*rho'(t)` turns."""
    coefficients, power = as_polynomial(1 + _step * sp.diff(piece.slope, t))
    low, _ = piece.bounds

    def edges(step, y):
        end = _far_end(piece, step, y)
        if coefficients is None:
            inner = _sampled_turning_points(piece, step, low, end)
        else:
            roots = np.roots([float(coefficient.subs(_step, step)) for coefficient in coefficients])
            inner = np.maximum(roots.real, 0.0) ** power  # an extra turning point does no harm
        return np.unique([low, *inner[(inner > low) & (inner < end)], end])

    return edges


def _far_end(piece, step, y):
    """Return a point of the piece beyond which `t + step*rho'(t) > y`; the upper border if that is finite."""
    low, high = piece.bounds
    if np.isfinite(high):
        return high
    reach = low + np.geomspace(1e-6, 1e12, 1441) * max(1.0, abs(y))
    reach = reach[np.isfinite(reach)]
    height = reach + step * piece.slope_function(reach)
    known = ~np.isnan(height)  # far out, inf/inf in the slope
    reach, below = reach[known], np.flatnonzero(height[known] <= y)
    if reach.size == 0 or (below.size and below[-1] == reach.size - 1):
        raise UndecidedError("no bound for the minimizers on the piece {} was found", piece.rho)
    return float(reach[below[-1] + 1]) if below.size else float(reach[0])


def _sampled_turning_points(piece, step, low, end):
    """Return the zeros of `1 + step*rho''(t)` on (low, end) that a fine grid, linear and logarithmic, tells apart."""

    def signs_at(points):
        return np.sign(1 + step * piece.curvature_function(points))

    span = end - low
    grid = np.unique(np.concatenate([low + np.geomspace(1e-100, 1, 2000) * span, np.linspace(low, end, 20001)[1:-1]]))
    signs = signs_at(grid)
    change = np.flatnonzero(signs[:-1] * signs[1:] < 0)
    if (change[20:] - change[:-20] < 60).any():  # too few grid points per turn to find all turns
        raise UndecidedError(f"{{}} turns too often on ({low:g}, {end:g}) for a grid to find its minima", piece.rho)
    left, right = grid[change], grid[change + 1]
    for _ in range(60):
        middle = (left + right) / 2
        is_left = signs_at(middle) == signs[change]
        left, right = np.where(is_left, middle, left), np.where(is_left, right, middle)
    return right


def _newton(piece, low, high, y, step):
    """Return, for each y, the point of (low, high) where the increasing `t + step*rho'(t)` meets y.

    Newton's method where it at least halves its moves inside the bracket, else bisection.
    """
    left, right = np.full_like(y, low), np.full_like(y, high)
    point = np.clip(y, low + (high - low) * 1e-3, high - (high - low) * 1e-3)
    moved, moving = np.full_like(y, np.inf), np.full(y.shape, True)
    for _ in range(200):
        excess = point + step * piece.slope_function(point) - y
        right, left = np.where(excess >= 0, point, right), np.where(excess <= 0, point, left)
        newton = point - excess / (1 + step * piece.curvature_function(point))
        trusted = (newton >= left) & (newton <= right) & (np.abs(newton - point) <= moved / 2)
        following = np.where(moving, np.where(trusted, newton, _middle(left, right)), point)
        moved = np.abs(following - point)
        point = following
        moving &= moved > 2 * np.spacing(point)
        if not moving.any():
            break
    return point


def _middle(left, right):
    """The midpoint, geometric where the bracket spans orders of magnitude, so that tiny roots are reached as well."""
    least = np.maximum(left, _TINY)
    return np.where(right > 4 * least, np.sqrt(least) * np.sqrt(right), (left + right) / 2)
