"""The proximal operator of a piecewise quadratic penalty with a convex objective: it is piecewise linear in v.

On a piece with `rho'(u) = curvature*u + slope` the stationary point is `(v - step*slope)/(1 + step*curvature)`, a line
in v; at a kink the minimizer is a constant. From left to right, each part replaces the earlier ones: where it is
larger, if it rises faster, or where it is smaller, if it rises more slowly. No objectives need to be compared.
"""

import math
from dataclasses import dataclass

import numpy as np
import sympy as sp

from .halfline import t

NUDGE = 4 * np.finfo(float).eps  # floats cannot distinguish objectives that differ by less


@dataclass(frozen=True)
class Part:
    """The line of a piece, or the constant of a kink; it begins at `v = begin + step*begin_slope`."""

    begin: float
    begin_slope: float
    slope: float = 0.0
    curvature: float = 0.0
    is_constant: bool = False

    def values(self, v, step, out=None):
        """Return the minimizers for an array of v, as if the part went on forever, in `out` where that saves memory."""
        if self.is_constant:
            return self.begin
        shifted = np.subtract(v, step * self.slope, out=out) if self.slope else v
        return np.divide(shifted, 1 + step * self.curvature, out=out) if self.curvature else shifted

    def rises_faster(self, other):
        """Whether this part rises faster with v than the other."""
        if self.is_constant or other.is_constant:
            return other.is_constant
        return self.curvature < other.curvature


class Lines:
    """The parts of the operator from left to right; for an even penalty only those for `v >= 0`.

    Attributes
    ----------
    largest_step : float
        For smaller steps the objective is convex and the operator is correct.
    slopes : pair of float
        The one-sided slopes of the penalty at 0.
    shrinks : bool
        Whether the only kink is at 0, with the same curvature everywhere: soft thresholding, then a division.
    """

    def __init__(self, parts, is_even, slopes):
        self.parts, self.is_even, self.slopes = parts, is_even, slopes
        curvatures = {part.curvature for part in parts if not part.is_constant}
        self.largest_step = -1 / min(curvatures) if min(curvatures) < 0 else math.inf
        has_one_kink = {part.begin for part in parts if part.is_constant or part.begin > -math.inf} <= {0.0}
        self.shrinks = has_one_kink and len(curvatures) == 1
        self.curvature = min(curvatures)

    @classmethod
    def of(cls, pieces):
        """Return the lines of a penalty with these pieces, or None if the operator does not have this form."""
        finite = [piece for piece in pieces.pieces if piece.is_finite]
        if not (finite and all(piece.is_parabola for piece in finite) and pieces.is_continuous):
            return None
        slopes = dict(zip(map(float, pieces.borders), pieces.border_slopes, strict=True))
        if any(left > right for left, right in slopes.values()):
            return None
        parts = list(_parts(finite, slopes))
        if pieces.is_even:
            parts = [part for part in parts if part.begin >= 0]
        lines = cls(parts, pieces.is_even, slopes[0.0])
        return lines if lines._is_confirmed() else None

    def __call__(self, v, step, out):
        """Write the minimizers for a block of v, and one step or one for each entry, into `out`."""
        if self.shrinks:
            self._soft_threshold(v, step, out)
        elif self.is_even:
            size = np.abs(v)
            found = self._from_left_to_right(size, step)
            if self.parts[0].is_constant:  # at the edge of the zero interval, up to rounding, 0 is as good
                np.multiply(found, size > step * (self.slopes[1] * (1 + NUDGE)), out=found)
            np.copysign(found, v, out=out)
            np.add(out, 0.0, out=out)  # -0.0 becomes +0.0
        else:
            np.add(self._from_left_to_right(v, step), 0.0, out=out)

    def _soft_threshold(self, v, step, out):
        left, right = (step * slope if slope else -0.0 for slope in self.slopes)  # -0.0 minus -0.0 is +0.0
        clipped = np.clip(v, left, right, out=None if np.may_share_memory(v, out) else out)
        np.subtract(v, clipped, out=out)
        if self.curvature:
            np.divide(out, 1 + step * self.curvature, out=out)
        if np.ndim(step):
            np.add(out, 0.0, out=out)

    def _from_left_to_right(self, v, step):
        first, *others = self.parts
        found, line = np.empty_like(v), np.empty_like(v)
        before, last = first.values(v, step, out=found), first
        for part in others:
            choose = np.maximum if part.rises_faster(last) else np.minimum
            before, last = choose(before, part.values(v, step, out=line), out=found), part
        return before

    def _is_confirmed(self):
        """Whether going from left to right finds the right part, tested with some steps on all parts."""
        unit = min(self.largest_step, 4.0)
        for step in (unit / 8, unit / 2, unit * 0.9):
            begins = [part.begin + step * part.begin_slope for part in self.parts]
            inner = sorted(begin for begin in begins if math.isfinite(begin)) or [0.0]
            span = 1 + inner[-1] - inner[0]
            edges = np.array([0.0 if self.is_even else inner[0] - span, *inner, inner[-1] + span])
            v = np.unique(np.concatenate([edges, (edges[1:] + edges[:-1]) / 2, [edges[-1] + 1e6 * span]]))
            v = v[v >= 0] if self.is_even else v
            expected = np.empty_like(v)
            for begin, part in zip(begins, self.parts, strict=True):
                np.copyto(expected, part.values(v, step), where=v >= begin)
            found = np.broadcast_to(self._from_left_to_right(v, step), v.shape)
            if not np.allclose(found, expected, rtol=1e-12, atol=1e-12 * span):
                return False
        return True


def _parts(finite, slopes):
    """Yield the parts from left to right: for each piece the kink at its left end, if there is one, and its line."""
    ordered = sorted(finite, key=lambda piece: min(piece.side * end for end in piece.bounds))
    for piece in ordered:
        low = min(piece.side * end for end in piece.bounds)
        left, right = slopes.get(low, (-math.inf, -math.inf))
        if left < right:
            yield Part(low, left, is_constant=True)
        slope, curvature = piece.side * float(piece.slope.subs(t, 0)), float(sp.diff(piece.slope, t))
        yield Part(low, right, slope, curvature)
    high = max(piece.side * end for end in ordered[-1].bounds)
    if high in slopes:
        yield Part(high, slopes[high][0], is_constant=True)
