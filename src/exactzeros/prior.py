"""From penalty to prior and back: `p(w) = exp(-rho(w))/Z`."""

import math
from functools import cached_property

import sympy as sp
from numpy.typing import ArrayLike
from sympy.core.evalf import PrecisionExhausted

from ._arguments import as_array
from ._derive.assumptions import Assumptions
from ._derive.branches import has_kinks
from ._derive.convexity import pieces_of
from ._derive.halfline import last_piece, limit_at_infinity, sample_values, sign_of, t
from ._derive.integrals import known_integral
from ._derive.pieces import Piece, Pieces
from ._derive.quadrature import integral
from ._derive.timelimit import derived, within_time
from ._types import Floats, Inequality
from .errors import ImproperPriorError, UndecidedError
from .penalty import Penalty, checked_expression, w


class Prior:
    """A prior for one weight with density proportional to the expression `mass`.

    Parameters
    ----------
    mass : sympy expression
        A non-negative expression in `exactzeros.w`. The density is `mass` divided by its integral.
    *assumptions : sympy strict inequalities between a parameter and a number
        As for `Penalty`.

    Raises
    ------
    ImproperPriorError
        If the integral of `mass` is infinite.
    UndecidedError
        If SymPy cannot decide this, or has no formula for an integral that contains symbols.

    Examples
    --------
    >>> b = sp.Symbol("b", positive=True)
    >>> laplace = Prior(sp.exp(-sp.Abs(w)/b))
    >>> laplace.normalizer, laplace.variance, laplace.penalty
    (2*b, 2*b**2, Penalty(Abs(w)/b))
    """

    def __init__(self, mass: sp.Expr, *assumptions: Inequality):
        self._mass = checked_expression("mass", mass)
        self._given = assumptions
        self._assumptions = Assumptions(self._mass.free_symbols - {w}, assumptions)
        self._positive = self._assumptions.to_positive(self._mass)
        self._halves = {side: self._positive.subs(w, side * t) for side in (1, -1)}
        if self._is_infinite(0):
            left, right = self._tails[-1], self._tails[1]
            raise ImproperPriorError(
                f"{self._mass} has infinite mass: its tails, like |w|**-c with c = {left} on the "
                f"left and c = {right} on the right, are too heavy for a density"
            )

    @derived
    def normalizer(self) -> sp.Expr:
        """`Z`, the integral of `mass` over the real line.

        Examples
        --------
        >>> Prior(sp.exp(-w**2)).normalizer
        sqrt(pi)
        """
        return self._assumptions.from_positive(self._total)

    @derived
    def density(self) -> sp.Expr:
        """The density `mass/Z`.

        Examples
        --------
        >>> Prior(sp.exp(-sp.Abs(w))).density
        exp(-Abs(w))/2
        """
        return self._mass / self.normalizer

    @derived
    def variance(self) -> sp.Expr:
        """The integral of `(w - mean)**2 * density`; `oo` if the tails are too heavy.

        Examples
        --------
        >>> Prior(sp.exp(-w**2)).variance, Prior(1 / (1 + w**2)).variance
        (1/2, oo)
        """
        if self._is_infinite(2):
            return sp.oo
        mean, square = (self._moment(power) / self._total for power in (1, 2))
        return self._assumptions.from_positive(sp.simplify(square - mean**2))

    @derived
    def penalty(self) -> Penalty:
        """The `Penalty` `-log(density)`, minus its value at 0.

        Raises
        ------
        ValueError
            If the density is 0 or infinite at 0: no finite penalty has such a prior.

        Examples
        --------
        >>> Prior(1 / (1 + w**2)).penalty
        Penalty(log(w**2 + 1))
        """
        start = self._mass.subs(w, 0)
        if not start.is_finite or start.is_zero:
            value = sp.oo if start is sp.zoo else start
            raise ValueError(f"the density must be positive and finite at w = 0, got {value} for {self._mass}")
        return Penalty(_minus_log(sp.piecewise_fold(self._mass / start)), *self._given)

    def __call__(self, x: ArrayLike) -> Floats:
        """Return the density at `x` elementwise, as float64. Every parameter must be a number.

        Examples
        --------
        >>> Prior(sp.exp(-sp.Abs(w)))([-1.0, 0.0]).round(4)
        array([0.1839, 0.5   ])
        """
        return self._pieces.value(as_array("x", x))

    def __repr__(self) -> str:
        return f"Prior({', '.join(map(str, (self._mass, *self._given)))})"

    @derived
    def _pieces(self) -> Pieces:
        if self.density.free_symbols != {w}:
            raise ValueError(f"the density {self.density} needs numbers for all its parameters")
        return Pieces(self.density, w)

    @derived
    def _tails(self) -> dict[int, sp.Expr]:
        with self._assumptions.in_own_symbols():
            indices = {half: _tail_index(half) for half in self._halves.values()}  # one, if the mass is even
        return {side: indices[half] for side, half in self._halves.items()}

    def _is_infinite(self, power):
        """Whether the integral of `|w|**power * mass` is infinite on either side, by its tail."""
        with self._assumptions.in_own_symbols():
            indices = {half: self._tails[side] for side, half in self._halves.items()}
            return any(_is_infinite(half, index, power) for half, index in indices.items())

    @cached_property
    def _total(self) -> sp.Expr:
        total = self._known_total()
        if total is None:
            total = self._moment(0)
        if total.is_extended_positive is False:
            got = f"{self._mass} with the integral {total}"
            raise ValueError(f"mass must be non-negative and not 0 everywhere, got {got}")
        return total

    def _known_total(self):
        """Return the total in the original symbols if the mass consists of parts whose integral is known, else None."""
        known = {half: self._known_integral(half) for half in self._halves.values()}  # one, if the mass is even
        if None in known.values():
            return None
        total = sp.Add(*(known[half] for half in self._halves.values()))
        if total.is_number and not _is_accurate(total):
            total = sp.expand(total.rewrite(sp.erfc))  # far out, 1 - erf(x) has no digits
            return total if _is_accurate(total) else None
        forms = [total, sp.expand(total)]
        tidied = [tidy(form) for tidy in (sp.together, sp.factor_terms) for form in forms]
        return min([*tidied, *forms], key=sp.count_ops)

    def _known_integral(self, half):
        try:
            pieces = pieces_of(half, 1) if has_kinks(half) else [Piece(1, sp.S.Zero, sp.oo, half)]
        except (UndecidedError, ValueError):  # its borders are not known, or it is not real
            return None
        rewrite = self._assumptions.from_positive
        parts = [known_integral(piece.rho, piece.low, piece.high, rewrite) for piece in pieces]
        return None if None in parts else sp.Add(*parts)

    def _moment(self, power) -> sp.Expr:
        right, left = self._halves.values()
        if right == left:
            moment = sp.S.Zero if power % 2 else 2 * self._integral(power, 1)
        else:
            is_smooth = not has_kinks(self._mass) and self._may_have_formula(power)
            moment = _formula(w**power * self._positive, w, -sp.oo) if is_smooth else None
            moment = moment or sp.Add(*(side**power * self._integral(power, side) for side in self._halves))
        return sp.simplify(sp.expand_func(moment.rewrite(sp.erf)))

    def _integral(self, power, side):
        """Return the integral of `t**power * mass` on one side: exact, or by quadrature if there are no symbols."""
        half = self._halves[side]
        if self._may_have_formula(power):
            for form in dict.fromkeys((half, self._mass.subs(w, side * t))):  # SymPy prefers t**p to t**(1 + s)
                formula = _formula(t**power * form, t, 0)
                if formula is not None:
                    return formula
        if half.free_symbols - {t}:
            raise UndecidedError(
                "SymPy knows no formula for the integral of {} over {} > 0; with numbers, .at(...), "
                "quadrature gives its value",
                t**power * half,
                t,
            )
        return sp.Float(integral(t**power * half))

    def _may_have_formula(self, power):
        """Whether SymPy should look for a formula; otherwise it would search long and in vain."""
        return not _has_root_of_sum(self._mass) and not (power and self._total.has(sp.Float))


