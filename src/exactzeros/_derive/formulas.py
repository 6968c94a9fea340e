"""The proximal operator as an expression: its parts from left to right, and where each of them ends.

Where the objective is convex, the parts follow from the slopes at the ends of each piece, also with symbols for the
parameters and for the step. Elsewhere the parameters need numbers, and the parts are the segments of the numeric
operator, with exact numbers in place of floats.
"""

import math
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np
import sympy as sp

from ..errors import UndecidedError
from .arcs import Curve, as_polynomial
from .convexity import both_halves
from .envelope import Segment, segments
from .halfline import inside, known_sign, limit_at_zero, sample_values, t

_y = sp.Dummy("y", real=True)  # v, or |v| for an even penalty
_NEAR = 1e-9


@dataclass(frozen=True)
class _Part:
    """The minimizer, an expression in `_y`, up to `end`, which belongs to it if `is_closed`."""

    minimizer: sp.Expr
    end: sp.Expr
    is_closed: bool = True


def of_convex(expression, symbol, step, largest, rewrite):
    """Return the operator of `expression(symbol)` for steps below `largest`; `rewrite` changes its formulas.

    The parameters and the step may be symbols.
    """
    right, left = (list(map(partial(_scaled, step), half)) for half in both_halves(expression, symbol))
    is_even = _shape(right) == _shape(left)
    parts, reached, high = [], sp.S.Zero if is_even else -sp.oo, sp.S.Zero
    allowed = {} if step.is_number else {step: sp.S.One if largest == sp.oo else largest / 2}
    for piece in right if is_even else [*reversed(left), *right]:
        if not piece.is_finite:
            continue
        (low, first), (high, last) = _ends(piece)[:: piece.side]
        if first != reached and known_sign(first - reached) != 0:
            parts.append(_Part(rewrite(low), rewrite(first)))
        minimizer = _minimizer(piece, inside(piece.low, piece.high), allowed)
        parts.append(_Part(rewrite(minimizer), rewrite(last)))
        reached = last
    if reached != sp.oo:
        parts.append(_Part(rewrite(high), sp.oo))
    return _assembled(parts, symbol, is_even)


def _scaled(step, piece):
    return replace(piece, rho=step * piece.rho) if piece.is_finite else piece


def _shape(pieces):
    return [(piece.low, piece.high, piece.rho) for piece in pieces]


def _ends(piece):
    """Return both ends of a piece in `w`, each with the `v` that has its minimizer there."""
    low = piece.low + _limit(piece.slope.subs(t, piece.low + t))
    high = sp.oo if piece.high == sp.oo else piece.high + _limit(piece.slope.subs(t, piece.high - t))
    return [(piece.side * piece.low, piece.side * low), (piece.side * piece.high, piece.side * high)]


def _limit(slope):
    return slope.subs(t, 0) if slope.is_polynomial(t) else limit_at_zero(slope)


def require_closed_form(pieces):
    """Raise `UndecidedError` unless the stationary points on all finite pieces have a closed form."""
    for piece in {piece.rho: piece for piece in pieces}.values():  # each formula once
        if piece.is_finite:
            _coefficients(piece)


def _coefficients(piece):
    """Return the coefficients of `t + rho'(t) = side*_y`, a quadratic or a line in `t**(1/k)`, and `k`."""
    if piece.is_parabola:
        return [1 + sp.diff(piece.slope, t), piece.slope.subs(t, 0) - piece.side * _y], 1
    coefficients, power = as_polynomial(t + piece.slope - piece.side * _y)
    if coefficients is None or len(coefficients) > 3:
        raise UndecidedError("no closed form is known here: the equation u + step*rho'(u) = v is not quadratic")
    return coefficients, power


def _minimizer(piece, point, values):
    """Return the `w` of a piece with `w + rho'(w) = _y`, on the branch that goes through `t = point`.

    `values` are numbers for some symbols, which may depend on the others.
    """
    coefficients, power = _coefficients(piece)
    roots = _roots(coefficients)
    if len(roots) == 1:
        return piece.side * roots[0] ** power
    height = piece.side * (t + piece.slope)
    numbers = sample_values(height.subs(values))
    numbers |= {symbol: value.subs(numbers) for symbol, value in values.items()}
    there = point.subs(numbers)
    y, wanted = height.subs(numbers).subs(t, there), there ** sp.Rational(1, power)
    # Right there, the root is right on the whole piece: the two do not meet inside it.
    right = min(roots, key=lambda root: abs(sp.N(root.subs(numbers).subs(_y, y) - wanted)))
    return piece.side * right**power


