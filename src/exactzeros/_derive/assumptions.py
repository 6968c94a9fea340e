"""What is known about a penalty's parameters, in the one form that SymPy can use: positive symbols."""

import numbers
from contextlib import contextmanager

import sympy as sp
from sympy.core.relational import StrictGreaterThan, StrictLessThan

from .._arguments import as_number
from ..errors import UndecidedError

_IMPLIED = {"positive": ("nonnegative", "nonzero"), "negative": ("nonpositive", "nonzero")}
_LARGEST = sp.Integer(10) ** 300  # products with it still fit into a float


def exact(name, value):
    """Return the real number `value` as an exact SymPy number, by its shortest decimal form: 0.1 becomes 1/10."""
    if isinstance(value, sp.Expr) and value.is_number and value.is_real:
        return of_moderate_size(name, rational(value))
    number = as_number(name, value)
    if isinstance(value, numbers.Rational):
        return of_moderate_size(name, sp.Rational(int(value.numerator), int(value.denominator)))
    return of_moderate_size(name, sp.Rational(repr(number)))


def of_moderate_size(name, expression):
    """Return `expression`; raise `ValueError` if a number in it is beyond 1e300."""
    for number in expression.atoms(sp.Rational, sp.Float):
        if number.is_finite and abs(number) > _LARGEST:
            raise ValueError(f"{name} must have numbers of a size up to 1e300, got {sp.N(number, 3)}")
    return expression


def rational(expression):
    """Return `expression` with each floating-point number replaced by its shortest decimal form, as a fraction."""
    return expression.replace(lambda part: part.is_Float, lambda part: sp.Rational(repr(float(part))))


def _simplified(expression):
    return sp.factor(expression) if expression.is_rational_function() else sp.simplify(expression)


class Assumptions:
    """Strict bounds on parameters. Each bounded symbol is written in terms of a new positive one.

    `low < p < high` becomes `p = (low + high*s)/(1 + s)`, `p > low` becomes `p = low + s`, with `s > 0`: SymPy decides
    signs and limits from "positive", but not from inequalities.

    Examples
    --------
    >>> p = sp.Symbol("p", positive=True)
    >>> Assumptions({p}, [p > 1]).to_positive(p - 1).is_positive
    True
    """

    def __init__(self, symbols, given):
        self.given = tuple(given)
        bounds = {}
        for condition in self.given:
            symbol, bound, is_lower = _read(condition, symbols)
            low, high = bounds.get(symbol, _own_bounds(symbol))
            bounds[symbol] = (sp.Max(low, bound), high) if is_lower else (low, sp.Min(high, bound))
        self._forward, self._backward = {}, {}
        for symbol, (low, high) in bounds.items():
            if low.has(sp.Max) or high.has(sp.Min):
                raise ValueError(f"the assumptions {self.given} leave it open which bound on {symbol} is the sharper")
            if (low >= high) == sp.true:
                raise ValueError(f"the assumptions {self.given} leave no value for {symbol}")
            positive = sp.Dummy(symbol.name, positive=True)
            self._forward[symbol], self._backward[positive] = _between(low, high, symbol, positive)
        if any(self.to_positive(symbol).has(*self._forward) for symbol in self._forward):
            raise ValueError(f"the assumptions {self.given} go round in a circle")

    def to_positive(self, expression):
        """Return `expression` with the new positive symbols in place of the bounded ones."""
        for _ in self._forward:  # a bound may itself be a bounded symbol, so repeat
            expression = expression.subs(self._forward)
        return expression

    def from_positive(self, expression, simplify=_simplified):
        """Return `expression` in the original symbols."""
        return simplify(expression.subs(self._backward)) if expression.has(*self._backward) else expression

    @contextmanager
    def in_own_symbols(self):
        """Translate an `UndecidedError` about the new positive symbols back to the original ones."""
        try:
            yield
        except UndecidedError as error:
            raise error.rewritten(self.from_positive) from error

    def with_numbers(self, numbers):
        """Return the assumptions that remain after putting in `numbers`, a dict from symbol to number.

        A violated assumption is a `ValueError`.
        """
        for symbol, number in numbers.items():
            facts = [fact for fact, holds in symbol.assumptions0.items() if holds and not fact.startswith("extended")]
            violated = [fact for fact in facts if getattr(number, f"is_{fact}") is False]
            if violated:
                implied = {weaker for fact in violated for weaker in _IMPLIED.get(fact, ())}
                needed = " and ".join(fact for fact in violated if fact not in implied)
                raise ValueError(f"{symbol} must be {needed}, got {number}")
        remaining = []
        for condition in self.given:
            now = condition.subs(numbers)
            if now == sp.false:
                got = ", ".join(f"{symbol} = {numbers[symbol]}" for symbol in condition.free_symbols & numbers.keys())
                raise ValueError(f"the penalty needs {condition}, got {got}")
            if now != sp.true:
                remaining.append(now)
        return remaining


def _read(condition, symbols):
    if not isinstance(condition, (StrictGreaterThan, StrictLessThan)):
        raise TypeError(f"an assumption must be a strict inequality such as p > 1, got {condition!r}")
    symbol, bound, is_lower = condition.lhs, condition.rhs, isinstance(condition, StrictGreaterThan)
    if symbol not in symbols:
        symbol, bound, is_lower = bound, symbol, not is_lower
    if symbol not in symbols or not bound.free_symbols <= set(symbols) - {symbol}:
        raise ValueError(f"an assumption must compare a parameter with a number or with other ones, got {condition}")
    if bound in symbols and not is_lower:  # read b < a as a > b, so that b can have another bound
        return bound, symbol, True
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
