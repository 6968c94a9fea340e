"""Whether `rho(u) + u**2/2` is strictly convex: then, and only then, the proximal operator of `rho` is continuous.

On each smooth piece the second derivative decides, at each border the slopes. Parameters may be symbols.
"""

from dataclasses import replace
from functools import cache, cmp_to_key
from itertools import pairwise

import sympy as sp

from ..errors import UndecidedError
from .branches import branch, deciding_differences, has_kinks
from .halfline import (
    in_terms_of,
    initial_slope,
    inside,
    known_sign,
    last_piece,
    limit_at_infinity,
    limit_at_zero,
    numbers_of,
    sign_at,
    sign_of,
    stretches,
    t,
)
from .pieces import Piece, cut


def slopes_at_infinity(expression, symbol):
    """Return the limits of the slope of `expression` as `symbol` falls to -oo and grows to oo."""
    left, right = (expression.subs(symbol, side * t) for side in (-1, 1))
    slope = _last_slope(right)
    return -(slope if left == right else _last_slope(left)), slope


def has_continuous_prox(expression, symbol):
    """Return whether `expression + symbol**2/2` is strictly convex, and grows faster than every line."""
    right, left = (expression.subs(symbol, side * t) for side in (1, -1))
    rights, lefts = both_halves(expression, symbol)
    halves = {right: rights, left: lefts}  # one, if the penalty is even
    finite = [piece for pieces in halves.values() for piece in pieces if piece.is_finite]
    return (
        all(_grows(pieces[-1]) for pieces in halves.values())
        and _rises(expression.subs(symbol, 0), (lefts[0].rho, -1), (rights[0].rho, 1))
        and all(_rises_inside(half, pieces) for half, pieces in halves.items())
        and all(map(_is_strictly_convex, finite))
    )


def largest_step(expression, symbol):
    """Return the supremum of the steps for which `step*expression + symbol**2/2` is convex, 0 if there are none."""
    right, left = (expression.subs(symbol, side * t) for side in (1, -1))
    rights, lefts = both_halves(expression, symbol)
    halves = {right: rights, left: lefts}  # one, if the penalty is even
    rises = _rises(expression.subs(symbol, 0), (lefts[0].rho, -1), (rights[0].rho, 1)) and all(
        _rises_inside(half, pieces) for half, pieces in halves.items()
    )
    bends = [_least_bend(piece) for pieces in halves.values() for piece in pieces if piece.is_finite]
    return sp.Min(*(-1 / bend for bend in bends if sign_of(bend) < 0)) if rises else sp.S.Zero


def _least_bend(piece):
    """Return the infimum of the second derivative on a piece, or 0 if it is not negative."""
    bend = sp.powsimp(sp.diff(piece.slope, t), deep=True)
    shifted = bend.subs(t, piece.low + t)
    if not bend.has(t) or known_sign(shifted) in (0, 1):
        return sp.S.Zero if bend.has(t) else bend
    turn = sp.diff(bend, t)
    first = limit_at_zero(shifted)
    last = limit_at_infinity(bend) if piece.high == sp.oo else limit_at_zero(bend.subs(t, piece.high - t))
    if bend.free_symbols - {t}:
        return first if sign_of(turn.subs(t, piece.low + t)) > 0 else last
    inner = [bend.subs(t, zero) for zero in numbers_of(sp.solveset, turn) if piece.low < zero < piece.high]
    return min(first, last, *inner, key=sp.N)


@cache
def both_halves(expression, symbol):
    """Return the pieces of `expression` on the right half line, and on the left one; its parameters may be symbols."""
    right, left = (expression.subs(symbol, side * t) for side in (1, -1))
    rights = tuple(pieces_of(right, 1))
    return rights, tuple(replace(piece, side=-1) for piece in rights) if left == right else tuple(pieces_of(left, -1))


def _last_slope(half):
    piece = last_piece(half)
    if piece is sp.oo:
        return sp.oo
    slope = sp.powsimp(sp.diff(piece, t), deep=True)
    if not slope.has(t):
        return slope
    with in_terms_of(1 / t):
        return initial_slope(sp.powsimp(t * slope.subs(t, 1 / t)), sp.S.Zero)


