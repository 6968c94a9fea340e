"""The smooth branches of an expression with kinks, chosen by signs that come from a limit or from a number."""

import sympy as sp
from sympy.core.relational import Relational

_KINKED = (sp.Piecewise, sp.Abs, sp.Max, sp.Min, sp.sign, sp.Heaviside)


def branch(expression, symbol, sign):
    """Return the smooth branch of `expression` in `symbol` that holds where the differences have the given `sign`.

    Examples
    --------
    >>> x = sp.Symbol("x", real=True)
    >>> branch(sp.Abs(x - 1) + sp.Max(x, 0), x, lambda difference: sp.sign(difference.subs(x, 0.5)))
    1
    """
    if not (has_kinks(expression) and expression.has(symbol)):
        return expression
    if not isinstance(expression, _KINKED):
        return expression.func(*(branch(part, symbol, sign) for part in expression.args))
    return branch(_smooth(expression, lambda difference: sign(branch(difference, symbol, sign))), symbol, sign)


def has_kinks(expression):
    """Whether `expression` contains a function that may have a kink or a jump."""
    return expression.has(*_KINKED)


def deciding_differences(expression):
    """Return the expressions at whose zeros `expression` may change its branch, inner ones first."""
    parts = sorted(expression.atoms(*_KINKED), key=lambda part: part.count_ops())
    return [difference for part in parts for difference in _differences(part)]


def _differences(part):
    if isinstance(part, sp.Piecewise):
        relations = {relation for _, condition in part.args for relation in condition.atoms(Relational)}
        return [relation.lhs - relation.rhs for relation in relations]
    if isinstance(part, (sp.Max, sp.Min)):
        return [one - other for i, one in enumerate(part.args) for other in part.args[:i]]
    return [part.args[0]]


def _smooth(part, sign):
    if isinstance(part, sp.Piecewise):
        for value, condition in part.args:
            if _holds(condition, sign):
                return value
        raise ValueError(f"{part} is not defined everywhere: the last condition of a Piecewise must be True")
    if isinstance(part, (sp.Max, sp.Min)):
        best, *others = part.args
        for other in others:
            ahead = sign(other - best)
            best = other if (ahead > 0 if isinstance(part, sp.Max) else ahead < 0) else best
        return best
    direction = sign(part.args[0])
    return direction * part.args[0] if isinstance(part, sp.Abs) else part.func(direction, *part.args[1:])


def _holds(condition, sign):
    if condition in (sp.true, sp.false):
        return condition == sp.true
    if isinstance(condition, sp.And):
        return all(_holds(part, sign) for part in condition.args)
    if isinstance(condition, sp.Or):
        return any(_holds(part, sign) for part in condition.args)
    if isinstance(condition, sp.Not):
        return not _holds(condition.args[0], sign)
    if isinstance(condition, Relational):
        return bool(condition.func(sign(condition.lhs - condition.rhs), 0))
    return _holds(sp.to_nnf(condition, simplify=False), sign)  # if-then-else, exclusive or
