"""Expressions with numbers in them as NumPy functions that do not overflow on their way to a value."""

from functools import cache, reduce
from importlib.util import find_spec
from typing import Any

import mpmath
import numpy as np
import sympy as sp
from sympy.codegen.cfunctions import hypot, log1p
from sympy.codegen.numpy_nodes import logaddexp
from sympy.printing.numpy import SciPyPrinter

from ..errors import UndecidedError

# SciPy only where NumPy has no such function: of log1p both have one, and they differ in the last digit. SymPy imports
# all of NumPy for the name "numpy", and nothing for the module.
_LIBRARIES = [np, "scipy"] if find_spec("scipy") else [np]
_DIGITS = 40
_LARGEST_INT = 1 << 53
_FEW = 8  # points that are computed one by one rather than told apart
_FAR = 10**6  # where the largest exponential tells
_OF_TENSORS = ("abs", "exp", "hypot", "log", "log1p", "maximum", "minimum", "sqrt", "where")
_RAISE: Any = {"over": "raise", "divide": "raise", "invalid": "raise", "under": "ignore"}


def to_numpy(expression, *symbols):
    """Return `expression` as a NumPy function of `symbols` that gives an array also where it is a constant.

    Where an operation overflows or has no result, as in `inf/inf`, the values are computed again, in long doubles and
    with the largest exponential of each sum as a factor; where that does not help, point by point in numbers of any
    size.
    """
    if not expression.free_symbols & set(symbols):
        constant = float(expression)
        return lambda *arrays: np.full(np.broadcast(*arrays).shape, constant)
    printed = _with_exact_logarithms(expression)
    quick = _checked(printed, symbols)

    @cache
    def others():
        factored = _with_factors(printed)
        return _checked(factored, symbols) if factored != printed else quick, _one_by_one(expression, symbols)

    def function(*arrays):
        try:
            with np.errstate(**_RAISE):
                return quick(*arrays)
        except FloatingPointError:
            arrays = np.broadcast_arrays(*arrays)
            flat = list(map(np.ravel, arrays))
            return _quick_up_to_a_size(quick, others, *flat).reshape(arrays[0].shape)

    return function


def to_numpy_pair(first, second, symbol):
    """Return two expressions as one NumPy function that computes common parts only once."""
    careful = to_numpy(first, symbol), to_numpy(second, symbol)
    if not (first.has(symbol) and second.has(symbol)):
        return lambda points: tuple(function(points) for function in careful)
    quick = _compiled([symbol], [_with_exact_logarithms(first), _with_exact_logarithms(second)])

    def function(points):
        found = quick(points)
        if all(np.isfinite(values).all() for values in found):
            return found
        return tuple(function(points) for function in careful)

    return function


def _checked(expression, symbols):
    """Return `expression` as a function of arrays that NumPy can compute."""
    try:
        function = _compiled(symbols, expression)
        with np.errstate(all="ignore"):
            function(*[np.ones(2)] * len(symbols)).astype(float, casting="safe")
    except Exception as error:  # an unknown or complex function, or no printer
        raise UndecidedError("neither NumPy nor SciPy can evaluate {}", expression) from error
    return function


