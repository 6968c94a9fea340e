"""What the lab's page shows about a penalty, part by part, as plain values."""

import keyword
import re
from functools import lru_cache

import numpy as np
import sympy as sp
from sympy.printing.str import StrPrinter

from ..errors import ImproperPriorError, UndecidedError
from ..penalty import w
from .reading import read_number, read_penalty

_POINTS = 401  # of a curve
_REACH = 4.0  # the range of the pictures, unless the penalty has something to show beyond it
_FARTHEST = 1e3


def answers(text, assumptions=(), values=None, symbols=True):
    """Yield the parts of the answer as dictionaries, each as soon as it is derived.

    Parameters
    ----------
    text : str
        The penalty, as `lab.reading.read` takes it.
    assumptions : list of str
        Such as "p > 1".
    values : dict, optional
        A number, as text, for each parameter. If one is missing, there is no verdict and no picture.
    symbols : bool
        Whether to derive the parts that do not depend on the values.

    Yields
    ------
    dict
        With the name of the `part`, and either its `value` or an `error`, its `kind`, and the assumption that would
        help (`assume`), if there is one. A value is text or lists of numbers.

    Raises
    ------
    NotAPenalty, TypeError, ValueError
        If the text is not a penalty.

    Examples
    --------
    >>> {part["part"]: part["value"] for part in answers("beta*|w|", values={"beta": "2"})}["verdict"]
    'Zeros are likely: every slope of the loss between -2 and 2 gives one.'
    """
    penalty = _penalty(text, tuple(assumptions))
    names = [str(parameter) for parameter in penalty.parameters]
    given = values or {}
    yield {"part": "parameters", "value": names}
    if symbols:
        for name, derive in _SYMBOLIC.items():
            yield _part(name, derive, penalty)
    if all(name in given for name in names):
        try:
            number = with_numbers(text, assumptions, given)
        except ValueError as error:  # a value and an assumption contradict each other
            yield {"part": "verdict", "error": str(error), "kind": "ValueError"}
        else:
            for name, derive in _NUMERIC.items():
                yield _part(name, derive, number)
    if symbols:
        for name, derive in _LATE.items():
            yield _part(name, derive, penalty)


_penalty = lru_cache(maxsize=1)(read_penalty)  # keeps what has been derived while the sliders move


def with_numbers(text, assumptions, values):
    """Return the penalty of a text, with the numbers in `values`, given as text, for its parameters."""
    penalty = _penalty(text, tuple(assumptions))
    return penalty.at(**{str(symbol): read_number(values[str(symbol)]) for symbol in penalty.parameters})


def _part(name, derive, penalty):
    try:
        return {"part": name, "value": derive(penalty)}
    except Exception as error:  # any error: the other parts go on
        answer = {"part": name, "error": _words(error), "kind": type(error).__name__}
        assumption = getattr(error, "assumption", None)
        return answer | ({"assume": assumption} if assumption else {})


def _words(error):
    """Return the error's message, which begins with no long formula that the page shows already."""
    said = str(error) or type(error).__name__
    return f"exp(-rho){said[said.index(' has infinite mass') :]}" if isinstance(error, ImproperPriorError) else said


def verdict(penalty):
    """Say in a sentence whether a penalty without free parameters makes zeros.

    Examples
    --------
    >>> verdict(read_penalty("w^2"))
    'Only one slope of the loss, 0, gives a zero: no sparsity.'
    >>> verdict(read_penalty("max(|w| - 1, 0)"))
    'Weights of exactly -1 or 1 are likely, zeros are not.'
    """
    elsewhere = [f"{float(at):g}" for at in penalty.kinks if at != 0 and _points_down(penalty, at)]
    others = f"eights of exactly {' or '.join(elsewhere)} are likely"
    interval = penalty.zero_interval
    if isinstance(interval, sp.Interval):
        low, high = (f"{float(end):g}" for end in (interval.start, interval.end))
        slopes = f"every slope of the loss between {low} and {high} gives one"
        if interval.start == -sp.oo:
            slopes = f"every slope of the loss below {high} gives one"
        if interval.end == sp.oo:
            slopes = f"every slope of the loss above {low} gives one"
        if interval == sp.Reals:
            slopes = "whatever the slope of the loss, zero is a local minimum"
        return f"Zeros are likely: {slopes}." + f" W{others}, too." * bool(elsewhere)
    if elsewhere:
        return f"W{others}, zeros are not."
    if interval is sp.S.EmptySet:
        return "Zero is never a minimum, as the kink there points upwards: no sparsity."
    return f"Only one slope of the loss, {float(interval.args[0]):g}, gives a zero: no sparsity."


def _points_down(penalty, at):
    left, right = penalty.one_sided_slopes([float(at)])
    return bool(left < right)


def pictures(penalty):
    """Return what the four pictures of a penalty without free parameters show.

    Returns
    -------
    dict
        `x`; the `penalty`, its `prox` and its `density` there, None where they are infinite or do not exist; the
        one-sided `slopes` at 0; `flat`, the points between which the proximal operator is exactly 0, if there are any.
    """
    reach = _reach(penalty)
    x = np.linspace(-reach, reach, _POINTS)
    drawn = {"x": x.tolist(), "slopes": _finite(penalty.numeric_slopes_at_zero)}
    finite = penalty.is_finite(x)
    rho = np.full_like(x, np.inf)
    rho[finite] = penalty(x[finite])
    drawn["penalty"] = _finite(rho)
    for name, curve in (("density", lambda: _density(penalty, rho)), ("prox", lambda: penalty.prox(x))):
        try:
            drawn[name] = _finite(curve())
        except (UndecidedError, ValueError):
            drawn[name] = None
    drawn["flat"] = _flat(penalty, x, drawn["prox"])
    return drawn


