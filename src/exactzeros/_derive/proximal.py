"""The proximal operator of a penalty without free parameters: the global minimizer of `step*rho(u) + (u - v)**2/2`.

If the penalty is piecewise quadratic and the objective convex, the operator is piecewise linear, with one formula for
all steps (`lines`). Otherwise it has a few segments for each step, found when the step first occurs (`envelope`); if
each v has its own step, all candidates are compared (`candidates`). Arrays are processed in blocks that fit in the
processor's cache.
"""

import math
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import sympy as sp

from .._arguments import all_finite, as_array, as_array_of_any_value, as_positive, describe_non_finite
from .._types import Floats
from ..errors import UndecidedError
from . import compiled, formulas
from .arcs import Curve, leave_range
from .candidates import Candidates
from .envelope import Envelope
from .halfline import limit_at_infinity, t
from .lines import Lines
from .tensors import PiecewiseQuadratic, SingleCurve, is_tensor, through_numpy

_LARGEST = 1e307  # beyond it the search for a bound of the minimizers overflows
_BLOCK = 16384  # doubles: a block and its results fit in the processor's cache


class ProximalOperator:
    """`prox(v, step)` of the penalty with these `pieces`."""

    def __init__(self, pieces):
        values = dict(zip(pieces.borders, pieces.border_values, strict=True)) | pieces.jumps_down()
        for border, value in values.items():
            if value == -math.inf:
                raise ValueError(_no_minimizer("", border))
        self._not_attained = [float(border) for border in pieces.jumps_down()]
        self._is_even = pieces.is_even
        borders = ((float(border), value) for border, value in values.items())
        # For an even penalty only the right half is computed.
        kept = [piece for piece in pieces.pieces if piece.side > 0 or not self._is_even]
        self._curves = [Curve(piece) for piece in kept if piece.is_finite]
        self._borders = [(u, value) for u, value in borders if math.isfinite(value) and (u >= 0 or not self._is_even)]
        self._growth = min(_growth(piece) for piece in kept if piece.high == sp.oo)
        self._needs_reach = any(curve.needs_reach for curve in self._curves)
        self._lines = Lines.of(pieces)
        self._pieces = pieces
        self._candidates: Any = Candidates.of(self._curves, self._borders, self._is_even)
        self._envelope = lru_cache(maxsize=1024)(self._new_envelope)

    def __call__(self, v, step, out=None):
        if is_tensor(v):
            return self._on_tensor(v, step, out)
        v = as_array_of_any_value("v", v)
        step, largest = (as_positive("step", step), None) if _is_one(step) else _checked_steps(step, v)
        is_checked = out is not None
        if out is None:
            out = np.empty(v.shape)
        else:
            _check_out(out, v)
            if not all_finite(v):  # before anything is written
                _refuse_non_finite(v)
        if out is not v and np.may_share_memory(out, v):
            v = v.copy()
        with np.errstate(all="ignore"):  # candidates that overflow or are undefined lose
            if not self._in_blocks(v.reshape(-1), step, largest, out.reshape(-1), is_checked):
                _refuse_non_finite(v)
        if self._lines is None and math.isnan(out.sum()):
            large = v[np.isnan(out)].flat[0]
            raise UndecidedError(f"no minimizer was found for v = {large:g}: numbers on the way to it overflow")
        for border in self._not_attained:
            if (out == border).any():
                raise ValueError(_no_minimizer(f" for v = {v[out == border].flat[0]:g}", sp.Rational(border)))
        return out

    def formula(self, symbol):
        """Return the operator with step 1 as an expression in `symbol`."""
        self._check_bounded_below(1.0)
        if self._not_attained:
            raise ValueError(_no_minimizer("", sp.Rational(self._not_attained[0])))
        return formulas.of_numbers(self._pieces, symbol)

    def _on_tensor(self, v, step, out):
        if out is not None:
            raise TypeError(f"out must be None for a tensor, got {type(out).__name__}")
        return through_numpy(self, v, step) if self._tensors is None else self._tensors(v, step)

    @cached_property
    def _tensors(self):
        """The formulas for tensors, None if only NumPy computes the operator; the second test is for a minimizer."""
        if self._growth < 0 or self._not_attained or not self._curves:
            return None
        if all(curve.is_line for curve in self._curves):
            return PiecewiseQuadratic(self._lines, self._candidates)
        (curve, *others), (_, *borders) = self._curves, self._borders
        if others or borders or not (self._is_even and curve.takes_steps):
            return None
        if not (curve.is_quadratic or curve.is_cubic or curve.has_concave_slope):
            return None
        return SingleCurve(curve, self._borders[0][1])

    def _in_blocks(self, v, step, largest, out, is_checked):
        """Write the minimizers for `v`, with one step or a step each, into `out`; return whether `v` is finite."""
        if largest is None:
            rule, steps = self._rule(v, step), None
        else:
            rule, steps = self._rule_for_steps(v, largest), step.reshape(-1)
            if rule is None:
                return self._each_step(v, steps, out)
        rule = self._faster(rule, v.size, steps is not None)
        for start in range(0, v.size, _BLOCK):
            block = slice(start, start + _BLOCK)
            values = v[block]
            if not (is_checked or all_finite(values)):
                return False
            rule(values, step if steps is None else steps[block], out[block])
        return True

    @cached_property
    def _body(self):
        """The body of the compiled loop that is right for all steps, None where there is none."""
        if self._not_attained or len(self._curves) != 1 or len(self._borders) > 1 or not self._is_even:
            return None
        (curve,) = self._curves
        if not curve.takes_steps or curve.is_line or curve.piece.cancels_at_zero:
            return None
        return compiled.body_of_curve(curve, self._pieces.border_slopes[0][1], self._pieces.border_values[0])

    def _faster(self, rule, size, has_steps) -> Callable[[Floats, Any, Floats], Any]:
        """Return a compiled loop in place of the rule, where that is worth while."""
        if not compiled.IS_AVAILABLE or size < compiled.WORTH_COMPILING:
            return rule
        if rule is self._lines:
            return compiled.loop(compiled.body_of_lines(rule), has_steps)
        return rule if self._body is None else _Loop(compiled.loop(self._body, has_steps), rule)

    def _rule(self, v, step):
        """Return the function of `(v, step, out)` that computes the operator for one step."""
        if self._lines and step < self._lines.largest_step:
            return self._lines
        self._check_bounded_below(step)
        _check_size(v)
        return self._envelope(step, _reach(v) if self._needs_reach else math.inf)

    def _rule_for_steps(self, v, largest):
        """Return the same for steps up to this largest one, or None if each step needs its own."""
        if self._lines and largest < self._lines.largest_step:
            return self._lines
        self._check_bounded_below(float(largest))
        _check_size(v)
        return self._candidates if self._candidates is None or self._candidates.is_convex else self._compared

    def _compared(self, v, step, out):
        """Compare the candidates for a block; each step for itself where an objective would over- or underflow."""
        size = np.abs(v)
        apart = leave_range(size, size)
        if not apart.any():
            return self._candidates(v, step, out)
        few, steps = v[apart], step[apart]
        self._candidates(v, step, out)
        found = np.empty_like(few)
        self._each_step(few, steps, found)
        out[apart] = found

    def _each_step(self, v, step, out):
        if not all_finite(v):
            return False
        for one in np.unique(step):
            alike = step == one
            values = v[alike]
            found = np.empty_like(values)
            self._rule(values, float(one))(values, float(one), found)
            out[alike] = found
        return True

    def _new_envelope(self, step, reach):
        return Envelope(self._curves, self._borders, step, reach, self._is_even)

    def _check_bounded_below(self, step):
        if not step * self._growth > -0.5:
            raise ValueError(f"no minimizer exists: step*rho(u) + (u - v)**2/2 is not bounded below for step={step:g}")


