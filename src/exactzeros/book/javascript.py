"""Code for the browser: SymPy expressions, and the minimizer derived from a penalty, as JavaScript."""

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean
from sympy.printing.codeprinter import PrintMethodNotImplementedError
from sympy.printing.jscode import JavascriptCodePrinter

from .._arguments import as_instance
from .._derive.arcs import as_polynomial
from .._derive.halfline import half_line, t
from ..penalty import Penalty, w

_FUNCTIONS = {
    name: f"Math.{name.lower()}" for name in ("Abs", "Max", "Min", "exp", "log", "sin", "cos", "tan", "atan", "sign")
}
_NEWTON_STEPS = 30  # enough for the smoothed absolute value down to eps = 1e-6; each doubles the digits near the root


class _Printer(JavascriptCodePrinter):
    """Prints JavaScript, including what SymPy's own printer lacks: infinities, NaN, a `Piecewise` without default."""

    def __init__(self):
        super().__init__({"strict": True, "allow_unknown_functions": False})
        self.known_functions = _FUNCTIONS

    def _print_Function(self, function):
        name = self.known_functions.get(type(function).__name__)
        if name is None:
            return super()._print_Function(function)
        return f"{name}({', '.join(map(self._print, function.args))})"

    _print_Max = _print_Min = _print_Function

    def _print_Pow(self, power):
        if power.exp == sp.S.Half:
            return f"Math.sqrt({self._print(power.base)})"
        if power.exp == -1:
            return f"1/{self.parenthesize(power.base, sp.printing.precedence.PRECEDENCE['Pow'])}"
        return f"Math.pow({self._print(power.base)}, {self._print(power.exp)})"

    def _print_Rational(self, number):
        return f"({number.p}/{number.q})"

    def _print_NaN(self, _):
        return "NaN"

    def _print_Infinity(self, _):
        return "Infinity"

    def _print_NegativeInfinity(self, _):
        return "(-Infinity)"

    def _print_Piecewise(self, piecewise):
        has_default = piecewise.args[-1].cond == sp.true
        return super()._print_Piecewise(piecewise if has_default else sp.Piecewise(*piecewise.args, (sp.nan, True)))


def javascript(expression):
    """Return a real SymPy expression as a JavaScript expression, with each symbol as the variable of the same name.

    Parameters
    ----------
    expression : sympy expression or condition

    Returns
    -------
    str
        If no condition of a `Piecewise` holds, its value is `NaN`.

    Raises
    ------
    TypeError
        If `expression` is neither a SymPy expression nor a condition.
    ValueError
        If JavaScript cannot evaluate it, because it is not real or JavaScript has no such function.

    Examples
    --------
    >>> javascript(sp.Abs(w) + sp.sqrt(w))
    'Math.sqrt(w) + Math.abs(w)'
    """
    if not isinstance(expression, (sp.Expr, Boolean)):
        raise TypeError(f"expression must be a SymPy expression or a condition, got {expression!r}")
    try:
        if expression.has(sp.I):
            raise ValueError("it is not real")
        return _Printer().doprint(expression).replace("\n", "")
    except (PrintMethodNotImplementedError, ValueError) as error:
        raise ValueError(f"expression must be one that JavaScript can evaluate, got {expression}") from error


def constants(definitions):
    """Return definitions, pairs of a symbol and an expression, as JavaScript that computes them in order.

    Examples
    --------
    >>> constants([(sp.Symbol("a"), w + 1), (sp.Symbol("b"), sp.Symbol("a") / 2)])
    'const a = w + 1; const b = ((1/2))*a;'
    """
    return " ".join(f"const {symbol.name} = {javascript(expression)};" for symbol, expression in definitions)


def function(arguments, result, definitions=()):
    """Return a JavaScript function of the named `arguments`; `result` may use `definitions`, which come first.

    Examples
    --------
    >>> function("w", w**2 + 1)
    '(w) => Math.pow(w, 2) + 1'
    >>> function("w", (w, 2 * w))
    '(w) => [w, 2*w]'
    """
    body = f"[{', '.join(map(javascript, result))}]" if isinstance(result, tuple) else javascript(result)
    return f"({arguments}) => " + (f"{{ {constants(definitions)} return {body}; }}" if definitions else body)


