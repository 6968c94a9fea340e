"""The arcs of a penalty for one step: intervals of `t = |u| > 0` on which `phi(t) = t + step*rho'(t)` increases.

Every minimizer of `step*rho(u) + (u - v)**2/2` lies inside an arc, where `phi(t) = |v|` or `-|v|`, or on a border.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import sympy as sp

from ..errors import UndecidedError
from .halfline import is_nonnegative, t
from .printing import printed_for, to_numpy

_HIGHEST_DEGREE = 60  # polynomials beyond it have roots that are slow to find, and inaccurate
_TINY, _EPS = np.finfo(float).tiny, np.finfo(float).eps
_LEAST = np.finfo(float).smallest_subnormal
_step, _root = sp.symbols("step root", positive=True)
_y = sp.Symbol("size", real=True)


class Curve:
    """A piece on which the penalty is finite, with everything that does not depend on the step."""

    def __init__(self, piece):
        self.piece, self.side = piece, piece.side
        self.low, self.high = piece.bounds
        self.is_line = piece.is_parabola
        if self.is_line:
            self.curvature = float(sp.diff(piece.slope, t))
            self.start = float(piece.slope.subs(t, 0))
            self.origin = float(piece.rho.subs(t, 0))

    @cached_property
    def _equation(self):
        return as_polynomial(t + _step * self.piece.slope - _y)

    @property
    def coefficients(self) -> Any:
        """Those of `phi(t) = y` as a polynomial in `t**(1/power)`, None if it is none."""
        return self._equation[0]

    @property
    def power(self):
        """The root of `t` in which `phi(t) = y` is a polynomial."""
        return self._equation[1]

    @property
    def is_quadratic(self):
        """Whether the equation `phi(t) = y` is one of degree two or one in a root of `t`."""
        return self.coefficients is not None and len(self.coefficients) <= 3

    @cached_property
    def _functions(self):
        return [to_numpy(coefficient, _step, _y) for coefficient in self.coefficients]

    @cached_property
    def _turning_equation(self):
        return as_polynomial(1 + _step * sp.diff(self.piece.slope, t))

    @property
    def _turning(self):
        return self._turning_equation[0]

    def phi(self, point, step):
        """Return `t + step*rho'(t)`; at an end where that is undefined, the infinite limit there."""
        value = float((point + step * self.piece.slope_function(np.array([point])))[0])
        return value if not math.isnan(value) else (-math.inf if point == self.low else math.inf)

    def height(self, point, step, start):
        """Return `step*(rho(t) - start) + t**2/2`; inf at a pole."""
        value = float((step * (self.piece.value_function(np.array([point])) - start))[0]) + point * point / 2
        return math.inf if math.isnan(value) else value

    def arcs(self, step, reach):
        """Return the arcs that can contain minimizers for `|v| <= reach`, in the order of `t`."""
        if self.is_line:
            rises = 1 + step * self.curvature > 0
            return [Arc(self, step, self.low, self.high)] if rises else []
        end = self.high if not self.needs_reach else _far_end(self.piece, step, reach)
        if self._turning is not None:
            found = self._rising(step, self._turning_roots(self._turning, step), end)
            if end == math.inf or _are_rising(found):  # else a root was lost in rounding
                return found
        for nearest in (1e-100, 1e-300):
            found = self._rising(step, _sampled_turning_points(self.piece, step, self.low, end, nearest), end)
            if _are_rising(found):
                break
        return found

    def _rising(self, step, turning, end):
        """Return the arcs among the intervals between these turning points of `phi`; one too many does no harm."""
        edges = np.unique([self.low, *turning[(turning > self.low) & (turning < end)], end]).tolist()
        return [
            Arc(self, step, low, high).without_poles()
            for low, high in pairwise(edges)
            if not 1 + step * self.piece.curvature_function(np.array([_between(low, high)]))[0] <= 0  # NaN: far out
        ]

    def _turning_roots(self, polynomial, step):
        coefficients = [sp.sympify(coefficient).subs(_step, step) for coefficient in polynomial]
        largest = max(map(abs, coefficients))  # so that none overflows
        roots = np.roots([float(coefficient / largest) for coefficient in coefficients])
        roots = roots[np.abs(roots.imag) <= 0.01 * np.abs(roots)].real  # a double root comes as a nearly real pair
        return self._polished(roots[roots > 0] ** self._turning_equation[1], step)

    def _polished(self, roots, step):
        """Return the roots, by bisection from ends of few digits where possible: LAPACK's depend on the machine."""
        with np.errstate(over="ignore"):
            few = roots.astype(np.float32).astype(float)
        ends = few * (1 - 2.0**-20), few * (1 + 2.0**-20)
        signs_at = _signs_of_rise(self.piece, step)
        return np.where(signs_at(ends[0]) * signs_at(ends[1]) < 0, _bisected(signs_at, *ends), roots)

    @property
    def needs_reach(self):
        """Whether the arcs depend on the largest `|v|`, because the last end of the brackets has to be searched for."""
        return not self.is_line and self.high == math.inf and not (self.is_quadratic and self._turning)

    @cached_property
    def takes_steps(self):
        """Whether `stationary` can be computed: for a line, or for a piece that begins at 0 and turns at most once."""
        return self.is_line or (self.low == 0 and self.high == math.inf and self.turning is not None)

    @cached_property
    def turning(self) -> Any:
        """The only `t` at which `phi` turns from falling to rising, in the symbol `step`.

        If it is not positive, `phi` only rises. None where this is not known.
        """
        if not self.piece.slope.is_nonnegative:  # else y bounds the root
            return None
        if is_nonnegative(sp.diff(self.piece.slope, t)):
            return sp.S.Zero
        if self._turning is None:
            return None
        first, *middle, last = self._turning
        if first.is_positive and not any(middle) and last.is_negative:
            return (-last / first) ** sp.Rational(self._turning_equation[1], len(middle) + 1)
        if first.is_positive and len(middle) == 1 and middle[0].is_nonnegative and self._turning_equation[1] == 1:
            return (sp.sqrt(middle[0] ** 2 - 4 * first * last) - middle[0]) / (2 * first)
        return None

    @cached_property
    def is_cubic(self):
        """Whether the equation is `x**3 - b*x + c = 0` in a root `x` of `t`, with positive b and c for positive y."""
        if self.coefficients is None or len(self.coefficients) != 4:
            return False
        first, none, minus_b, c = (each.subs(_y, _root) / self.coefficients[0] for each in self.coefficients)
        return bool(first == 1 and none == 0 and minus_b.is_negative and c.is_positive)

    @cached_property
    def has_concave_slope(self):
        """Whether `phi` rises from 0 on and bends down, and every tensor library has its functions."""
        if not (self.takes_steps and self.turning == 0) or self.piece.rho.atoms(sp.Function):
            return False
        turn = sp.factor(sp.simplify(sp.diff(self._bend, t)))
        return bool(self._bend.subs(t, 0).is_finite and turn.is_nonpositive)

    @cached_property
    def _bend(self):
        """The second derivative as one fraction, which does not become inf - inf."""
        return sp.factor(sp.simplify(sp.diff(self.piece.slope, t)))

    def formulas(self, xp):
        """Return `turning`, slope, value over t, second derivative and coefficients as functions for the library `xp`.

        They are those of `(step, t or |v|, scale)`; the coefficients are divided by `scale`, and so is their `|v|`.
        """
        parts = self.piece.slope, sp.expand(self.piece.rho / t), self._bend
        slope, ratio, bend = (part.subs(t, _y) for part in parts)
        coefficients = list(self.coefficients) if self.coefficients and (self.is_quadratic or self.is_cubic) else []
        coefficients = [sp.expand((each / coefficients[0]).subs(_y, _y * _root) / _root) for each in coefficients]
        return [printed_for(xp, each, _step, _y, _root) for each in (self.turning, slope, ratio, bend, *coefficients)]

    @cached_property
    def _turning_function(self):
        return to_numpy(self.turning, _step)

    def stationary(self, y, step):
        """Return the local minimizer in the piece for `y` and its step, or an end if there is none."""
        if self.is_line:
            rise = 1 + step * self.curvature
            found = (y - step * self.start) / rise
            return np.clip(np.where(rise > 0, found, self.low), self.low, self.high)
        low = np.fmax(self._turning_function(step), 0.0)
        beyond = y > low + step * self.piece.slope_function(low)
        if self.is_quadratic:
            return np.where(beyond, np.clip(np.fmax(*self.roots(y, step)), low, None), 0.0)
        found = np.zeros_like(y)
        found[beyond] = newton(self.piece, step[beyond], y[beyond], low[beyond], y[beyond])
        return found

    def roots(self, y, step):
        """Return the solutions of `phi(t) = y` where that is quadratic; negative values are not solutions."""
        values = [np.broadcast_to(function(step, y), y.shape) for function in self._functions]
        found = _roots(*values)
        return found if self.power == 1 else [np.maximum(root, 0.0) ** self.power for root in found]