def _tail_index(half):
    """Return `c = lim -t*m'(t)/m(t)`: the tail falls faster than `t**-q` for every `q < c`."""
    mass = last_piece(half)
    return sp.oo if mass == 0 else limit_at_infinity(-t * sp.diff(_log(mass), t))


def _is_infinite(half, index, power):
    excess = sign_of(index - power - 1)
    if excess == 0 and sign_of(limit_at_infinity(t ** (power + 1) * half)) == 0:  # else it falls no faster than 1/t
        question = "whether {} has a finite integral over {} > 0 is not decided by its tail"
        raise UndecidedError(question, t**power * half, t)
    return excess <= 0


def _formula(integrand, symbol, low):
    """Return SymPy's integral over (low, oo), or None if it finds none."""
    seconds = 3.0 if integrand.free_symbols > {symbol} else 1.0  # without symbols, quadrature will do
    try:
        formula = within_time(lambda: sp.integrate(_as_powers(integrand), (symbol, low, sp.oo)), seconds=seconds)
    except Exception:  # a SymPy that is lost may raise nearly anything
        return None
    if formula.is_infinite:
        raise ImproperPriorError(f"the integral of {integrand} is infinite")
    is_plain = not formula.has(sp.Integral, sp.Piecewise, sp.oo, sp.nan, sp.zoo)
    return formula if is_plain and _is_confirmed(formula, integrand, symbol, low) else None


def _is_accurate(number):
    """Whether a number is more than a difference of huge ones."""
    try:
        return bool(sp.N(number, 15, strict=True).is_real)
    except PrecisionExhausted:
        return False


def _is_confirmed(formula, integrand, symbol, low):
    """Whether SymPy's formula is consistent with quadrature, with numbers for the parameters."""
    values = sample_values(integrand.subs(symbol, t))
    halves = [integrand.subs(values).subs(symbol, side * t) for side in ((1,) if low == 0 else (1, -1))]
    try:
        expected = sum(map(integral, halves))
        found = sp.N(formula.subs(values), 15, strict=True)
        return bool(found.is_real) and math.isclose(float(found), expected, rel_tol=1e-7, abs_tol=1e-9)
    except PrecisionExhausted:  # the formula is a difference of huge numbers
        return False
    except UndecidedError:
        return True


def _as_powers(mass):
    """Write `exp(-beta*log(g))` as `g**(-beta)`, which SymPy integrates, and fold pieces outwards."""

    def power(exponent):
        return sp.exp(sp.expand(exponent)).rewrite(sp.Pow) if exponent.has(sp.log) else sp.exp(exponent)

    return sp.powsimp(sp.piecewise_fold(mass.rewrite(sp.Piecewise)).replace(sp.exp, power))


def _has_root_of_sum(expression):
    return any(
        power.base.is_Add and not power.exp.is_integer
        for exponential in expression.atoms(sp.exp)
        for power in exponential.atoms(sp.Pow)
    )


def _minus_log(mass):
    if isinstance(mass, sp.Piecewise):
        return sp.Piecewise(*((_minus_log(value), condition) for value, condition in mass.args))
    return sp.oo if mass == 0 else sp.expand(-_log(mass))


def _log(mass):
    return sp.expand_log(sp.log(mass), force=True)