def _no_minimizer(where, border):
    return f"no minimizer exists{where}: next to w = {border} the penalty jumps down from its value there"


class _Loop:
    """A compiled loop, with the rule that takes over where it leaves NaN."""

    def __init__(self, loop, rule):
        self._loop, self._rule = loop, rule

    def __call__(self, v, step, out):
        kept = v.copy() if np.may_share_memory(v, out) else v
        self._loop(v, step, out)
        if math.isnan(out.sum()):
            self._rule(kept, step, out)


def _check_size(v):
    largest = max(v.max(), -v.min())
    if _LARGEST < largest < math.inf:
        raise ValueError(f"v must have numbers of a size up to {_LARGEST:g} for this penalty, got {largest:g}")


def _reach(v):
    """Return a power of 2 that no `|v|` exceeds, so that one search for brackets serves many arrays."""
    return 2.0 ** min(max(math.frexp(float(np.abs(v).max()))[1], 0), 1023)


def _refuse_non_finite(v):
    if not np.isfinite(v).all():
        raise ValueError(f"v must be finite, got {describe_non_finite(v)}")


def _is_one(step):
    return not isinstance(step, (list, tuple)) and np.ndim(step) == 0  # a ragged list has no number of dimensions


def _checked_steps(step, v):
    """Return the steps and the largest of them."""
    step = as_array_of_any_value("step", step, shape=v.shape)
    smallest, largest = step.min(), step.max()
    if not (smallest > 0 and largest < math.inf):
        as_array("step", step)
        raise ValueError(f"step must be positive, got {smallest:g}")
    return step, largest


def _check_out(out, v):
    if not isinstance(out, np.ndarray) or out.dtype != np.float64:
        raise TypeError(f"out must be an array of float64, got {type(out).__name__} {getattr(out, 'dtype', '')}")
    if out.shape != v.shape or not out.flags.c_contiguous:
        raise ValueError(f"out must be C-contiguous and of shape {v.shape}, got shape {out.shape}")
    if not out.flags.writeable:
        raise ValueError("out must be writeable, got an array that is read-only")


def _growth(piece):
    """Return the limit of `rho(t)/t**2` as `t` grows: above `-1/(2 step)`, every v has a minimizer."""
    if not piece.is_finite:
        return np.inf
    return float(limit_at_infinity(sp.powsimp(sp.expand(piece.rho / t**2))))