@dataclass(frozen=True, eq=False)
class Arc:
    """The part `low <= t <= high` of a curve, on which `phi` increases from `first` to `last`."""

    curve: Curve
    step: float
    low: float
    high: float

    def without_poles(self):
        """Return the arc without an end next to which `phi` turns within rounding of it, and runs the other way."""
        low = np.nextafter(self.low, self.high) if self.first == math.inf and self.low > 0 else self.low
        high = np.nextafter(self.high, self.low) if self.last == -math.inf else self.high
        return Arc(self.curve, self.step, float(low), float(high))

    @cached_property
    def first(self):
        return self.curve.phi(self.low, self.step)

    @cached_property
    def last(self):
        return math.inf if self.high == math.inf else self.curve.phi(self.high, self.step)

    @cached_property
    def _takes_larger_root(self):
        middle = np.array([_between(self.first, self.last)])
        smaller, larger = np.sort(self.curve.roots(middle, self.step), axis=0)[:, 0]  # NaN, if any, is the last
        return bool(self._distance(larger) <= self._distance(smaller))

    def _distance(self, point):
        """Return how far a point lies outside the arc."""
        return max(self.low - point, point - self.high, 0.0)

    def points(self, y):
        """Return the `t` of the arc with `phi(t) = y`, for an array of `y` between `first` and `last`."""
        curve, step = self.curve, self.step
        if curve.is_line:
            found = (y - step * curve.start) / (1 + step * curve.curvature)
        elif curve.is_quadratic:
            found = (np.fmax if self._takes_larger_root else np.fmin)(*curve.roots(y, step))
        else:
            found = newton(curve.piece, step, y, self.low, self.high)
            found = np.where(y <= self.first, self.low, found)
        return np.clip(found, *self._bounds)

    @cached_property
    def _bounds(self):
        """The ends, or the floats next to them inside the arc where they are poles."""
        low, high = self.low, self.high
        if low > 0 and self.curve.height(low, self.step, 0.0) == math.inf:
            low = np.nextafter(low, high)
        if high < math.inf and self.curve.height(high, self.step, 0.0) == math.inf:
            high = np.nextafter(high, self.low)
        return low, high


