"""Calculus on one half line, as far as SymPy can be trusted with it.

SymPy's `limit` and `diff` are silently wrong at a kink (sympy#27236, #23836, #29835). So every question about an
expression near 0 is answered on one side at a time: substitute `w = t` or `w = -t` with `t > 0`, take the piece that
holds there, take the limit of the difference quotient, and confirm it with numbers.
"""

from contextlib import contextmanager
from functools import cache
from itertools import cycle, pairwise

import sympy as sp
from sympy.core.evalf import PrecisionExhausted

from ..errors import UndecidedError
from .branches import branch, deciding_differences, has_kinks
from .timelimit import within_time


class _Size(sp.Dummy):
    def _sympystr(self, printer):
        return "|w|"  # what it is, in messages


t = _Size("t", positive=True)

_SAMPLES = [
    [sp.Rational(*pair) for pair in row]
    for row in (
        ((7, 5), (12, 7), (9, 4), (15, 8), (5, 3)),
        ((2, 9), (1, 7), (3, 11), (1, 5), (2, 13)),
        ((5, 4), (31, 3), (1, 3), (29, 4), (2, 3)),
    )
]
_TINY = [sp.Rational(1, 10**k) for k in (30, 60, 120)]
_STEPS = (sp.floor, sp.ceiling, sp.frac, sp.Mod)
_EVERYWHERE = [
    sp.Rational(*pair) for pair in ((1, 1000), (1, 5), (4, 7), (9, 8), (17, 7), (23, 3), (301, 3), (9999, 2))
]
_TINIEST = sp.Rational(1, 10**700)  # closer to 0 than any border that a float can express


def half_line(expression, symbol, side):
    """Return `expression` as a function of `t > 0` on the side +1 or -1 of 0, with kinks written as Piecewise."""
    return sp.piecewise_fold(expression.subs(symbol, side * t).rewrite(sp.Piecewise))


def next_to_zero(expression):
    """Return the branch of `expression` that holds for all sufficiently small `t > 0`."""
    return branch(expression, t, _sign_next_to_zero)


def slopes_at_zero(expression, symbol):
    """Return the slopes of `expression` at `symbol = 0`, left and right; each may be infinite."""
    start = expression.subs(symbol, 0)
    return tuple(side * initial_slope(expression.subs(symbol, side * t), start) for side in (-1, 1))


@cache
def initial_slope(expression, start):
    """Return the limit of `(expression - start)/t` as `t` falls to 0, confirmed by numbers."""
    piece = next_to_zero(expression)
    quotient = (piece - start) / t
    if not quotient.has(t) or quotient in (sp.oo, -sp.oo):
        return quotient
    if piece.is_polynomial(t) and _is_zero(piece.subs(t, 0) - start):
        return sp.factor_terms(sp.diff(piece, t).subs(t, 0))
    samples = list(_samples(quotient))
    doubt = None
    for form in _quotient_forms(piece, start):
        try:
            slope = limit_at_zero(form)
        except UndecidedError as error:
            doubt = doubt or error
            continue
        if all(_numbers_agree(found, slope.subs(values)) for values, found in samples):
            return sp.factor_terms(slope)
    raise doubt or UndecidedError("SymPy's limit of {} as {} -> 0+ disagrees with its numerical values", quotient, t)


def _quotient_forms(piece, start):
    if piece.subs(t, 0) == start:  # otherwise there is a jump, which the derivative does not show
        slope = sp.powsimp(sp.diff(piece, t), deep=True)
        yield slope.replace(lambda part: part.is_Pow and part.base == t, lambda part: t ** sp.factor(part.exp))
    yield (piece - start) / t
    if piece.has(sp.functions.elementary.hyperbolic.HyperbolicFunction):  # SymPy finds the limit of t*coth(t) to be 0
        yield ((piece - start) / t).rewrite(sp.exp)


def _is_zero(number):
    """Whether it is 0, with symbols after expanding, without them to all digits that can be computed."""
    return sp.expand(number) == 0 or (number.is_number and sign_at(number, 0) == 0)