def _roots(coefficients):
    if len(coefficients) == 2:
        slope, rest = coefficients
        return [-rest / slope]
    a, b, c = coefficients
    root = sp.sqrt(sp.expand(b**2 - 4 * a * c))
    return [sp.together((sign * root - b) / (2 * a)) for sign in (1, -1)]


def of_numbers(pieces, symbol):
    """Return the operator of a penalty that has these pieces and no parameters."""
    require_closed_form(pieces.pieces)
    curves = [Curve(piece) for piece in pieces.pieces if piece.is_finite]
    values = [(float(at), value) for at, value in zip(pieces.borders, pieces.border_values, strict=True)]
    found = segments(curves, [(at, value) for at, value in values if math.isfinite(value)], 1.0, math.inf)
    known = set(map(float, pieces.borders))
    found = [segment for segment in found if segment.arc or segment.low in known]  # next to a pole an arc ends early
    at_zero = max(index for index, segment in enumerate(found) if segment.start <= 0)
    is_even = pieces.is_even and found[at_zero].low == 0  # else it jumps at 0
    winners = [_Winner.of(segment, pieces) for segment in (found[at_zero:] if is_even else found)]
    parts = [_Part(left.minimizer, left.end(right), left.keeps_its_end(right)) for left, right in pairwise(winners)]
    parts.append(_Part(winners[-1].minimizer, sp.oo))
    return _assembled(parts, symbol, is_even)


@dataclass(frozen=True)
class _Winner:
    """A segment of the numeric operator, its minimizer, and its objective without `v**2/2`, exact."""

    segment: Segment
    minimizer: sp.Expr
    objective: sp.Expr

    @classmethod
    def of(cls, segment, pieces):
        """Return the segment with its formulas."""
        if segment.arc is None:
            minimizer = next(border for border in pieces.borders if float(border) == segment.low)
            value = pieces.exact_values[minimizer]
        else:
            piece, arc = segment.arc.curve.piece, segment.arc
            minimizer = _minimizer(piece, inside(_number(arc.low), _number(arc.high)), {})
            value = piece.rho.subs(t, piece.side * minimizer)
        return cls(segment, minimizer, sp.expand(value + minimizer**2 / 2 - minimizer * _y))

    def end(self, right):
        """Return where the segment on the right takes over, as the objectives are the same there."""
        start = right.segment.start
        gap = self.objective - right.objective
        if gap.is_polynomial(_y):
            known = sp.roots(sp.Poly(gap, _y), multiple=True)
        else:
            curves = [segment.arc.curve for segment in (self.segment, right.segment) if segment.arc]
            known = [end for curve in curves for _, end in _ends(curve.piece)]
        near = [end for end in known if end.is_real and abs(float(end) - start) <= _NEAR * (1 + abs(start))]
        return min(near, key=lambda end: abs(float(end) - start), default=sp.Float(start, 17))

    def keeps_its_end(self, right):
        """Whether the minimizer at the end is this one: if it is nearer to 0 than that of the segment on the right."""
        start = np.array([right.segment.start])
        near, far = float(self.segment.points(start)[0]), float(right.segment.points(start)[0])
        return math.isclose(near, far, rel_tol=_NEAR, abs_tol=_NEAR) or abs(near) < (1 - _NEAR) * abs(far)


def _number(value):
    return sp.oo if value == math.inf else sp.Rational(value)


def _assembled(parts, symbol, is_even):
    """Return the parts as cases; those of an even penalty are written in `|symbol|`."""
    kept = []
    for part in parts:
        if kept and part.end == kept[-1].end:  # it is empty
            continue
        if kept and part.minimizer == kept[-1].minimizer:
            kept.pop()
        kept.append(part)
    variable, cases = sp.Abs(symbol) if is_even else symbol, []
    for part in kept:
        value = _tidy(part.minimizer)
        if is_even and sp.expand(value + value.subs(_y, -_y)) == 0:
            value = value.subs(_y, symbol)
        elif is_even:
            value = sp.sign(symbol) * value
        relation = sp.Le if part.is_closed else sp.Lt
        cases.append((value.subs(_y, variable), relation(variable, part.end, evaluate=False)))
    cases[-1] = (cases[-1][0], sp.true)
    return sp.Piecewise(*cases, evaluate=False) if len(cases) > 1 else cases[0][0]


def _tidy(minimizer):
    """Return a line in `_y` as one fraction, with a positive factor of `_y`."""
    if not minimizer.is_polynomial(_y) or not minimizer.has(_y):
        return minimizer
    above, below = sp.fraction(sp.together(sp.cancel(minimizer)))
    if sp.Poly(above, _y).LC().could_extract_minus_sign():
        above, below = -above, -below
    return sp.factor_terms(sp.collect(sp.expand(above), _y)) / below
