"""A penalty with numbers in it, as NumPy functions on the pieces of the real line.

Each half line is cut where the expression changes its piece. On the open pieces the expression is smooth and is printed to
NumPy in `t = |w| > 0`, where `sign(w)` and `|w|` leave no NaN behind; the borders keep values of their own.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import sympy as sp

from .halfline import breakpoints, half_line, one_sided_slopes, piece_at, t


def to_numpy(expression, *symbols):
    """Return `expression` as a NumPy function of `symbols` that gives an array also where it is a constant."""
    function = sp.lambdify(symbols, expression, "numpy")
    if expression.free_symbols & set(symbols):
        return function
    constant = float(expression)
    return lambda *arrays: np.full(np.broadcast(*arrays).shape, constant)


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
        """The derivative in `t`."""
        return sp.powsimp(sp.expand(sp.diff(self.rho, t)))

    @cached_property
    def value_function(self):
        return to_numpy(self.rho, t)

    @cached_property
    def slope_function(self):
        return to_numpy(self.slope, t)

    @cached_property
    def curvature_function(self):
        return to_numpy(sp.powsimp(sp.expand(sp.diff(self.slope, t))), t)

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
        self.pieces = [piece for side in (1, -1) for piece in _cut(half_line(expression, symbol, side), side)]

    @cached_property
    def borders(self):
        """The points `w` between pieces as exact numbers, 0 first."""
        inner = {piece.side * piece.low for piece in self.pieces if piece.low != 0}
        return [sp.S.Zero, *sorted(inner)]

    @cached_property
    def border_values(self):
        """The value at each border as floats, inf at a pole."""
        values = [self._expression.subs(self._symbol, border) for border in self.borders]
        return [np.inf if value is sp.zoo else float(value) for value in values]

    @cached_property
    def border_gradients(self):
        """The number nearest to 0 between the one-sided slopes at each border, as floats."""
        slopes = [one_sided_slopes(self._expression, self._symbol, border) for border in self.borders]
        return [float(np.clip(0.0, *sorted(map(float, pair)))) for pair in slopes]

    def value(self, points):
        return self._evaluate(points, "value_function", self.border_values)

    def gradient(self, points):
        return self._evaluate(points, "slope_function", self.border_gradients, odd=True)

    def _evaluate(self, points, name, at_borders, odd=False):
        result = np.full_like(points, np.nan)
        for piece in self.pieces:
            inside = piece.contains(points)
            if inside.any():
                values = getattr(piece, name)(piece.side * points[inside])
                result[inside] = piece.side * values if odd else values
        for border, value in zip(self.borders, at_borders, strict=True):
            result[points == float(border)] = value
        return result


def _cut(expression, side):
    edges = [sp.S.Zero, *breakpoints(expression), sp.oo]
    pieces = []
    for low, high in zip(edges, edges[1:], strict=False):
        rho = piece_at(expression, (low + high) / 2 if high != sp.oo else low + 1)
        if pieces and pieces[-1].rho == rho:
            pieces[-1] = Piece(side, pieces[-1].low, high, rho)
        else:
            pieces.append(Piece(side, low, high, rho))
    return pieces