class Printer(SciPyPrinter):
    """SymPy's printer, with small powers as products and square roots, many times faster than NumPy's powers."""

    def __init__(self):
        super().__init__({"fully_qualified_modules": False, "inline": True, "allow_unknown_functions": True})

    def _print_Rational(self, expr):
        if max(abs(expr.p), expr.q) < _LARGEST_INT:
            return super()._print_Rational(expr)
        return f"({float(expr)!r})"  # NumPy has no integers of that size

    def _print_Integer(self, expr):
        return super()._print_Integer(expr) if abs(expr.p) < _LARGEST_INT else f"({float(expr)!r})"

    def _print_Pow(self, expr, rational=False):
        halves = 2 * abs(expr.exp)
        if not (expr.exp.is_Rational and halves.is_Integer and halves <= 8) or halves == 1:
            return super()._print_Pow(expr, rational)
        base = self._print(expr.base)
        root = self._print(sp.sqrt(expr.base))
        product = "*".join([f"({base})"] * (int(halves) // 2) + [root] * (int(halves) % 2))
        return f"({product})" if expr.exp > 0 else f"(1/({product}))"


def _compiled(symbols, expressions):
    return sp.lambdify(symbols, expressions, _LIBRARIES, printer=Printer(), cse=True)


def printed_for(xp, expression, *symbols):
    """Return `expression` as a function of tensors, in the functions of their library."""
    names = {name: getattr(xp, name) for name in _OF_TENSORS}
    parts = expression.atoms(sp.Pow, sp.Function, sp.NumberSymbol)  # those of numbers would be called with a number
    expression = expression.xreplace({part: part.evalf(17) for part in parts if part.is_number}).replace(
        lambda part: part.is_Pow and abs(part.exp) == sp.S.Half, lambda part: _as_hypot(part.base) ** (2 * part.exp)
    )
    return sp.lambdify(symbols, expression, [names], printer=Printer(), cse=True)


def _as_hypot(base):
    """Return the root of `a*x**2 + c` as a `hypot`, which does not overflow; of anything else as it is."""
    c, square = base.as_coeff_Add()
    a, x = square.as_coeff_Mul()
    if not (c.is_positive and a.is_positive and x.is_Pow and x.exp == 2):
        return sp.sqrt(base)
    return sp.sqrt(a).evalf(17) * hypot(x.base, sp.sqrt(c / a).evalf(17))


def _with_exact_logarithms(expression):
    """Return `expression` with `logaddexp` for logarithms of sums of exponentials, `log1p` for those of 1 + x.

    The terms of such a sum are positive.
    """

    def in_log(part):
        one, rest = part.args[0].as_coeff_Add()
        if one == 1 and not rest.has(sp.exp, sp.cosh, sp.sinh):
            return log1p(rest)
        terms = sp.expand_log(part.args[0].rewrite((sp.cosh, sp.sinh), sp.exp), force=True)
        if not (terms.is_Add and terms.has(sp.exp) and all(term.is_positive for term in terms.args)):
            return part
        return reduce(logaddexp, (sp.expand_log(sp.log(term), force=True) for term in terms.args))

    return expression.replace(sp.log, lambda argument: in_log(sp.log(argument)))


def _with_factors(expression):
    """Return `expression` with the largest exponential of each sum as a factor, so that quotients do not overflow."""

    def factored(*terms):
        exponents = [
            sp.Add(*(power.exp for power in sp.Mul.make_args(term) if isinstance(power, sp.exp))) for term in terms
        ]
        largest = max(exponents, key=lambda exponent: exponent.subs(dict.fromkeys(exponent.free_symbols, _FAR)))
        factor = sp.exp(largest)
        return factor * sp.Add(*(sp.powsimp(term / factor) for term in terms))

    plain = expression.rewrite((sp.cosh, sp.sinh), sp.exp)
    return sp.powsimp(plain.replace(sp.Add, factored)) if plain.has(sp.exp) else expression


def _one_by_one(expression, symbols):
    """Return `expression` as a function of numbers, None where one may have more digits than there is memory."""
    if any(map(_exponentials, set().union(*(part.args for part in _exponentials(expression))))):
        return None
    function = sp.lambdify(symbols, expression, "mpmath")

    def value(*point):
        try:
            with mpmath.workdps(_DIGITS):
                found = mpmath.mpmathify(function(*map(mpmath.mpf, point)))
        except (ArithmeticError, ValueError, NameError, TypeError):  # a pole, or a function that mpmath has not
            return np.nan
        return float(found) if isinstance(found, mpmath.mpf) else np.nan

    return value


def _exponentials(expression):
    parts = expression.atoms(sp.exp, sp.Pow, sp.sinh, sp.cosh)
    return [part for part in parts if not part.is_Pow or part.exp.free_symbols]


def _quick_up_to_a_size(quick, others, *arrays):
    """Return the values at `arrays`: by `quick` up to the size at which it fails, beyond it by the others.

    In their form without overflow, terms may cancel next to 0.
    """
    order = np.argsort(reduce(np.maximum, map(np.abs, arrays)), kind="stable")
    ordered = [array[order] for array in arrays]
    parts, start, end = [], 0, len(order)
    while end - start > 1:
        middle = (start + end) // 2
        try:
            with np.errstate(**_RAISE):
                found = quick(*(array[start:middle] for array in ordered))
        except FloatingPointError:
            end = middle
        else:
            parts.append(found)
            start = middle
    parts.append(_in_parts(*others(), *(array[start:] for array in ordered)))
    values = np.empty(order.shape)
    values[order] = np.concatenate(parts)
    return values


def _in_parts(stable, careful, *arrays):
    """Return the values at `arrays` in long doubles, in halves where an operation fails, the last few carefully."""
    long = [array.astype(np.longdouble) for array in arrays]
    try:
        with np.errstate(**_RAISE):
            values = np.broadcast_to(stable(*long), arrays[0].shape)
    except (FloatingPointError, TypeError):  # not every function of SciPy knows long doubles
        if arrays[0].size > _FEW:
            halves = zip(*(np.array_split(array, 2) for array in arrays), strict=True)
            return np.concatenate([_in_parts(stable, careful, *half) for half in halves])
        with np.errstate(all="ignore"):
            values = np.broadcast_to(stable(*arrays), arrays[0].shape)
        if careful:
            exact = np.array([careful(*map(float, point)) for point in zip(*arrays, strict=True)])
            values = np.where(np.isnan(exact), values, exact)
    with np.errstate(all="ignore"):
        return values.astype(float)