def _between(low, high):
    """Return a number between the two, of moderate size if possible."""
    if low < 0 < high:
        return 0.0
    if high <= 0:
        return -_between(-high, -low)
    return math.sqrt(low) * math.sqrt(high) if 0 < low and high < math.inf else max(2 * low, min(high / 2, 1.0))


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


def _roots(*coefficients):
    if len(coefficients) == 2:
        slope, rest = coefficients
        return -rest / slope, np.full_like(rest, np.nan)
    size, least = np.maximum.reduce(np.abs(coefficients)), np.minimum.reduce(np.abs(coefficients))
    if leave_range(least, size).any():
        coefficients = [coefficient.astype(np.longdouble) for coefficient in coefficients]
    a, b, c = (coefficient / size for coefficient in coefficients)  # so that their products do not overflow
    far = -(b + np.copysign(np.sqrt(np.maximum(b * b - 4 * a * c, 0.0)), b)) / 2  # avoids cancellation
    return (far / a).astype(float), (c / far).astype(float)


def leave_range(least, largest):
    """Whether products of numbers between the two may over- or underflow, for arrays of sizes."""
    return (largest > 1e150) | ((least < 1e-150) & (least > 0))


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


def _are_rising(arcs):
    return all(arc.first < arc.last for arc in arcs)


def _sampled_turning_points(piece, step, low, end, nearest):
    """Return the zeros of `1 + step*rho''(t)` on (low, end) that a fine grid, linear and logarithmic, tells apart.

    The grid begins at the distance `nearest` from `low`, or nearer if the interval is short.
    """
    span = end - low
    nearest = min(max(nearest, np.spacing(low)), max(nearest * span, 1e-300), span / 2)
    logarithmic = low + np.geomspace(nearest, span, int(20 * (np.log10(span) - np.log10(nearest))))
    grid = np.unique(np.concatenate([logarithmic, np.linspace(low, end, 20001)[1:-1]]))
    signs_at = _signs_of_rise(piece, step)
    signs = signs_at(grid)
    grid, signs = grid[signs != 0], signs[signs != 0]  # a zero on the grid lies between its neighbours
    change = np.flatnonzero(signs[:-1] * signs[1:] < 0)
    if (change[20:] - change[:-20] < 60).any():  # too few grid points per turn to find all turns
        raise UndecidedError(f"{{}} turns too often on ({low:g}, {end:g}) for a grid to find its minima", piece.rho)
    return _bisected(signs_at, grid[change], grid[change + 1])