def require_real(expression, symbol):
    """Raise `ValueError` if `expression` is not real at some number in place of `symbol`, whatever the parameters.

    Only some numbers are tried: this is for answers that hold on the whole line.
    """
    if expression.is_extended_real:
        return
    rows = _SAMPLES if expression.free_symbols > {symbol} else _SAMPLES[:1]
    with_numbers = [expression.subs(sample_values(expression.subs(symbol, t), numbers)) for numbers in rows]
    for point in (side * number for number in _EVERYWHERE for side in (1, -1)):
        if all(_is_off_the_line(sp.N(each.subs(symbol, point))) for each in with_numbers):
            got = sp.N(with_numbers[0].subs(symbol, point), 3)
            raise ValueError(f"the penalty must be real, got {got} at {symbol} = {point}; {INSTEAD}")


INSTEAD = (
    "for a constraint write Piecewise((..., condition), (oo, True)), for the real root of a negative number "
    "sympy.real_root"
)


def _is_off_the_line(value):
    """Whether a number has an imaginary part that is no rounding."""
    if not value.is_number or value.has(sp.oo, sp.zoo, sp.nan):
        return False
    real, imaginary = value.as_real_imag()
    return bool(imaginary.is_number and abs(imaginary) > 1e-9 * (1 + abs(real)))


def value_next_to_zero(expression, symbol):
    """Return the common limit of `expression` from both sides of `symbol = 0`; None if there is none."""
    limits = {value_at_zero(next_to_zero(expression.subs(symbol, side * t))) for side in (1, -1)}
    limit = limits.pop()
    return limit if not limits and limit.is_finite else None


def value_at_zero(expression):
    """Return the limit of `expression` as `t` falls to 0, confirmed by numbers."""
    if not expression.has(t) or expression.is_rational_function(t):
        return limit_at_zero(expression)
    samples = list(_samples(expression))
    for form in (expression, expression.rewrite(sp.exp)):
        limit = limit_at_zero(form)
        if all(_numbers_agree(found, limit.subs(values)) for values, found in samples):
            return limit
    raise UndecidedError("SymPy's limit of {} as {} -> 0+ disagrees with its numerical values", expression, t)


def limit_at_zero(expression):
    """Return the limit of `expression` as `t` falls to 0; raise `UndecidedError` if SymPy finds none."""
    return _limit(expression, 0)


def limit_at_infinity(expression):
    """Return the limit of `expression` as `t` grows to oo; raise `UndecidedError` if SymPy finds none."""
    return _limit(last_piece(expression), sp.oo)


def last_piece(expression):
    """Return the branch of `expression` that holds for all sufficiently large `t`."""
    if not has_kinks(expression):
        return expression
    with in_terms_of(1 / t):
        return next_to_zero(expression.subs(t, 1 / t)).subs(t, 1 / t)


@contextmanager
def in_terms_of(distance):
    """Let an `UndecidedError` inside speak of `distance`, for which `t` stands there."""
    try:
        yield
    except UndecidedError as error:
        raise error.rewritten(lambda expression: expression.subs(t, distance)) from error


def sign_of(expression):
    """Return the sign, -1, 0 or 1, that `expression` has for all values its symbols may take."""
    sign = known_sign(expression)
    if sign is None:
        unknown = _unknown_sign(list(_forms(expression))[-1])
        raise UndecidedError("the sign of {} is not known", expression, unknown=unknown)
    return sign


def known_sign(expression):
    """Return the same, or None if it is not known."""
    for form in _forms(expression):
        if form.is_zero:
            return 0
        if form.is_extended_positive:
            return 1
        if form.is_extended_negative:
            return -1
    return None


def is_nonnegative(expression):
    """Whether `expression` is known to be at least 0 for all values of its symbols."""
    for form in _forms(expression):
        if form.is_nonnegative or form.is_negative:
            return bool(form.is_nonnegative)
    return False


def breakpoints(expression):
    """Return the sorted `t > 0` at which `expression`, which has no parameters, may change its branch."""
    points = set()
    for difference in deciding_differences(expression):
        for low, high in stretches(points) if has_kinks(difference) else stretches([]):
            roots = numbers_of(sp.solveset, piece_at(difference, inside(low, high)))
            points |= {root for root in roots if low < root < high}
    return sorted(points)


