"""The proximal operator for one step, as a nondecreasing function of v: which interval of v has its minimizer where.

With `h(u) = step*rho(u) + u**2/2`, a minimizer of `h(u) - u*v` attains `h*(v) = max_u (u*v - h(u))`. Each border of a
piece and each arc has its own such maximum, a convex function of v. They are ordered by `u`, so the difference of two
does not decrease in v: each wins from some v on, and a stack finds all winners.
"""

import math
from dataclasses import dataclass

import numpy as np

from .arcs import Arc
from .lines import NUDGE


@dataclass(frozen=True)
class Segment:
    """The minimizers for v from `start` on: the constant `low`, or points of `arc` between `low` and `high`."""

    start: float
    low: float
    high: float
    arc: Arc | None = None

    def points(self, v):
        """Return the minimizers for an array of v in this segment."""
        if self.arc is None:
            return np.full_like(v, self.low)
        side = self.arc.curve.side
        return side * self.arc.points(side * v)


class _Point:
    """A border of the penalty, where it has the value `height`."""

    def __init__(self, u, height, origin):
        self.low = self.high = u
        self.first, self.last = -math.inf, math.inf
        self._height, self.origin = height, origin  # heights are those above the origin

    def height(self, u):
        return self._height

    def best(self, v):
        return self.low, self.low * v - self._height

    def segments(self, start, end):
        yield Segment(start, self.low, self.low)


class _Stretch:
    """An arc with its ends, in `u`."""

    def __init__(self, arc, start):
        self.arc, self._side, self._start = arc, arc.curve.side, start
        self.origin = arc.step * start
        self.low, self.high = sorted((self._side * arc.low, self._side * arc.high))
        self.first, self.last = sorted((self._side * arc.first, self._side * arc.last))

    def height(self, u):
        return self.arc.curve.height(abs(u), self.arc.step, self._start)  # never -0.0, behind a jump

    def best(self, v):
        if v <= self.first:
            u = self.low
        elif v >= self.last:
            u = self.high
        else:
            u = self._side * float(self.arc.points(np.array([self._side * v]))[0])
        return u, u * v - self.height(u) if math.isfinite(u) else -math.inf

    def segments(self, start, end):
        first, last = self.first, self.last
        if self.low == 0 < first:  # within rounding of the edge of the zero interval, 0 is as good
            first *= 1 + NUDGE
        if last < 0 == self.high:
            last *= 1 + NUDGE
        if start < first:
            yield Segment(start, self.low, self.low)
        if max(start, first) < min(end, last):
            yield Segment(max(start, first), self.low, self.high, self.arc)
        if end > last:
            yield Segment(max(start, last), self.high, self.high)


class Envelope:
    """The segments of the proximal operator for one step and `|v| <= reach`, from left to right.

    Parameters
    ----------
    curves : list of Curve
    borders : list of pairs of float
        Each border with the penalty's finite value there.
    step, reach : float
    is_even : bool
        Whether the penalty is even, and curves and borders are only those of the right half.
    """

    def __init__(self, curves, borders, step, reach, is_even):
        self._segments, self._is_even = segments(curves, borders, step, reach), is_even
        if is_even:  # the first one begins at v = 0
            ahead = [i for i, segment in enumerate(self._segments) if segment.start <= 0]
            self._segments = self._segments[ahead[-1] :]

    def __call__(self, v, step, out):
        """Write the minimizers for a block of v into `out`."""
        y = np.abs(v) if self._is_even else v
        first, *others = self._segments
        ends = [*(segment.start for segment in others), math.inf]
        found = first.points(np.minimum(y, ends[0]))
        for segment, end in zip(others, ends[1:], strict=True):
            on_it = np.flatnonzero((y > segment.start) & (y <= end))
            if on_it.size:
                found[on_it] = segment.points(y[on_it])
        np.add(np.copysign(found, v) if self._is_even else found, 0.0, out=out)


def segments(curves, borders, step, reach):
    """Return the segments for `|v| <= reach`, from left to right."""
    start = dict(borders)[0.0]
    stretches = [_Stretch(arc, start) for curve in curves for arc in curve.arcs(step, reach)]
    points = [_Point(u, step * (value - start) + u * u / 2, step * start) for u, value in borders]
    points = [point for point in points if not any(_runs_into(stretch, point) for stretch in stretches)]
    parts = sorted([*points, *stretches], key=lambda part: (part.low, part.high))
    winners = []
    for part in parts:
        start = -math.inf
        while winners:
            start = _join(winners[-1][1], part)
            if start > winners[-1][0]:
                break
            winners.pop()
            start = -math.inf
        winners.append((start, part))
    found = []
    for (start, part), (end, _) in zip(winners, [*winners[1:], (math.inf, None)], strict=True):
        found += part.segments(start, end)
    return found


def _runs_into(stretch, point):
    return point.low in (stretch.low, stretch.high) and _are_level(point, stretch, point.low)


def _are_level(one, other, u):
    """Whether two parts have the same height at their common end `u`, up to rounding."""
    ours, theirs = one.height(u), other.height(u)
    return abs(ours - theirs) <= 1e-13 * max(abs(one.origin), abs(ours), u * u / 2)


def _join(left, right):
    """Return the v from which on `right` is better than `left`."""
    if left.high == right.low and left.last <= right.first and _are_level(left, right, left.high):
        return right.first
    return _crossing(left, right)


def _crossing(left, right):
    """Return the v from which on `right` is better than `left`; of equals, the one nearer to 0 is kept."""
    low, high = -math.inf, math.inf
    v = _guess(left, right)
    for _ in range(300):
        (u_left, best_left), (u_right, best_right) = left.best(v), right.best(v)
        ahead = best_right - best_left
        if math.isnan(ahead):
            ahead = math.inf if best_left == -math.inf else -math.inf
        low, high = (low, v) if ahead > 0 else (v, high)
        following = v - ahead / (u_right - u_left) if u_right > u_left and math.isfinite(ahead) else math.nan
        if not low < following < high:
            following = _halfway(low, high)
        if abs(following - v) <= 2 * np.spacing(abs(v)) or not math.isfinite(following):
            break
        v = following
    return v + abs(v) * NUDGE if abs(left.high) <= abs(right.low) else v - abs(v) * NUDGE


def _guess(left, right):
    """Return the slope of the line through the nearest ends of both, or a slope at their common end."""
    with np.errstate(all="ignore"):
        rise = np.float64(right.height(right.low)) - left.height(left.high)
        slopes = (float(rise / (right.low - left.high)), right.first, left.last)
    return next((slope for slope in slopes if math.isfinite(slope)), 0.0)


def _halfway(low, high):
    if low == -math.inf:
        return min(2 * high, -1.0) if high < math.inf else 0.0
    if high == math.inf:
        return max(2 * low, 1.0)
    return (low + high) / 2
