"""Calculus on one half line, as far as SymPy can be trusted with it.

SymPy's `limit` and `diff` are silently wrong at a kink (sympy#27236, #23836, #29835). So every question about
an expression next to 0 is asked on one side: `w = t` or `w = -t` with `t > 0`, the piece that holds there, and the
limit of a difference quotient, which is then confirmed with numbers.
"""

from functools import cache

import sympy as sp
from sympy.core.relational import Relational

from .errors import UndecidedError
from .timelimit import within_time

t = sp.Dummy("t", positive=True)

_SAMPLES = [sp.Rational(7, 5), sp.Rational(12, 7), sp.Rational(9, 4), sp.Rational(15, 8), sp.Rational(5, 3)]
_TINY = [sp.Rational(1, 10**k) for k in (12, 24, 48)]


def half_line(expression, symbol, side):
    """Return `expression` as a function of `t > 0` on the side +1 or -1 of 0, its kinks written as Piecewise."""
    one_sided = expression.subs(symbol, side * t)
    kinked = one_sided.has(sp.Abs, sp.Max, sp.Min, sp.sign, sp.Heaviside)
    return sp.piecewise_fold(one_sided.rewrite(sp.Piecewise)) if kinked else one_sided


def next_to_zero(expression):
    """Return the piece of `expression` that holds for all small enough `t > 0`."""

    def pick(piecewise):
        for value, condition in piecewise.args:
            if _holds_next_to_zero(condition):
                return value
        raise ValueError(f"{piecewise} is not defined next to 0")

    return expression.replace(lambda part: isinstance(part, sp.Piecewise), pick)


def one_sided_slopes(expression, symbol, point):
    """Return the slopes of `expression` at `symbol = point` from the left and from the right, each possibly infinite."""
    shifted = expression.subs(symbol, symbol + point)
    start = shifted.subs(symbol, 0)
    return tuple(side * _initial_slope(half_line(shifted, symbol, side), start) for side in (-1, 1))


@cache
def _initial_slope(expression, start):
    piece = next_to_zero(expression)
    quotient = (piece - start) / t
    if not quotient.has(t) or quotient in (sp.oo, -sp.oo):
        return quotient
    doubt = None
    for form in (quotient, sp.powsimp(sp.expand(quotient))):
        try:
            slope = _limit(form, 0)
        except UndecidedError as error:
            doubt = error
            continue
        if _numbers_agree(quotient, slope):
            return sp.factor_terms(slope)
    raise doubt or UndecidedError(f"SymPy's limit of {quotient} as _t -> 0+ disagrees with its numerical values")


def limit_at_infinity(expression):
    """Return the limit of `expression` as `t` grows to oo; `UndecidedError` where SymPy has none."""
    return _limit(last_piece(expression), sp.oo)


def last_piece(expression):
    """Return the piece of `expression` that holds for all large enough `t`."""
    if not expression.has(sp.Piecewise):
        return expression
    far = next_to_zero(expression.subs(t, 1 / t))
    return far.subs(t, 1 / t)


def sign_of(expression):
    """Return the sign, -1, 0 or 1, that `expression` has for all values its symbols may take."""
    for form in _forms(expression):
        if form.is_zero:
            return 0
        if form.is_extended_positive:
            return 1
        if form.is_extended_negative:
            return -1
    raise UndecidedError(f"the sign of {expression} is not known; an assumption such as {suggest(expression)} would help")


def suggest(expression):
    """Write `expression > 0` as an assumption on one of its symbols where that is possible."""
    for symbol in sorted(expression.free_symbols - {t}, key=str):
        bound = sp.Poly(expression, symbol) if expression.is_polynomial(symbol) else None
        if bound is not None and bound.degree() == 1:
            slope, rest = bound.all_coeffs()
            if slope.is_positive or slope.is_negative:
                return f"{symbol} {'>' if slope.is_positive else '<'} {-rest / slope}"
    return f"{expression} > 0"