def _rises(value, *sides):
    """Return whether the function is continuous at a border, and its slope does not fall there."""
    if value.is_finite is False:  # then the function may only end there
        heights = [rho if rho is sp.oo else limit_at_zero(rho) for rho, _ in sides]
        return heights == [sp.oo, sp.oo] and any(rho is sp.oo for rho, _ in sides)
    slopes = []
    for rho, direction in sides:
        if rho is sp.oo:
            slopes.append(direction * sp.oo)
            continue
        rest = sp.cancel(rho - value) if (rho - value).is_rational_function() else rho - value
        if rest.subs(t, 0) != 0 and sign_of(limit_at_zero(rest)) != 0:
            return False
        slopes.append(direction * initial_slope(rest, sp.S.Zero))
    left, right = slopes
    if left == right:
        return bool(left.is_finite)
    return left == -sp.oo or right == sp.oo or sign_of(right - left) >= 0


def _rises_inside(half, pieces):
    """Return whether the same holds at each border between two pieces of a half line."""
    return all(
        _rises(
            _at(half, nearer.high).subs(t, nearer.high),
            (nearer.rho.subs(t, nearer.high - t), -1),
            (farther.rho.subs(t, nearer.high + t), 1),
        )
        for nearer, farther in pairwise(pieces)
    )


def _is_strictly_convex(piece):
    """Return whether `1 + rho''` is positive on the piece, but for single points."""
    bend = sp.powsimp(1 + sp.diff(piece.slope, t), deep=True)
    if not piece.rho.free_symbols - {t}:
        return _is_positive(bend, piece)
    _check_smooth(piece.rho)
    shifted = bend.subs(t, piece.low + t)
    if not shifted.has(t):
        return sign_of(shifted) > 0
    sign = known_sign(shifted)
    if sign is not None:
        return sign > 0
    if sign_of(sp.diff(shifted, t)) > 0:  # the least value is the first
        return sign_of(limit_at_zero(shifted)) >= 0
    last = limit_at_infinity(bend) if piece.high == sp.oo else bend.subs(t, piece.high)
    return sign_of(last) >= 0


def _is_positive(bend, piece):
    zeros = numbers_of(sp.solveset, bend) if bend.has(t) else set()
    return all(sign_at(bend, inside(*ends)) > 0 for ends in stretches(zeros, piece.low, piece.high))


def _grows(piece):
    """Return whether the slope of `rho + u**2/2` tends to oo on the last piece of a half line."""
    return not piece.is_finite or limit_at_infinity(sp.expand(t + piece.slope)) == sp.oo


def _check_smooth(rho):
    """Raise `UndecidedError` unless `rho`, which has parameters, is known to be smooth for `t > 0`."""
    for part in rho.atoms(sp.Function, sp.Pow):
        base = part.base if part.is_Pow else part.args[0]
        is_smooth = part.func in (sp.exp, sp.atan, sp.tanh, sp.sin, sp.cos) or base == t or not part.has(t)
        is_polynomial = part.is_Pow and ((part.exp.is_nonnegative and part.exp.is_integer) or part.base.is_positive)
        if not (is_smooth or is_polynomial or (part.func is sp.log and base.is_positive)):
            raise UndecidedError("it is not known where {} is smooth", rho)


def pieces_of(expression, side):
    """Return the pieces of `expression` in `t` on one half line, in order; its parameters may be symbols."""
    if not expression.free_symbols - {t}:
        return cut(expression, side)
    if not has_kinks(expression):
        return [Piece(side, sp.S.Zero, sp.oo, expression)]
    points = set()
    for difference in deciding_differences(expression):
        if has_kinks(difference):
            raise UndecidedError("the borders of the pieces of {} are not known", expression)
        points |= {point for point in _zeros(difference) if sign_of(point) > 0}
    ordered = sorted(points, key=cmp_to_key(lambda one, other: sign_of(one - other)))
    edges = [sp.S.Zero, *ordered, sp.oo]
    return [Piece(side, low, high, _at(expression, inside(low, high))) for low, high in pairwise(edges)]


def _zeros(difference):
    if difference.is_polynomial(t) and sp.degree(difference, t) == 1:
        return [-difference.subs(t, 0) / sp.diff(difference, t)]
    return sp.solve(difference, t)


def _at(expression, point):
    """Return the branch of `expression` in `t` that holds at a point, which may be a symbol."""
    return branch(expression, t, lambda difference: sign_of(sp.cancel(difference.subs(t, point))))
