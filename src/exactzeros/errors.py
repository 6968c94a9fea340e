"""The two errors of the mathematics: a question that SymPy cannot decide, and a prior that does not exist."""

from collections.abc import Callable

import sympy as sp


class UndecidedError(ArithmeticError):
    """SymPy cannot decide the question; the message names the expression and an assumption that would help.

    Parameters
    ----------
    question : str
        What is undecided, with one `{}` for each of the `expressions`.
    *expressions : sympy expressions
    unknown : sympy expression, optional
        An expression whose sign would decide the question.

    Attributes
    ----------
    assumption : str or None
        The assumption that would help, as in the message, such as `p > 1` or `p > 1 and p < 2`.

    Examples
    --------
    >>> from exactzeros import Penalty, w
    >>> p = sp.Symbol("p", positive=True)
    >>> try:
    ...     Penalty(sp.Abs(w)**p).slopes_at_zero
    ... except UndecidedError as error:
    ...     print(error.assumption)
    p > 1
    """

    def __init__(self, question: str, *expressions: sp.Basic, unknown: sp.Expr | None = None):
        self.assumption = None if unknown is None or not _can_be_assumed(unknown) else _assumption(unknown)
        hint = f"; an assumption such as {self.assumption} would help" if self.assumption else ""
        super().__init__((question.format(*expressions) if expressions else question) + hint)
        self._parts = question, expressions, unknown

    def rewritten(self, rewrite: Callable[[sp.Expr], sp.Expr]) -> "UndecidedError":
        """Return the same error with `rewrite` applied to its expressions.

        Examples
        --------
        >>> a, b = sp.symbols("a b")
        >>> UndecidedError("the sign of {} is not known", a).rewritten(lambda expression: expression.subs(a, b))
        UndecidedError('the sign of b is not known')
        """
        question, expressions, unknown = self._parts
        unknown = None if unknown is None else rewrite(unknown)
        return UndecidedError(question, *map(rewrite, expressions), unknown=unknown)


class ImproperPriorError(ValueError):
    """`exp(-rho)` has infinite mass, so no probability density belongs to the penalty (Part I, priors).

    Examples
    --------
    >>> from exactzeros import Penalty, w
    >>> try:
    ...     Penalty(sp.log(1 + sp.Abs(w))).prior
    ... except ImproperPriorError as error:
    ...     print(str(error).partition(":")[0])
    1/(Abs(w) + 1) has infinite mass
    """


def _can_be_assumed(unknown):
    """Whether the sign of `unknown` is a question about parameters: neither about a number nor about the variable."""
    return bool(unknown.free_symbols) and not unknown.has(sp.I) and all(map(_is_parameter, unknown.free_symbols))


def _is_parameter(symbol):
    return not (isinstance(symbol, sp.Dummy) and symbol.name == "t")


def _assumption(unknown):
    """Write `unknown > 0` as bounds on one of its symbols where that is possible."""
    for symbol in sorted(unknown.free_symbols, key=str):
        if unknown.is_polynomial(symbol) and sp.degree(unknown, symbol) > 2:
            continue  # its roots do not help a reader
        try:
            solution = _where_positive(unknown, symbol)
        except (NotImplementedError, ValueError, TypeError):
            continue
        if not isinstance(solution, sp.Interval):  # of several intervals, one is enough
            solution = solution.intersect(sp.Interval.open(0, sp.oo))
        if isinstance(solution, sp.Interval) and solution.count_ops() < 10:
            bounds = [f"{symbol} > {solution.start}"] * bool((symbol - solution.start).is_extended_positive is None)
            bounds += [f"{symbol} < {solution.end}"] * (solution.end != sp.oo)
            return " and ".join(bounds)
    return f"{unknown} > 0"


def _where_positive(unknown, symbol):
    if unknown.free_symbols == {symbol} and unknown.is_polynomial(symbol) and sp.degree(unknown, symbol) == 1:
        slope, rest = sp.Poly(unknown, symbol).all_coeffs()  # SymPy's solveset takes long for a line
        return sp.Interval.open(-rest / slope, sp.oo) if slope > 0 else sp.Interval.open(-sp.oo, -rest / slope)
    x = sp.Dummy(symbol.name, real=True)
    return sp.solveset(unknown.subs(symbol, x) > 0, x, sp.S.Reals)