def _signs_of_rise(piece, step):
    """Return the function that tells where `t + step*rho'(t)` rises, 1, and where it falls, -1."""
    return lambda points: np.sign(1 + step * piece.curvature_function(points))


def _bisected(signs_at, left, right):
    """Return where the sign changes between `left` and `right`, or next to it."""
    sign = signs_at(left)
    for _ in range(60):
        middle = (left + right) / 2
        is_left = signs_at(middle) == sign
        left, right = np.where(is_left, middle, left), np.where(is_left, right, middle)
    return right


def newton(piece, step, y, low, high):
    """Return, for each y, the point of (low, high) where the increasing `t + step*rho'(t)` meets y.

    Newton's method as long as its moves stay inside and at least halve; inside a bracket for what is then left.
    """
    edge = (high - low) * 1e-3
    point = np.clip(y - step * piece.slope_function(np.clip(y, low + edge, high)), low + edge, high)
    moved, is_tame = np.inf, True
    for _ in range(12):
        _, move, is_done = _newton_move(piece, step, y, point)
        point, size = point - move, np.abs(move)
        is_tame = is_tame & (size <= moved / 2) & (point >= low) & (point <= high)
        moved = size
        left = ~(is_done & is_tame)
        if not (left & is_tame).any():
            break
    if left.any():
        step, low, high = (each[left] if np.ndim(each) else each for each in (step, low, high))
        point[left] = _bracketed_newton(piece, step, y[left], low, high, point[left])
    return point


def _newton_move(piece, step, y, point):
    """Return `phi(point) - y`, how far Newton's method moves from there, and whether that is no more than rounding."""
    slope, curvature = piece.derivatives_function(point)
    excess = (point - y) + step * slope
    bend = 1 + step * curvature
    move = np.where(np.isfinite(bend), excess / bend, np.nan)  # with an infinite one it would move nowhere
    size = np.abs(move)
    is_noise = (np.abs(excess) <= 2 * _EPS * np.abs(y)) & (size <= 1e-12 * point)  # elsewhere phi is flat: go on
    return excess, move, (size <= 2 * _EPS * point) | is_noise


def _bracketed_newton(piece, step, y, low, high, start):
    """Return the same by Newton's method where it halves its moves inside the bracket, else by bisection.

    What lies between 0 and the smallest float becomes 0.
    """
    left, right = (np.broadcast_to(end, y.shape).astype(float) for end in (low, high))
    found, waiting = np.empty_like(y), np.arange(y.size)
    steps, sizes, at_zero = step, y, left == 0
    point = np.where((start > left) & (start < right), start, _middle(left, right))
    moved = np.full_like(y, np.inf)
    for _ in range(200):
        excess, move, is_done = _newton_move(piece, step, y, point)
        is_right = ~(excess < 0)
        right, left = np.where(is_right, point, right), np.where(is_right, left, point)
        following = point - move
        trusted = is_done | ((following >= left) & (following <= right) & (np.abs(move) <= moved / 2))
        following = np.where(trusted, following, _middle(left, right))
        moved = np.abs(following - point)
        is_done |= moved <= 2 * np.spacing(point)
        found[waiting] = following
        if is_done.all():
            break
        left, right, point, moved, y, waiting = (each[~is_done] for each in (left, right, following, moved, y, waiting))
        step = step[~is_done] if np.ndim(step) else step
    beyond = found * (1 + 1e-6)
    excess, _, _ = _newton_move(piece, steps, sizes, beyond)
    if (np.isinf(excess) & (beyond < high)).any():
        raise UndecidedError("the slope of {} overflows before it reaches the minimizer", piece.rho)
    tiny = at_zero & (found < 8 * _LEAST)
    if tiny.any():
        excess, _, _ = _newton_move(piece, steps, sizes, np.full_like(found, _LEAST))
        found[tiny & (excess > 0)] = 0.0
    return found


def _middle(left, right):
    """Return the midpoint, a geometric one if the bracket spans orders of magnitude, so that tiny roots are reached."""
    least = np.maximum(left, _TINY)
    return np.where(right > 4 * least, np.sqrt(least) * np.sqrt(right), (left + right) / 2)
