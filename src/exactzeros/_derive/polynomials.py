"""Values and slopes of a penalty whose pieces are polynomials: every piece for a whole block, then a choice.

That is faster than a selection of the points of each piece, and a polynomial has a value everywhere.
"""

import math
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from . import compiled
from .halfline import t
from .printing import to_numpy

_BLOCK = 32768  # doubles: a block and its results fit in the processor's caches


class Polynomials:
    """A piecewise function of `w`, or of `|w|` and then times the sign of `w` if it is odd.

    Parameters
    ----------
    starts : list of float
        Where each part but the first begins.
    parts : list of sympy expressions in `t`, from left to right
        `oo` for infinity.
    borders : list of pairs of float
        Points with a value of their own.
    folds, is_odd : bool
        Whether it is a function of `|w|`; whether the result gets the sign of `w`.
    """

    def __init__(self, starts, parts, borders, folds, is_odd):
        self._starts, self._parts = starts, parts
        self._folds, self._is_odd = folds, is_odd
        self._functions = list(map(_function, parts))
        self._borders = [(border, value) for border, value in borders if not self._has(border, value)]

    def _has(self, border, value):
        """Whether the part on the left of a border has this value there, up to its last bit."""
        function = self._functions[sum(start < border for start in self._starts)]
        there = np.array([border])
        with np.errstate(all="ignore"):
            found = float(_at(function, there, np.empty(1))[0])
        return found == value if self._is_odd and border == 0 else math.isclose(found, value, rel_tol=2e-16)

    def __call__(self, points):
        out = np.empty(points.shape)
        flat, result = points.reshape(-1), out.reshape(-1)
        if compiled.IS_AVAILABLE and flat.size >= compiled.WORTH_COMPILING:
            self._loop(flat, 0.0, result)
            return out
        with np.errstate(all="ignore"):
            for start in range(0, flat.size, _BLOCK):
                self._compute(flat[start : start + _BLOCK], result[start : start + _BLOCK])
        return out

    @cached_property
    def _is_positive(self):
        """Whether no value is negative before it gets its sign, as far as the ends of lines show."""
        ends = [0.0, *self._starts, float("inf")]
        for part, low, high in zip(self._parts, ends, ends[1:], strict=False):
            if not part.is_polynomial(t) or sp.degree(part, t) > 1:
                return False
            rises = high < np.inf or not part.has(t) or float(part.coeff(t)) >= 0
            if not rises or any(float(part.subs(t, end)) < 0 for end in (low, high) if end < np.inf):
                return False
        return True

    @cached_property
    def _loop(self) -> Any:
        return compiled.loop(compiled.body_of_parts(self), False)

    def _compute(self, points, out):
        size = np.abs(points) if self._folds else points
        (first, *others), starts = self._functions, self._starts
        spare, mask = np.empty(points.shape), np.empty(points.shape)
        if others and callable(others[0]) and not callable(first):
            np.subtract(starts[0], size, out=mask)
            _take_unless_negative(mask, first, others[0](size, out))
            others, starts = others[1:], starts[1:]
        else:
            _at(first, size, out)
        for start, function in zip(starts, others, strict=True):
            if callable(function):
                np.subtract(start, size, out=mask)
                _take_where_negative(mask, function(size, spare), out)
            else:
                np.subtract(size, np.nextafter(start, np.inf), out=mask)
                _take_unless_negative(mask, function, out)
        for border, value in self._borders:
            at_border = size == border
            if at_border.any():
                out[at_border] = value
        if self._is_odd and self._is_positive:
            np.copysign(out, points, out=out)
        elif self._is_odd:
            out *= np.copysign(1.0, points)
        out += 0.0  # -0.0 becomes +0.0

    def lines(self):
        """Yield the lines of a loop's body that lead from `value` to `found`."""
        yield "size = abs(value)" if self._folds else "size = value"
        texts = list(map(compiled.text_in_size, self._parts))
        yield f"found = {texts[0]}"
        for start, text in zip(self._starts, texts[1:], strict=True):
            yield f"found = {text} if size > {start!r} else found"
        for border, value in self._borders:
            yield f"found = {value!r} if size == {border!r} else found"
        if self._is_odd:
            yield "found = found*copysign(1.0, value)"


def _take_where_negative(mask, values, out):
    """Write the values into `out` where the mask is negative, by bits: processors often predict a branch wrongly."""
    mask, values, out = (each.view(np.int64) for each in (mask, values, out))
    mask >>= 63
    values ^= out
    values &= mask
    out ^= values


def _take_unless_negative(mask, value, out):
    """Write the value into `out` where the mask is not negative, which takes fewer passes than for an array."""
    mask, out, bits = mask.view(np.int64), out.view(np.int64), np.float64(value).view(np.int64)
    mask >>= 63
    if bits:
        out ^= bits
    out &= mask
    if bits:
        out ^= bits


def _at(function, size, out):
    """Return the values of a part in `out`."""
    if callable(function):
        return function(size, out)
    out[...] = function
    return out


def _function(part):
    """Return a float, or a function that writes the values at its first argument into its second one."""
    if not part.has(t):
        return float(part)
    if part == sp.expand(part) and sp.degree(part, t) <= 2:
        first, *others = map(float, sp.Poly(part, t).all_coeffs())
        return lambda size, out: _by_horner(first, others, size, out)
    function = to_numpy(part, t)

    def values(size, out):
        out[...] = function(size)
        return out

    return values


def _by_horner(first, others, size, out):
    np.multiply(size, first, out=out)
    for i, coefficient in enumerate(others):
        if i:
            out *= size
        if coefficient:
            out += coefficient
    return out


def values_and_slopes(pieces):
    """Return the `Polynomials` of the values and a function that returns those of the gradient; None if not such."""
    if not all(piece.rho.is_polynomial(t) for piece in pieces.pieces if piece.is_finite):
        return None
    even = pieces.is_even
    chosen = sorted((piece for piece in pieces.pieces if piece.side > 0 or not even), key=_start)
    starts = [_start(piece) for piece in chosen[1:]]
    rho = [piece.rho if piece.side > 0 else piece.rho.subs(t, -t) for piece in chosen]
    points = [(i, float(border)) for i, border in enumerate(pieces.borders) if border >= 0 or not even]

    def polynomials(parts, values, is_odd):
        return Polynomials(starts, parts, [(border, values[i]) for i, border in points], even, is_odd)

    def slopes():
        parts = [sp.nan if each is sp.oo else sp.expand(sp.diff(each, t)) for each in rho]
        return polynomials(parts, pieces.border_gradients, even)

    return polynomials([sp.sympify(each) for each in rho], pieces.border_values, False), slopes


def _start(piece):
    low, high = piece.bounds
    return low if piece.side > 0 else -high
