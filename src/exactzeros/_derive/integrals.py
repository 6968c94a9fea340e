"""Integrals over an interval of `t` in closed form, of what most priors consist of: SymPy finds them slowly."""

import sympy as sp

from .halfline import t


def known_integral(mass, low, high, rewrite):
    """Return the integral of `mass` over (low, high), which is finite, or None if no form that is known here fits.

    The forms are exponentials of a parabola; of a power, over (0, oo); and a power of a line, over (low, oo). Each may
    have a constant factor. `rewrite` changes every coefficient before it goes into the formula.
    """
    if mass == 0:
        return sp.S.Zero
    factor, rest = mass.as_independent(t, as_Add=False)
    if isinstance(rest, sp.exp) and rest.has(sp.log):
        rest = rest.rewrite(sp.Pow)  # exp(-r*log(1 + t)) as (1 + t)**(-r)
    found = None
    if rest == 1 or isinstance(rest, sp.exp):
        exponent = sp.S.Zero if rest == 1 else -rest.exp
        if exponent.is_polynomial(t) and sp.degree(exponent, t) <= 2:
            found = _of_parabola(sp.expand(exponent), low, high, rewrite)
        elif (low, high) == (0, sp.oo):
            found = _of_exponential_power(exponent, rewrite)
    elif rest.is_Pow and high == sp.oo:
        found = _of_power(rest.base, -rest.exp, low, rewrite)
    return None if found is None else rewrite(factor) * found


def _of_parabola(exponent, low, high, rewrite):
    """Return the integral of `exp(-exponent)`, with `exponent = a*t**2 + b*t + c`."""
    a, b, c = (sp.factor(exponent.coeff(t, degree)) for degree in (2, 1, 0))
    if a and not (a.is_positive or a.is_negative):
        return None
    if b and not (a or b.is_nonzero or high == sp.oo):  # over (low, oo) the integral is finite, so b is not 0
        return None
    side, error = (1, sp.erf) if a.is_positive else (-1, sp.erfi)
    a, b, c, low, high = map(rewrite, (a, b, c, low, high))
    if a:
        root = sp.sqrt(side * a)
        first, last = (sp.S.One if end == sp.oo else error(root * end + side * b / (2 * root)) for end in (low, high))
        return sp.sqrt(sp.pi) / (2 * root) * sp.exp(b**2 / (4 * a) - c) * (last - first)
    if b:
        first, last = (sp.S.Zero if end == sp.oo else sp.exp(-b * end - c) for end in (low, high))
        return (first - last) / b
    return sp.exp(-c) * (high - low)


def _of_exponential_power(exponent, rewrite):
    """Return the integral of `exp(-exponent)` over (0, oo), with `exponent = b*t**p + c`."""
    c, rest = exponent.as_independent(t, as_Add=True)
    b, power = rest.as_independent(t, as_Add=False)
    base, p = power.as_base_exp()
    if base != t or not (p.is_positive and b.is_positive):
        return None
    b, c, p = map(rewrite, (b, c, p))
    return sp.exp(-c) * sp.gamma(1 + 1 / p) / b ** (1 / p)


def _of_power(base, r, low, rewrite):
    """Return the integral of `base**-r` over (low, oo), with `base = a + b*t`."""
    if not (base.is_polynomial(t) and sp.degree(base, t) == 1):
        return None
    start, b = base.subs(t, low), sp.diff(base, t)
    if not (start.is_positive and b.is_positive and (r - 1).is_positive):
        return None
    start, b, r = map(rewrite, (start, b, r))
    return start ** (1 - r) / (b * (r - 1))