def breakpoints(expression):
    """Return the sorted `t > 0` at which `expression`, with numbers in it, changes its piece."""
    points = set()
    for piecewise in expression.atoms(sp.Piecewise):
        for _, condition in piecewise.args:
            for relation in condition.atoms(Relational):
                points.update(_positive_roots(relation.lhs - relation.rhs))
    return sorted(points)


def piece_at(expression, point):
    """Return the piece of `expression` that holds at the number `point`."""

    def pick(piecewise):
        for value, condition in piecewise.args:
            if condition.subs(t, point) == sp.true:
                return value
        raise ValueError(f"{piecewise} is not defined at {point}")

    return expression.replace(lambda part: isinstance(part, sp.Piecewise), pick)


def _limit(expression, point):
    try:
        limit = within_time(sp.limit, expression, t, point, "+" if point == 0 else "-")
    except (NotImplementedError, TimeoutError, ValueError, TypeError, AttributeError, RecursionError) as error:
        unknown = str(error).removeprefix("Not sure of sign of ")
        hint = f"; an assumption such as {suggest(sp.sympify(unknown, _names(expression)))} would help" \
            if unknown != str(error) else f" ({error})"
        raise UndecidedError(f"SymPy cannot decide the limit of {expression} as _t -> {point}{hint}") from error
    if limit.has(t, sp.nan, sp.zoo, sp.Limit, sp.AccumBounds):
        raise UndecidedError(f"{expression} has no limit that SymPy can find as _t -> {point}")
    return limit


def _names(expression):
    return {symbol.name: symbol for symbol in expression.free_symbols}


def _forms(expression):
    yield expression
    yield sp.factor(expression)
    yield sp.factor(sp.simplify(expression))


def _holds_next_to_zero(condition):
    if condition in (sp.true, sp.false):
        return condition == sp.true
    if isinstance(condition, sp.And):
        return all(map(_holds_next_to_zero, condition.args))
    if isinstance(condition, sp.Or):
        return any(map(_holds_next_to_zero, condition.args))
    if isinstance(condition, sp.Not):
        return not _holds_next_to_zero(condition.args[0])
    sign = _sign_next_to_zero(condition.lhs - condition.rhs)
    return bool(condition.func(sign, 0))


def _sign_next_to_zero(expression):
    if not expression.has(t):
        return sign_of(expression)
    limit = _limit(expression, 0)
    if limit.is_zero:
        return sign_of(expression.as_leading_term(t) if expression.simplify() != 0 else limit)
    return sign_of(limit)


def _numbers_agree(quotient, slope):
    values = _with_numbers(quotient.free_symbols - {t})
    found = [sp.N(quotient.subs(values).subs(t, tiny), 120) for tiny in _TINY]
    if not all(value.is_extended_real for value in found):
        return False
    if slope in (sp.oo, -sp.oo):
        return all(sp.sign(value) == sp.sign(slope) for value in found) and abs(found[0]) < abs(found[1]) < abs(found[2])
    expected = sp.N(slope.subs(values), 120)
    return bool(abs(found[2] - expected) <= sp.Rational(1, 10**3) * (1 + abs(expected)))


def _with_numbers(symbols):
    return {
        symbol: -number if symbol.is_negative else number
        for symbol, number in zip(sorted(symbols, key=str), _SAMPLES * len(symbols), strict=False)
    }


def _positive_roots(expression):
    try:
        roots = within_time(sp.solveset, expression, t, sp.Interval.open(0, sp.oo))
    except (NotImplementedError, TimeoutError) as error:
        raise UndecidedError(f"SymPy cannot solve {expression} = 0 for the piece's border") from error
    if roots is sp.S.EmptySet:
        return set()
    if not isinstance(roots, sp.FiniteSet):
        raise UndecidedError(f"SymPy cannot solve {expression} = 0 for the piece's border, it answers {roots}")
    return set(roots)