def stretches(points, low=sp.S.Zero, high=sp.oo):
    """Return the open intervals `(start, end)` into which `points` cut `(low, high)`."""
    edges = [low, *sorted(point for point in points if low < point < high), high]
    return list(pairwise(edges))


def inside(low, high):
    """Return a point between `low` and `high`, which may be oo."""
    return (low + high) / 2 if high != sp.oo else low + 1


def singular_points(expression):
    """Return the `t > 0` at which `expression`, which has neither parameters nor kinks, may not be smooth.

    These are its poles, and the zeros below a root or at the edge of an arc function, as in `sqrt((t - 1)**2)` and
    `asin(sin(t))`.
    """
    if expression.has(*_STEPS):
        raise UndecidedError("the jumps of {} are not known", expression)
    smooth = expression.replace(
        lambda part: isinstance(part, sp.log) and part.args[0].is_positive, lambda part: part.args[0]
    )
    points = numbers_of(sp.singularities, smooth)
    for edge in _edges(expression):
        points |= numbers_of(sp.solveset, edge)
    return points


def _edges(expression):
    """Yield what is 0 where a function inside `expression` is not smooth although it is finite."""
    for part in expression.atoms(sp.Pow, sp.asin, sp.acos, sp.acosh, sp.acsc, sp.asec):
        if not part.has(t):
            continue
        if not part.is_Pow:
            yield part.args[0] ** 2 - 1
        elif not part.exp.is_integer and part.base != t and not part.base.is_positive:
            yield part.base


def piece_at(expression, point):
    """Return the branch of `expression` that holds at the number `point`."""
    return branch(expression, t, lambda difference: sign_at(difference, point))


def _limit(expression, point):
    limit = _limit_of_fraction(expression, point) if expression.is_rational_function(t) else None
    if limit is not None:
        return limit
    question = f"{{}} as {{}} -> {'0+' if point == 0 else 'oo'}"
    try:
        limit = within_time(sp.limit, expression, t, point, "+" if point == 0 else "-", seconds=3.0)
    except Exception as error:  # a SymPy that is lost may raise nearly anything
        why = f"SymPy cannot decide the limit of {question} ({type(error).__name__})"
        raise UndecidedError(why, expression, t, unknown=_unknown_exponent(expression)) from error
    if limit.has(t, sp.nan, sp.zoo, sp.Limit, sp.AccumBounds):
        raise UndecidedError(f"SymPy finds no limit of {question}", expression, t)
    if limit.has(sp.oo, -sp.oo) and limit not in (sp.oo, -sp.oo):  # SymPy 1.14: -oo*sign(c) has no oo in it
        why = f"the sign of the infinite limit of {question} is not known"
        raise UndecidedError(why, expression, t, unknown=_unknown_sign(limit))
    return limit


def _limit_of_fraction(expression, point):
    """Return the limit of a rational function from its first or last terms; None where its sign is not known."""
    try:
        above, below = (sp.Poly(part, t) for part in sp.fraction(sp.together(expression)))
    except sp.PolynomialError:
        return None
    if above.is_zero:
        return sp.S.Zero
    ((power,), first), ((other,), second) = (part.terms()[-1 if point == 0 else 0] for part in (above, below))
    growth = power - other if point == sp.oo else other - power
    quotient = sp.factor_terms(first / second)
    if growth <= 0:
        return quotient if growth == 0 else sp.S.Zero
    return sp.oo * quotient if quotient.is_positive or quotient.is_negative else None


def _forms(expression):
    yield expression
    yield sp.factor(expression)
    if not expression.is_rational_function():  # else the factors tell all
        yield sp.factor(sp.simplify(expression))


def _unknown_sign(expression):
    """Return the part of `expression` whose sign is unknown: without positive factors, inside `sign(...)`."""
    for part in expression.atoms(sp.sign):
        return _unknown_sign(part.args[0])
    return sp.Mul(*(factor for factor in sp.Mul.make_args(expression) if not factor.is_extended_positive))


def _unknown_exponent(expression):
    """Return the smallest exponent of `t` whose sign is unknown, or None."""
    exponents = set()
    for part in expression.atoms(sp.Mul, sp.Pow):
        powers = [factor.as_base_exp() for factor in sp.Mul.make_args(part)]
        exponents.add(sp.Add(*(exponent for base, exponent in powers if base == t)))
    unknown = [exponent for exponent in exponents if exponent.is_positive is None]
    return min(unknown, key=lambda exponent: exponent.subs(sample_values(exponent)), default=None)


