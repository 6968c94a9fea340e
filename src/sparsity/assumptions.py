"""What is known of a penalty's parameters, in the one form that SymPy can use: positive symbols."""

import sympy as sp
from sympy.core.relational import StrictGreaterThan, StrictLessThan

from .check import as_number


def exact(name, value):
    """Return the real number `value` as an exact SymPy number: 0.1 becomes 1/10, the shortest decimal that means it."""
    if isinstance(value, sp.Expr) and value.is_number and value.is_real:
        return rational(value)
    number = as_number(name, value)
    return sp.Integer(value) if number.is_integer() and abs(number) < 2**53 else sp.Rational(repr(number))


def rational(expression):
    """Return `expression` with each floating-point number replaced by the shortest decimal that means it."""
    return expression.replace(lambda part: part.is_Float, lambda part: sp.Rational(repr(float(part))))


class Assumptions:
    """Strict bounds on parameters. Each bounded symbol is written as a function of a fresh positive one.

    `low < p < high` becomes `p = (low + high*s)/(1 + s)`, `p > low` becomes `p = low + s`, with `s > 0`: SymPy decides
    signs and limits from "positive", and not from inequalities.

    Examples
    --------
    >>> p = sp.Symbol("p", positive=True)
    >>> Assumptions({p}, [p > 1]).to_positive(p - 1).is_positive
    True
    """

    def __init__(self, symbols, given):
        self.given = tuple(given)
        self._bounds = {}
        for condition in self.given:
            symbol, bound, is_lower = _read(condition, symbols)
            low, high = self._bounds.get(symbol, _own_bounds(symbol))
            self._bounds[symbol] = (max(low, bound), high) if is_lower else (low, min(high, bound))
        self._forward, self._backward = {}, {}
        for symbol, (low, high) in self._bounds.items():
            if low >= high:
                raise ValueError(f"the assumptions {self.given} leave no value for {symbol}")
            positive = sp.Dummy(symbol.name, positive=True)
            self._forward[symbol], self._backward[positive] = _between(low, high, symbol, positive)

    def to_positive(self, expression):
        """Return `expression` with the fresh positive symbols in place of the bounded ones."""
        return expression.subs(self._forward)

    def from_positive(self, expression):
        """Return `expression` in the original symbols again."""
        return sp.simplify(expression.subs(self._backward)) if expression.has(*self._backward) else expression

    def check(self, numbers):
        """Raise `ValueError` where one of `numbers` (symbol to number) violates what is assumed of its symbol."""
        for symbol, number in numbers.items():
            low, high = self._bounds.get(symbol, _own_bounds(symbol))
            if not low < number < high and not (symbol.is_nonnegative and number == low):
                raise ValueError(f"{symbol} must lie in the open interval ({low}, {high}), got {number}")

    def without(self, symbols):
        """Return the given assumptions that speak of other symbols than these."""
        return [condition for condition in self.given if not condition.free_symbols & set(symbols)]


def _read(condition, symbols):
    if not isinstance(condition, (StrictGreaterThan, StrictLessThan)):
        raise TypeError(f"an assumption must be a strict inequality such as p > 1, got {condition!r}")
    symbol, bound, is_lower = condition.lhs, condition.rhs, isinstance(condition, StrictGreaterThan)
    if symbol.is_number:
        symbol, bound, is_lower = bound, symbol, not is_lower
    if symbol not in symbols or not bound.is_number:
        raise ValueError(f"an assumption must compare a parameter of the penalty with a number, got {condition}")
    return symbol, rational(bound), is_lower


def _own_bounds(symbol):
    low = sp.S.Zero if symbol.is_nonnegative else -sp.oo
    high = sp.S.Zero if symbol.is_nonpositive else sp.oo
    return low, high


def _between(low, high, symbol, positive):
    if low == -sp.oo:
        return high - positive, high - symbol
    if high == sp.oo:
        return low + positive, symbol - low
    return (low + high * positive) / (1 + positive), (symbol - low) / (high - symbol)
