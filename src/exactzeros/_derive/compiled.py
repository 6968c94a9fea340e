"""The proximal operator as one compiled loop, where numba is installed: its text is generated from the derived parts.

A loop computes what `lines` and `candidates` compute, without the arrays in between.
"""

from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
import sympy as sp

from .halfline import t
from .lines import NUDGE
from .printing import Printer

IS_AVAILABLE = find_spec("numba") is not None
WORTH_COMPILING = 100_000  # elements: fewer are done before numba has compiled
_NAMES = "sqrt copysign log log1p exp cos sin tan arctan sinh cosh tanh inf nan".split()
_low, _point = sp.symbols("low point", positive=True)
_size = sp.Symbol("size", real=True)


@cache
def loop(body, has_steps) -> Any:
    """Return the compiled function of `(v, step, out)` whose body goes from `value` and `step` to `found`."""
    import numba

    lines = [f"step = {'steps[i]' if has_steps else 'steps'}", "value = v[i]", *body, "out[i] = found + 0.0"]
    text = "def prox(v, steps, out):\n    for i in range(v.size):\n" + "".join(f"        {line}\n" for line in lines)
    scope = {name: getattr(np, name) for name in _NAMES}
    exec(text, scope)  # numba compiles functions only; the text is made of numbers and SymPy's printing
    return numba.njit(scope["prox"], error_model="numpy", nogil=True)


def body_of_lines(lines):
    """Return the body for a piecewise quadratic penalty, for steps that keep the objective convex."""
    if lines.shrinks:
        left, right = map(_scaled, lines.slopes)
        shrunk = f"(value - min(max(value, {left}), {right}))"
        return (f"found = {_divided(shrunk, lines.curvature)}",)
    variable = "size" if lines.is_even else "value"
    body = ["size = abs(value)", f"found = {_line(lines.parts[0], variable)}"]
    for last, part in zip(lines.parts, lines.parts[1:], strict=False):
        choose = "max" if part.rises_faster(last) else "min"
        body.append(f"found = {choose}(found, {_line(part, variable)})")
    if lines.is_even and lines.parts[0].is_constant:
        body.append(f"found = found if size > {_scaled(lines.slopes[1] * (1 + NUDGE))} else 0.0")
    if lines.is_even:
        body.append("found = copysign(found, value)")
    return tuple(body)


def body_of_parts(polynomials):
    """Return the body for a piecewise polynomial, from `value` to `found`."""
    return tuple(polynomials.lines())


def text_in_size(expression):
    """Return the text of an expression in `t`, as one in `size`."""
    if not expression.has(t):
        return repr(float(expression))
    short = sp.horner(expression) if sp.expand(expression) == expression else expression  # a product stays accurate
    return _text(short.subs(t, _size))


def body_of_curve(curve, slope_at_zero, origin):
    """Return the body for an even penalty with one curve on the right of 0; NaN where Newton's method does not end."""
    turning, slope = curve.turning, curve.piece.slope
    body = ["size, found = abs(value), 0.0"]
    if turning == 0:
        body += ["low = 0.0", f"if size > {_scaled(slope_at_zero)}:"]
    else:
        body += [f"low = max({_text(turning)}, 0.0)", f"edge = {_scaled(slope_at_zero)}"]
        body += ["if low > 0.0:", f"    edge = low + step*{_text(slope.subs(t, _low))}", "if size > edge:"]
    inside = _closed_form(curve) if curve.is_quadratic else _newton(slope)
    if turning != 0:
        height = _text((curve.piece.rho - origin).subs(t, _point))
        inside += [f"if step*{height} + point*(point/2 - size) > 0.0:", "    point = 0.0"]
    return (*body, *(f"    {line}" for line in [*inside, "found = point"]), "found = copysign(found, value)")


def _closed_form(curve):
    """Return the lines for the largest solution of a quadratic equation, without cancellation."""
    *higher, b, c = (_text(each) for each in curve.coefficients)
    if not higher:
        return [f"point = -({c})/({b})"]
    solve = [f"a, b, c = {higher[0]}, {b}, {c}", "far = -(b + copysign(sqrt(max(b*b - 4*a*c, 0.0)), b))/2"]
    return [*solve, f"point = max(max(far/a, c/far), 0.0)**{curve.power}", "point = max(point, low)"]


def _newton(slope):
    phi, curvature = _text(slope.subs(t, _point)), _text(sp.diff(slope, t).subs(t, _point))
    return [
        f"point = size - step*{_text(slope.subs(t, sp.Symbol('size', positive=True)))}",
        "point = min(max(point, low + (size - low)*0.001), size)",
        "move = inf",
        "for _ in range(12):",
        f"    excess = (point - size) + step*{phi}",
        f"    move = excess/(1 + step*{curvature})",
        "    point -= move",
        "    if abs(move) <= 4e-16*point or abs(excess) <= 4e-16*size:",
        "        break",
        "is_still = abs(move) <= 1e-12*point and (move != 0.0 or abs(excess) <= 4e-16*size)",  # else it cannot move
        "if not (is_still and low <= point <= size):",
        "    point = nan",
    ]


def _text(expression):
    return f"({Printer().doprint(sp.sympify(expression))})"


def _scaled(slope):
    """Return the text of `step*slope`, of the slope itself where that is 0 or infinite."""
    return f"step*{float(slope)!r}" if np.isfinite(slope) and slope else repr(float(slope))


def _divided(text, curvature):
    return f"{text}/(1.0 + step*{curvature!r})" if curvature else text


def _line(part, variable):
    if part.is_constant:
        return repr(part.begin)
    return _divided(f"({variable} - step*{part.slope!r})" if part.slope else variable, part.curvature)
