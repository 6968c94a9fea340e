"""The proximal operator when each v has its own step: finds all candidates for a minimizer and takes the best."""

import math

import numpy as np


class Candidates:
    """Pieces whose stationary points can be computed for an array of steps."""

    def __init__(self, curves, borders, is_even):
        self._curves, self._borders, self.is_even = curves, borders, is_even
        self._origin = dict(borders)[0.0]
        # With one curve that only rises there is nothing to compare; for tiny v the objectives would underflow.
        self.is_convex = (
            is_even and len(curves) == len(borders) == 1 and not curves[0].is_line and curves[0].turning == 0
        )

    @classmethod
    def of(cls, curves, borders, is_even):
        """Return the candidates of these curves, or None if the turns of a piece need separate work for each step."""
        return cls(curves, borders, is_even) if all(curve.takes_steps for curve in curves) else None

    def __call__(self, v, step, out):
        """Write the minimizers for a block of v, with their steps, into `out`."""
        y = np.abs(v) if self.is_even else v
        if self.is_convex:
            np.add(np.copysign(self._curves[0].stationary(y, step), v), 0.0, out=out)
            return
        best, least = np.zeros_like(y), np.zeros_like(y)
        for u, value in self._borders:
            if u:
                self._improve(best, least, np.full_like(y, u), step * (value - self._origin) + u * (u / 2 - y), y)
        for curve in self._curves:
            point = curve.stationary(curve.side * y, step)
            values = curve.piece.value_function(point) - self._origin
            self._improve(best, least, curve.side * point, step * values + point * (point / 2 - curve.side * y), y)
        np.add(np.copysign(best, v) if self.is_even else best, 0.0, out=out)

    def points(self, xp, y, step):
        """For quadratic pieces, yield each candidate and its objective minus that of 0, over `|y|`, in the library.

        Without the division the objectives would overflow, in half precision for `|y| = 300` already.
        """
        size = xp.clip(xp.abs(y), math.sqrt(float(xp.finfo(y.dtype).smallest_normal)), None)
        for u, value in self._borders:
            if u:
                yield xp.full_like(y, u), step * ((value - self._origin) / size) + u * ((u / 2 - y) / size)
        for curve in self._curves:
            side, low, high = curve.side, *curve.piece.bounds
            towards = y if side > 0 else -y
            rise = 1 + step * curve.curvature
            inside = xp.clip((towards - step * curve.start) / rise, low, high if high < np.inf else None)
            point = xp.where(rise + xp.zeros_like(y) > 0, inside, xp.full_like(y, low))
            slope = point * (curve.curvature / 2) + curve.start
            value = point * (slope / size) + (curve.origin - self._origin) / size
            yield (point if side > 0 else -point), step * value + point * ((point / 2 - towards) / size)

    @staticmethod
    def _improve(best, least, candidate, gain, y):
        """Take the candidate where its objective is smaller by more than rounding, or equal and it is nearer to 0."""
        noise = 4 * np.finfo(float).eps * np.abs(candidate * y)
        nearer = np.abs(candidate) < np.abs(best)
        better = np.where(nearer, gain <= least + noise, gain < least - noise)
        np.copyto(best, candidate, where=better)
        np.copyto(least, gain, where=better)