def minimizer(penalty, slope, curvature, name="minimizer"):
    r"""Return definitions whose last is the global minimizer of :math:`g w + c w^2/2 + \rho(w)`.

    As in `Penalty.prox`, the candidates are 0, the borders of the pieces and the stationary points on each of them;
    the lowest is taken, and 0 counts only in the zero interval. Equations of degree 1 and 2 in `|w|` or a root of it
    are solved in closed form, others by a fixed number of Newton steps from the unpenalized minimizer.

    Parameters
    ----------
    penalty : Penalty
        It may have symbols for parameters.
    slope, curvature : sympy expression
        `g` and `c > 0`.
    name : str
        The name of the last definition, with which the names of the others begin.

    Returns
    -------
    list of (sympy.Symbol, sympy expression)
        Each uses only earlier ones; nan marks a candidate that does not exist.
    """
    as_instance("penalty", penalty, Penalty)
    definitions = Definitions(name)
    start = penalty.expression.subs(w, 0)
    left, right = penalty.slopes_at_zero
    best = sp.S.Zero
    least = definitions.add(sp.Piecewise((0, sp.And(-right <= slope, slope <= -left)), (sp.oo, True)))
    for side, half, pull in _sides(definitions, penalty.expression, slope):
        for point in _candidates(definitions, half, pull, curvature):
            value = curvature * point**2 / 2 - pull * point + half.subs(t, point) - start
            gain = definitions.add(sp.Piecewise((value, point > 0), (sp.nan, True)))
            best = definitions.add(sp.Piecewise((side * point, gain < least), (best, True)))
            least = definitions.add(sp.Piecewise((gain, gain < least), (least, True)))
    return [*definitions.all, (sp.Symbol(name, real=True), best)]


class Definitions:
    """A growing list of named expressions, each of which uses only earlier ones."""

    def __init__(self, name):
        self._name, self.all = name, []

    def add(self, expression):
        """Name an expression and return its symbol; return a number or a symbol unchanged."""
        if expression.is_Atom:
            return expression
        symbol = sp.Symbol(f"{self._name}_{len(self.all) + 1}", real=True)
        self.all.append((symbol, expression))
        return symbol


def _sides(definitions, expression, slope):
    """Return the sides of 0 on which the minimizer can be: sign, penalty in `t = |w|`, pull of the loss."""
    right, left = (half_line(expression, w, side) for side in (1, -1))
    if right == left:  # then only on the downhill side
        return [(definitions.add(-sp.sign(slope)), right, definitions.add(sp.Abs(slope)))]
    return [(1, right, -slope), (-1, left, slope)]


def _candidates(definitions, half, pull, curvature):
    """Yield the borders of the pieces of `half`, and the stationary points of `curvature*t**2/2 - pull*t + half`."""
    for relation in sorted(half.atoms(Relational), key=str):
        yield from map(definitions.add, sp.solve(relation.lhs - relation.rhs, t))
    for piece in [value for value, _ in half.args] if isinstance(half, sp.Piecewise) else [half]:
        if piece is sp.oo:
            continue
        excess = curvature * t + sp.powsimp(sp.diff(piece, t), deep=True) - pull
        coefficients, power = as_polynomial(excess)
        if coefficients is None or len(coefficients) > 3:
            yield _newton(definitions, excess, pull / curvature)
        else:
            yield from (definitions.add(root**power) for root in _roots(definitions, *coefficients))


def _roots(definitions, *coefficients):
    if len(coefficients) == 2:
        slope, rest = coefficients
        return (definitions.add(-rest / slope),)
    a, b, c = coefficients
    size = sp.sqrt(b**2 - 4 * a * c)
    far = definitions.add(-(b + sp.Piecewise((size, b >= 0), (-size, True))) / 2)  # avoids cancellation
    return definitions.add(far / a), definitions.add(c / far)


def _newton(definitions, excess, start):
    point = definitions.add(start)
    step = t - excess / sp.diff(excess, t)
    for _ in range(_NEWTON_STEPS):
        point = definitions.add(sp.Max(definitions.add(step.xreplace({t: point})), 0))
    return point