def _sign_next_to_zero(expression):
    if not expression.has(t):
        return sign_of(expression)
    limit = limit_at_zero(expression)
    if limit.is_zero and expression.simplify() == 0:
        return 0
    sign = sign_of(expression.as_leading_term(t) if limit.is_zero else limit)
    for numbers in _SAMPLES if expression.free_symbols > {t} else _SAMPLES[:1]:
        with_numbers = expression.subs(sample_values(expression, numbers))
        if sp.sign(with_numbers.evalf(1500, subs={t: _TINIEST})) != sign:
            raise UndecidedError("SymPy's sign of {} as {} -> 0+ disagrees with its numerical values", expression, t)
    return sign


def sign_at(expression, point):
    try:
        return int(sp.sign(sp.N(expression.subs(t, point), 15, strict=True)))
    except PrecisionExhausted:  # indistinguishable from 0
        return 0


def _numbers_agree(found, slope):
    """Whether the quotients at ever smaller `t` tend to `slope`: they are close to it, or approach it steadily."""
    if slope in (sp.oo, -sp.oo):
        first, second, third = (value * sp.sign(slope) for value in found)
        return bool(0 < first < 0.999 * second < 0.998 * third)
    expected = sp.N(slope, 400)
    if not expected.is_finite:
        return False
    first, second, third = (abs(value - expected) / (1 + abs(expected)) for value in found)  # too large for floats
    return bool(third < 1e-6 or (second < 0.999 * first and first * third < 1.001 * second**2))


def _samples(quotient):
    """Yield numbers for the parameters of `quotient`, and its values with them for ever smaller `t`."""
    for numbers in _SAMPLES if quotient.free_symbols > {t} else _SAMPLES[:1]:
        values = sample_values(quotient, numbers)
        found = [quotient.subs(values).evalf(400, subs={t: tiny}) for tiny in _TINY]
        if None in (value.is_extended_real for value in found):
            raise UndecidedError("SymPy has no value of {} for {} = {}", quotient, t, _TINY[0])
        if not all(value.is_extended_real for value in found):
            raise ValueError(
                f"the penalty must be real next to 0; its difference quotient {quotient} is "
                f"{sp.N(found[0], 3)} for { ({**values, t: _TINY[0]}) }"
            )
        yield values, found


def sample_values(expression, numbers=_SAMPLES[0]):
    """Return a dictionary that gives each parameter in `expression` one of the positive `numbers` that it allows."""
    values = {}
    for symbol, number in zip(sorted(expression.free_symbols - {t}, key=str), cycle(numbers), strict=False):
        number = sp.ceiling(number) if symbol.is_integer else number
        values[symbol] = -number if symbol.is_negative else number
    return values


def numbers_of(solve, expression):
    """Return the points of (0, oo) that `solve` finds, as a set of numbers."""
    points = _roots_of_polynomial(expression, poles=solve is sp.singularities)
    if points is not None:
        return points
    try:
        points = solve(expression, t, sp.Interval.open(0, sp.oo))
    except (NotImplementedError, ValueError, TypeError) as error:
        raise UndecidedError("SymPy cannot find the borders of the pieces of {}", expression) from error
    if points is not sp.S.EmptySet and not isinstance(points, sp.FiniteSet):
        why = "SymPy cannot list the borders of the pieces of {}; there may be infinitely many"
        raise UndecidedError(why, expression)
    return set(points)


def _roots_of_polynomial(expression, poles):
    """Return the zeros or the poles in (0, oo) of a rational function with rational numbers, else None.

    Of degree two `solveset` has simpler forms, of a higher one it seldom finds which zeros are real.
    """
    if not expression.is_rational_function(t):
        return None
    polynomial = sp.Poly(sp.fraction(sp.together(expression))[poles], t)
    if polynomial.is_zero or polynomial.degree() == 2 or polynomial.domain not in (sp.ZZ, sp.QQ):
        return None
    return {root for root in polynomial.real_roots() if root.is_positive}
