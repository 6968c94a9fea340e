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
    kinked = one_sided.has(sp.Abs, sp.Max, sp.Min, sp.sign, sp.Heaviside, sp.Piecewise)
    return sp.piecewise_fold(one_sided.rewrite(sp.Piecewise)) if kinked else one_sided


def next_to_zero(expression):
    """Return the piece of `expression` that holds for all small enough `t > 0`."""

    def pick(piecewise):
        for value, condition in piecewise.args:
            if _holds_next_to_zero(condition):
                return value
        raise ValueError(f"{piecewise} is not defined next to 0")

    return expression.replace(lambda part: isinstance(part, sp.Piecewise), pick)


def one_sided_slopes(expression, symbol):
    """Return the slopes of `expression` at `symbol = 0` from the left and from the right, each possibly infinite."""
    start = expression.subs(symbol, 0)
    return tuple(side * initial_slope(half_line(expression, symbol, side), start) for side in (-1, 1))


@cache
def initial_slope(expression, start):
    """Return the limit of `(expression - start)/t` as `t` falls to 0, by l'Hopital's rule or as it stands, confirmed by numbers."""
    piece = next_to_zero(expression)
    quotient = (piece - start) / t
    if not quotient.has(t) or quotient in (sp.oo, -sp.oo):
        return quotient
    values = _with_numbers(quotient.free_symbols - {t})
    found = [sp.N(quotient.subs(values).subs(t, tiny), 120) for tiny in _TINY]
    if not all(value.is_extended_real for value in found):
        raise ValueError(f"the penalty must be real next to 0; its difference quotient {quotient} is {sp.N(found[0], 3)} "
                         f"for {({**values, t: _TINY[0]})}")
    doubt = UndecidedError("SymPy's limit of {} as {} -> 0+ disagrees with its numerical values", quotient, t)
    for form in _quotient_forms(piece, start):
        try:
            slope = limit_at_zero(form)
        except UndecidedError as error:
            doubt = error
            continue
        if _numbers_agree(found, slope.subs(values)):
            return sp.factor_terms(slope)
    raise doubt


def _quotient_forms(piece, start):
    if piece.subs(t, 0) == start:  # else it jumps, which the derivative does not show
        slope = sp.powsimp(sp.diff(piece, t), deep=True)
        yield slope.replace(lambda part: part.is_Pow and part.base == t, lambda part: t ** sp.factor(part.exp))
    yield (piece - start) / t


def limit_at_zero(expression):
    """Return the limit of `expression` as `t` falls to 0; `UndecidedError` where SymPy has none."""
    return _limit(expression, 0)


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
    raise UndecidedError("the sign of {} is not known", expression, unknown=_unknown_sign(form))


def breakpoints(expression):
    """Return the sorted `t > 0` at which `expression`, with numbers in it, changes its piece."""
    points = set()
    for piecewise in expression.atoms(sp.Piecewise):
        for _, condition in piecewise.args:
            for relation in condition.atoms(Relational):
                points.update(_numbers_of(sp.solveset, relation.lhs - relation.rhs))
    return sorted(points)


def poles(expression):
    """Return the sorted `t > 0` at which `expression`, with numbers in it, has a pole or another singularity."""
    return sorted(_numbers_of(sp.singularities, expression))


def piece_at(expression, point):
    """Return the piece of `expression` that holds at the number `point`."""

    def pick(piecewise):
        for value, condition in piecewise.args:
            if condition.subs(t, point) == sp.true:
                return value
        raise ValueError(f"{piecewise} is not defined at {point}")

    return expression.replace(lambda part: isinstance(part, sp.Piecewise), pick)


def _limit(expression, point):
    sided = f"{point}{'+' if point == 0 else ''}"
    try:
        limit = within_time(sp.limit, expression, t, point, "+" if point == 0 else "-", seconds=3.0)
    except Exception as error:  # SymPy raises nearly anything where it is lost
        name, _, unknown = str(error).partition("Not sure of sign of ")
        if unknown and not name:
            unknown = sp.sympify(unknown, {str(symbol): symbol for symbol in expression.free_symbols})
            raise UndecidedError("SymPy cannot decide the limit of {} as {} -> " + sided, expression, t, unknown=unknown) from error
        raise UndecidedError(f"SymPy cannot decide the limit of {{}} as {{}} -> {sided} ({type(error).__name__})", expression, t) from error
    if limit.has(t, sp.nan, sp.zoo, sp.Limit, sp.AccumBounds):
        raise UndecidedError("{} has no limit that SymPy can find as {} -> " + sided, expression, t)
    if limit.has(sp.oo) and limit not in (sp.oo, -sp.oo):
        raise UndecidedError("{} -> {} as {} -> " + sided, expression, limit, t, unknown=_unknown_sign(limit))
    return limit


def _forms(expression):
    yield expression
    yield sp.factor(expression)
    yield sp.factor(sp.simplify(expression))


def _unknown_sign(expression):
    """Return the part of `expression` whose sign is in doubt: without positive factors, inside `sign(...)`."""
    for part in expression.atoms(sp.sign):
        return _unknown_sign(part.args[0])
    return sp.Mul(*(factor for factor in sp.Mul.make_args(expression) if not factor.is_extended_positive))


def _holds_next_to_zero(condition):
    if condition in (sp.true, sp.false):
        return condition == sp.true
    if isinstance(condition, sp.And):
        return all(map(_holds_next_to_zero, condition.args))
    if isinstance(condition, sp.Or):
        return any(map(_holds_next_to_zero, condition.args))
    if isinstance(condition, sp.Not):
        return not _holds_next_to_zero(condition.args[0])
    if isinstance(condition, Relational):
        return bool(condition.func(_sign_next_to_zero(condition.lhs - condition.rhs), 0))
    return _holds_next_to_zero(sp.to_nnf(condition, simplify=False))  # if-then-else, exclusive or


def _sign_next_to_zero(expression):
    if not expression.has(t):
        return sign_of(expression)
    limit = limit_at_zero(expression)
    if limit.is_zero:
        return sign_of(expression.as_leading_term(t) if expression.simplify() != 0 else limit)
    return sign_of(limit)


def _numbers_agree(found, slope):
    if slope in (sp.oo, -sp.oo):
        return all(sp.sign(value) == sp.sign(slope) for value in found) and abs(found[0]) < abs(found[1]) < abs(found[2])
    expected = sp.N(slope, 120)
    return expected.is_finite and bool(abs(found[2] - expected) <= sp.Rational(1, 10**3) * (1 + abs(expected)))


def _with_numbers(symbols):
    return {
        symbol: -number if symbol.is_negative else number
        for symbol, number in zip(sorted(symbols, key=str), _SAMPLES * len(symbols), strict=False)
    }


def _numbers_of(solve, expression):
    """Return the points of (0, oo) that `solve` finds, as a set of numbers."""
    try:
        points = solve(expression, t, sp.Interval.open(0, sp.oo))
    except (NotImplementedError, ValueError, TypeError) as error:
        raise UndecidedError("SymPy cannot find the borders of the pieces of {}", expression) from error
    if points is not sp.S.EmptySet and not isinstance(points, sp.FiniteSet):
        raise UndecidedError("SymPy cannot list the borders of the pieces of {}, it answers {}", expression, points)
    return set(points)
