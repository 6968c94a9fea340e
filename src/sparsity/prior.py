"""From penalty to prior and back: `p(w) = exp(-rho(w))/Z`."""

from functools import cached_property

import mpmath
import sympy as sp

from .assumptions import Assumptions
from .check import as_array
from .errors import ImproperPriorError, UndecidedError
from .halfline import breakpoints, half_line, last_piece, limit_at_infinity, sign_of, t
from .numeric import Pieces
from .penalty import Penalty, w
from .timelimit import within_time


class Prior:
    """A prior for one weight with density proportional to the expression `mass`.

    Parameters
    ----------
    mass : sympy expression
        A non-negative expression in `sparsity.w`; it is divided by its integral.
    *assumptions : sympy strict inequalities between a parameter and a number
        As for `Penalty`.

    Raises
    ------
    ImproperPriorError
        If the integral of `mass` is infinite.
    UndecidedError
        If SymPy cannot tell, or has no formula for an integral with symbols in it.

    Examples
    --------
    >>> b = sp.Symbol("b", positive=True)
    >>> laplace = Prior(sp.exp(-sp.Abs(w)/b))
    >>> laplace.normalizer, laplace.variance, laplace.penalty
    (2*b, 2*b**2, Penalty(Abs(w)/b))
    """

    def __init__(self, mass, *assumptions):
        if not isinstance(mass, sp.Expr) or w not in mass.free_symbols:
            raise TypeError(f"mass must be a SymPy expression in sparsity.w, got {mass!r}")
        self._mass = mass
        self._given = assumptions
        self._assumptions = Assumptions(mass.free_symbols - {w}, assumptions)
        positive = _as_powers(self._assumptions.to_positive(mass))
        self._halves = {side: half_line(positive, w, side) for side in (1, -1)}
        self._tails = [_tail_index(half) for half in self._halves.values()]
        if not all(self._tail_exceeds(1)):
            raise ImproperPriorError(f"{mass} has infinite mass: lim w*rho'(w) as |w| grows is {self._tails[1]} on the left "
                                     f"and {self._tails[0]} on the right, and a density needs more than 1 on both")

    @cached_property
    def normalizer(self):
        """`Z`, the integral of `mass` over the real line."""
        return self._assumptions.from_positive(self._moment(0))

    @cached_property
    def density(self):
        """The density `mass/Z`."""
        return self._mass / self.normalizer

    @cached_property
    def variance(self):
        """The integral of `(w - mean)**2 * density`, `oo` where the tails are too heavy for it."""
        if not all(self._tail_exceeds(3)):
            return sp.oo
        mean, square = (self._moment(power) / self._moment(0) for power in (1, 2))
        return self._assumptions.from_positive(sp.simplify(square - mean**2))

    @cached_property
    def penalty(self):
        """The `Penalty` `-log(density)`, less its value at 0.

        Raises
        ------
        ValueError
            If the density is 0 or infinite at 0: a zero or a pole there is no kink of a finite penalty.
        """
        start = self._mass.subs(w, 0)
        if not start.is_finite or start.is_zero:
            raise ValueError(f"the density must be positive and finite at w = 0, got {start} for {self._mass}")
        return Penalty(_minus_log(sp.piecewise_fold(self._mass / start)), *self._given)

    def __call__(self, x):
        """Return the density at `x` elementwise, as float64; every parameter needs a number."""
        x = as_array("x", x)
        if self.density.free_symbols != {w}:
            raise ValueError(f"the density {self.density} needs numbers for all its parameters")
        return Pieces(self.density, w).value(x)

    def __repr__(self):
        return f"Prior({', '.join(map(str, (self._mass, *self._given)))})"

    def _tail_exceeds(self, power):
        for index in self._tails:
            excess = sign_of(index - power)
            if excess == 0:
                raise UndecidedError(f"whether {self._mass} is integrable with |w|**{power - 1} is not decided by its tail")
            yield excess > 0

    def _moment(self, power):
        return sp.simplify(sum(side**power * _integral(t**power * half) for side, half in self._halves.items()))


def _as_powers(mass):
    """Write `exp(-beta*log(g))` as `g**(-beta)`, which SymPy integrates, and fold pieces outwards."""
    folded = sp.piecewise_fold(mass) if mass.has(sp.Piecewise) else mass
    return folded.replace(sp.exp, lambda exponent: sp.exp(sp.expand(exponent)).rewrite(sp.Pow))


def _tail_index(half):
    """Return `c = lim -t*m'(t)/m(t)`: the tail falls faster than `t**-q` for every `q < c`."""
    mass = last_piece(half)
    if mass == 0:
        return sp.oo
    return limit_at_infinity(sp.simplify(-t * sp.diff(mass, t) / mass))


def _integral(integrand):
    """Return the integral over (0, oo): exact, or by quadrature where only numbers are left and no formula is known."""
    numeric = not integrand.free_symbols - {t}
    if not _has_root_of_sum(integrand):  # no elementary integral there, and SymPy takes seconds to find out
        try:
            exact = within_time(sp.integrate, sp.powsimp(integrand), (t, 0, sp.oo))
            if exact.is_infinite:
                raise ImproperPriorError(f"the integral of {integrand} is infinite")
            if not exact.has(sp.Integral, sp.Piecewise, sp.oo, sp.nan, sp.zoo):
                return exact
        except (TimeoutError, NotImplementedError):
            pass
    if not numeric:
        raise UndecidedError(f"SymPy knows no formula for the integral of {integrand} over _t > 0; with numbers, .at(...), "
                             "quadrature gives its value")
    edges = [0, *map(float, breakpoints(integrand)), mpmath.inf]
    return sp.Float(mpmath.quad(sp.lambdify(t, integrand, "mpmath"), edges))


def _has_root_of_sum(expression):
    return any(power.base.is_Add and not power.exp.is_integer
               for exponential in expression.atoms(sp.exp) for power in exponential.atoms(sp.Pow))


def _minus_log(mass):
    if isinstance(mass, sp.Piecewise):
        return sp.Piecewise(*((_minus_log(value), condition) for value, condition in mass.args))
    return sp.oo if mass == 0 else sp.expand(-sp.expand_log(sp.log(mass), force=True))
