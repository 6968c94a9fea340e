"""A penalty without free parameters, as NumPy functions on the pieces of the real line.

Each half line is split where the expression changes its piece. On the open pieces the expression is smooth and becomes
a NumPy function of `t = |w| > 0`, so that `sign(w)` and `|w|` cause no NaN. The borders have their own values.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from .halfline import (
    INSTEAD,
    breakpoints,
    in_terms_of,
    initial_slope,
    inside,
    piece_at,
    singular_points,
    stretches,
    t,
    value_at_zero,
)
from .polynomials import values_and_slopes
from .printing import to_numpy, to_numpy_pair
from .removable import loses_digits, near_gaps
from .timelimit import derived


@dataclass(frozen=True)
class Piece:
    """The penalty on `low < side*w < high`, as the expression `rho` in `t = side*w`."""

    side: int
    low: sp.Expr
    high: sp.Expr
    rho: sp.Expr

    @cached_property
    def bounds(self):
        return float(self.low), float(self.high)

    @cached_property
    def slope(self):
        """The derivative in `t`, in a form in which no terms cancel far out, if there is a simple one."""
        slope = sp.diff(self.rho, t)
        if slope.is_rational_function(t) and not slope.is_polynomial(t):
            return sp.factor(slope)
        return sp.powsimp(
            slope.replace(_is_square_of_tanh, lambda part: 1 - 1 / sp.cosh(*part.base.args) ** 2), deep=True
        )

    @cached_property
    def is_parabola(self):
        """Whether the slope is a line in `t`, or constant."""
        return self.slope.is_polynomial(t) and not sp.diff(self.slope, t).has(t)

    @cached_property
    def value_function(self):
        return self._function(self.rho)

    @cached_property
    def slope_function(self):
        return self._function(self.slope)

    @cached_property
    def curvature_function(self):
        return self._function(sp.powsimp(sp.diff(self.slope, t), deep=True))

    @cached_property
    def derivatives_function(self):
        """The function that returns the first and the second derivative in `t`, computed together."""
        if self._gaps or self.cancels_at_zero:
            return lambda points: (self.slope_function(points), self.curvature_function(points))
        return to_numpy_pair(self.slope, sp.powsimp(sp.diff(self.slope, t), deep=True), t)

    @cached_property
    def cancels_at_zero(self):
        """Whether terms of the slope cancel next to 0, as in `exp(t) - 1`, and leave no digit."""
        return self.low == 0 and loses_digits(to_numpy(self.slope, t), self.slope)

    def _function(self, expression):
        plain, gaps = to_numpy(expression, t), self._gaps
        if not gaps and self.low == 0 and loses_digits(plain, expression):
            gaps = [(self.low, 1)]
        return near_gaps(plain, expression, gaps) if gaps else plain

    @cached_property
    def _gaps(self):
        """The ends where the expression is 0/0 or the like, each with the direction into the piece."""
        ends = [(self.low, 1)] if self.high == sp.oo else [(self.low, 1), (self.high, -1)]
        return [(end, inwards) for end, inwards in ends if self.rho.subs(t, end) is sp.nan]

    @property
    def is_finite(self):
        return self.rho is not sp.oo

    def contains(self, points):
        low, high = self.bounds
        return (self.side * points > low) & (self.side * points < high)


class Pieces:
    """The pieces of `expression(symbol)` on both half lines, and its borders: 0 and every change of piece."""

    def __init__(self, expression, symbol):
        self._expression, self._symbol = expression, symbol
        self.pieces = [piece for side in (1, -1) for piece in cut(expression.subs(symbol, side * t), side)]

    @cached_property
    def borders(self):
        """The points `w` between pieces as exact numbers, 0 first."""
        inner = {piece.side * piece.low for piece in self.pieces if piece.low != 0}
        return [sp.S.Zero, *sorted(inner)]

    @cached_property
    def border_values(self):
        """The value at each border as a float; inf at a pole."""
        return list(map(float, self._exact_border_values))

    @cached_property
    def is_even(self):
        """Whether the penalty is the same expression on both half lines."""
        halves = [
            [(piece.low, piece.high, piece.rho) for piece in self.pieces if piece.side == side] for side in (1, -1)
        ]
        values = dict(zip(self.borders, self._exact_border_values, strict=True))
        return halves[0] == halves[1] and all(values.get(-border) == value for border, value in values.items())

    @cached_property
    def is_continuous(self):
        """Whether the penalty is continuous at each border, from every side on which it is finite."""
        return all(
            self._limit(rho, border) == value
            for border, value in zip(self.borders, self._exact_border_values, strict=True)
            for _, rho in self._next_to(border)
            if rho is not sp.oo
        )

    @derived
    def border_slopes(self):
        """The left and right slopes at each border, as floats."""
        return list(map(self._slopes_at, self.borders, self._exact_border_values))

    @cached_property
    def border_gradients(self):
        """The number nearest to 0 between the one-sided slopes at each border, as floats."""
        return [float(np.clip(0.0, min(slopes), max(slopes))) for slopes in self.border_slopes]

    def __repr__(self):
        return f"Pieces({self._expression})"

    @cached_property
    def _polynomials(self) -> Any:
        return values_and_slopes(self)

    @property
    def is_polynomial(self):
        """Whether every finite piece is a polynomial."""
        return self._polynomials is not None

    @cached_property
    def is_finite_everywhere(self):
        """Whether the penalty is finite on all pieces and borders."""
        return all(piece.is_finite for piece in self.pieces) and all(map(math.isfinite, self.border_values))

    @cached_property
    def _polynomial_slopes(self):
        return self._polynomials[1]()

    def value(self, points):
        if self._polynomials:
            return self._polynomials[0](points)
        return self._evaluate(points, "value_function", self.border_values)

    def gradient(self, points):
        if self._polynomials:
            return self._polynomial_slopes(points)
        return self._evaluate(points, "slope_function", self.border_gradients, odd=True)

    def slopes(self, points):
        """Return the slopes from the left and from the right, which differ at kinks."""
        left = self.gradient(points)
        right = left.copy()
        for slopes, at_borders in zip((left, right), zip(*self.border_slopes, strict=True), strict=True):
            self._at_borders(slopes, points, at_borders)
        return left, right

    def is_finite(self, points):
        """Whether the penalty is finite at each of `points`."""
        finite = np.ones(points.shape, dtype=bool)
        for piece in self.pieces:
            if not piece.is_finite:
                finite &= ~piece.contains(points)
        for border, value in zip(self.borders, self.border_values, strict=True):
            if not np.isfinite(value):
                finite &= points != float(border)
        return finite

    def jumps_down(self):
        """Return the borders at which the penalty jumps down from its value, each with the limit it jumps to."""
        found = {}
        for border, value in zip(self.borders, self._exact_border_values, strict=True):
            limits = [self._limit(rho, border) for _, rho in self._next_to(border) if rho.subs(t, 0) != value]
            lower = [float(limit) for limit in limits if _is_less(limit, value)]
            if lower:
                found[border] = min(lower)
        return found

    @cached_property
    def exact_values(self):
        """The exact value at each border."""
        return dict(zip(self.borders, self._exact_border_values, strict=True))

    @cached_property
    def _exact_border_values(self):
        values = [self._expression.subs(self._symbol, border) for border in self.borders]
        values = [
            self._limit_at(border) if value is sp.nan else value
            for border, value in zip(self.borders, values, strict=True)
        ]
        return [value if value.is_extended_real else sp.oo for value in values]

    def _limit_at(self, border):
        """Return the limit at a border where the expression itself has no value, such as 0/0."""
        limits = {self._limit(rho, border) for _, rho in self._next_to(border)}
        if len(limits) > 1:
            raise ValueError(f"the penalty must have a value everywhere, got none at w = {border}")
        return limits.pop()

    def _slopes_at(self, border, value):
        if value is sp.oo:
            return math.nan, math.nan
        with in_terms_of(self._distance(border)):
            slopes = {
                direction: float(direction * initial_slope(rho, value)) for direction, rho in self._next_to(border)
            }
        return slopes[-1], slopes[1]

    def _limit(self, rho, border):
        with in_terms_of(self._distance(border)):
            return value_at_zero(rho)

    def _distance(self, border):
        return sp.Abs(self._symbol - border) if border else t

    def _next_to(self, border):
        """Yield the two directions from `border`, -1 and 1, with the penalty as a function of the distance `t`."""
        for piece in self.pieces:
            for edge, inwards in ((piece.low, 1), (piece.high, -1)):
                if piece.side * edge == border:
                    yield piece.side * inwards, piece.rho.subs(t, edge + inwards * t)

    def _evaluate(self, points, name, at_borders, odd=False):
        result = np.full_like(points, np.nan)
        for piece in self.pieces:
            on_it = piece.contains(points)
            if on_it.any():
                with np.errstate(invalid="ignore"):  # where an expression is not real, its value is NaN
                    values = getattr(piece, name)(piece.side * points[on_it])
                result[on_it] = piece.side * values if odd else values
        self._at_borders(result, points, at_borders)
        return result

    def _at_borders(self, result, points, values):
        for border, value in zip(self.borders, values, strict=True):
            result[points == float(border)] = value


def cut(expression, side):
    """Return the pieces of `expression` in `t` on one half line, in order."""
    pieces, expression = [], _without_common_powers(expression)
    for low, high in stretches(breakpoints(expression)):
        rho = piece_at(expression, inside(low, high))
        if pieces and pieces[-1].rho == rho == piece_at(expression, low):
            low = pieces.pop().low
        pieces.append(Piece(side, low, high, rho))
    return [part for piece in pieces for part in _at_singular_points(piece)]


def _is_square_of_tanh(part):
    return part.is_Pow and part.exp == 2 and isinstance(part.base, sp.tanh)


def _without_common_powers(expression):
    """Return `expression` with `sqrt(t**2 + t**4)` as `t*sqrt(1 + t**2)`, since powers of small numbers underflow."""
    return expression.replace(
        lambda part: part.is_Pow and part.base.is_Add and not part.exp.is_integer,
        lambda part: sp.factor_terms(part.base) ** part.exp,
    )


def _at_singular_points(piece):
    for low, high in stretches(singular_points(piece.rho), piece.low, piece.high):
        point = inside(low, high)
        if not sp.N(piece.rho.subs(t, point)).is_extended_real:
            got = f"{piece.rho.subs(t, point)} at w = {piece.side * point}"
            raise ValueError(f"the penalty must be real, got {got}; {INSTEAD}")
        yield Piece(piece.side, low, high, piece.rho)


def _is_less(small, large):
    return float(small) < float(large) and not math.isclose(small, large, abs_tol=1e-12)