def _reach(penalty):
    """Return how far the pictures go: beyond the kinks, and beyond the slopes that give zeros."""
    seen = [abs(float(at)) for at in penalty.kinks] + [abs(slope) for slope in penalty.numeric_slopes_at_zero]
    farthest = max((each for each in seen if each < _FARTHEST), default=0.0)
    return max(_REACH, 1.5 * farthest)


def _density(penalty, rho):
    return np.exp(-rho) / float(penalty.prior.normalizer)


def _finite(values):
    return [float(value) if np.isfinite(value) else None for value in values]


def _flat(penalty, x, prox):
    """Return the ends of the interval around 0 where the proximal operator is exactly 0, to 1/1000 of a grid step."""
    if prox is None or prox[len(prox) // 2] != 0:
        return None
    zero = np.array(prox) == 0
    middle, step, ends = len(x) // 2, x[1] - x[0], []
    for side in (-1, 1):
        outside = np.flatnonzero(~zero[middle::side])
        if outside.size == 0:
            ends.append(float(x[0 if side < 0 else -1]))
            continue
        inner = x[middle + side * (outside[0] - 1)]
        fine = inner + side * step * np.arange(1000) / 1000
        ends.append(float(fine[np.flatnonzero(penalty.prox(fine) == 0)[-1]]))
    return ends if ends[0] < ends[1] else None


def proximal(penalty):
    """Return the proximal operator as cases in `v`, for a step `s`, and the number below which `s` has to be.

    Examples
    --------
    >>> proximal(read_penalty("beta*|w|"))
    ['Piecewise((0, Abs(v) <= beta*s), ((Abs(v) - beta*s)*sign(v), True))', 'oo']
    """
    for name, meaning in (("s", "the step"), ("v", "the point to shrink")):
        if name in map(str, penalty.parameters):
            raise ValueError(f"{name} is {meaning} here: give your parameter another name to see the formula")
    formula = penalty.prox_formula(sp.Symbol("s", positive=True))
    return [_CasesPrinter().doprint(formula), str(penalty.largest_step)]


def python(penalty):
    """Return Python code that makes the penalty with SymPy and this package.

    Examples
    --------
    >>> print(python(read_penalty("lambda*|w|^(1/3)")))
    from sympy import Abs, Rational, symbols
    from exactzeros import Penalty, w
    lambda_ = symbols("lambda", positive=True)
    penalty = Penalty(lambda_*Abs(w)**(Rational(1, 3)))
    """
    variables = {symbol: sp.Symbol(_variable(symbol.name)) for symbol in penalty.parameters}
    parts = [each.subs(variables) for each in (penalty.expression, *penalty.assumptions)]
    written = ", ".join(map(_Printer().doprint, parts))
    names = set(re.findall(r"[A-Za-z]\w*", written)) - {"w", "True", *map(str, variables.values())}
    lines = ["from exactzeros import Penalty, w"]
    if variables:
        names.add("symbols")
        own = ", ".join(map(str, variables.values()))
        lines.append(f'{own} = symbols("{" ".join(map(str, variables))}", positive=True)')
    if names:
        lines.insert(0, f"from sympy import {', '.join(sorted(names))}")
    return "\n".join([*lines, f"penalty = Penalty({written})"])


class _Printer(StrPrinter):
    """Prints no quotient of two integers, which Python would turn into a float."""

    def _print_Rational(self, number):
        return f"Rational({number.p}, {number.q})"


class _CasesPrinter(StrPrinter):
    """Prints the cases of an operator as one writes them: in `v`, with short numbers and what is added first."""

    def _print_Symbol(self, expr):
        return "v" if expr == w else super()._print_Symbol(expr)

    def _print_Float(self, expr):
        return f"{float(expr):.4g}"

    def _as_ordered_terms(self, expr, order=None):
        return sorted(super()._as_ordered_terms(expr, order), key=lambda term: term.could_extract_minus_sign())


def _variable(name):
    """Return the name, with an underscore after it if Python or this code already uses it."""
    taken = keyword.iskeyword(name) or name in ("Penalty", "Rational", "penalty", "symbols")
    return f"{name}_" if taken else name


_SYMBOLIC = {
    "expression": lambda penalty: str(penalty.expression),
    "slopes": lambda penalty: str(penalty.slopes_at_zero),
    "interval": lambda penalty: str(penalty.zero_interval),
    "kink": lambda penalty: str(penalty.kink),
    "derivative": lambda penalty: str(penalty.derivative),
    "python": python,
}
_NUMERIC = {
    "verdict": verdict,
    "pictures": pictures,
    "mass": lambda penalty: str(penalty.prior.normalizer),
    "proximal": lambda penalty: _CasesPrinter().doprint(penalty.prox_formula()),
}
_LATE = {  # which may take SymPy a while
    "steps": proximal,
    "normalizer": lambda penalty: str(penalty.prior.normalizer),
}
