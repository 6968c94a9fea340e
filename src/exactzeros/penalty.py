"""A penalty is one SymPy expression in `w`, and everything the book says about it is derived from that expression."""

import re
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, SupportsFloat, overload

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike

from ._arguments import as_array, as_instance
from ._derive import formulas
from ._derive.assumptions import Assumptions, exact, of_moderate_size, rational
from ._derive.convexity import both_halves, has_continuous_prox, largest_step, slopes_at_infinity
from ._derive.halfline import half_line, known_sign, require_real, sign_of, slopes_at_zero, t, value_next_to_zero
from ._derive.pieces import Pieces
from ._derive.proximal import ProximalOperator
from ._derive.timelimit import derived, within_time
from ._types import AnyTensor, Bools, Floats, Inequality, Numbers
from .errors import UndecidedError

if TYPE_CHECKING:
    from .prior import Prior

w = sp.Symbol("w", real=True)


_STACKED = re.compile(r"\^\{(- )?\\frac\{(\\?\w+)\}\{(\\?\w+)\}\}")  # an exponent that is a fraction


def to_latex(value: Any) -> str:
    r"""Return a SymPy object, or a tuple of them, as LaTeX, with `eps` written as :math:`\varepsilon`.

    An exponent such as 1/2 stands on one line.

    Examples
    --------
    >>> to_latex(w ** sp.Rational(3, 2) / sp.Symbol("eps"))
    '\\frac{w^{3/2}}{\\varepsilon}'
    """
    eps = (sp.Symbol("eps", positive=True), sp.Symbol("eps"))
    return _STACKED.sub(r"^{\1\2/\3}", sp.latex(value, symbol_names=dict.fromkeys(eps, r"\varepsilon")))


class Penalty:
    r"""A separable penalty :math:`R(w) = \sum_i \rho(w_i)`, given by the expression :math:`\rho` of one weight.

    Parameters
    ----------
    expression : sympy expression
        `rho` in the symbol `exactzeros.w`, finite at `w = 0`, where a limit fills a gap such as 0/0. Its other symbols
        are parameters. It may contain `Abs`, `Max`, `Min`, `Piecewise`, `exp`, `log`, `atan` and powers; the value `oo`
        marks a constraint. Write it with SymPy's functions: `np.log(w)`, `max(w, 0)` and `if w > 0` raise a
        `TypeError` of NumPy or SymPy.
    *assumptions : sympy strict inequalities between a parameter and a number
        What else is known about the parameters, beyond their own SymPy assumptions; for example `p > 1`.

    Raises
    ------
    TypeError
        If `expression` is not a real SymPy expression, or an assumption is not an inequality.
    ValueError
        If it contains another symbol called `w`, or is not finite at 0.
    UndecidedError
        From the properties, if SymPy cannot decide. The message names the assumption that would help.

    Examples
    --------
    >>> import sympy as sp
    >>> beta = sp.Symbol("beta", positive=True)
    >>> l1 = Penalty(beta * sp.Abs(w))
    >>> l1.slopes_at_zero
    (-beta, beta)
    >>> l1.zero_interval
    Interval(-beta, beta)
    >>> l1.at(beta=0.5).prox([2.0, 0.3, -1.0])
    array([ 1.5,  0. , -0.5])
    """

    def __init__(self, expression: sp.Expr, *assumptions: Inequality):
        self.expression = checked_expression("expression", expression)
        self._assumptions = Assumptions(self.expression.free_symbols - {w}, assumptions)
        with self._assumptions.in_own_symbols():
            positive = self._assumptions.to_positive(self.expression)
            start = positive.subs(w, 0)
            if start.has(sp.nan, sp.AccumBounds):  # 0/0, 0 times infinity, or the arc tangent of 1/0
                self.expression = self._with_its_limit_at_zero(positive)
            else:
                _check_finite_at_zero(self.expression, start)

    def _with_its_limit_at_zero(self, positive):
        try:
            limit = within_time(value_next_to_zero, positive, w)
        except (UndecidedError, TimeoutError, ValueError):
            limit = None
        if limit is None:
            raise ValueError(f"expression must have a value at w = 0, got none, and no limit, for {self.expression}")
        return sp.Piecewise((self._assumptions.from_positive(limit), sp.Eq(w, 0)), (self.expression, True))

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The expression's symbols other than `w`, sorted by name.

        Examples
        --------
        >>> gamma, beta = sp.symbols('gamma beta', positive=True)
        >>> Penalty(beta * sp.log(1 + sp.Abs(w) / gamma)).parameters
        (beta, gamma)
        """
        return tuple(sorted(self.expression.free_symbols - {w}, key=str))

    @property
    def assumptions(self) -> tuple[Inequality, ...]:
        """The assumptions beyond those of the symbols, as inequalities.

        Examples
        --------
        >>> p = sp.Symbol("p", positive=True)
        >>> Penalty(sp.Abs(w)**p, p < 1).assumptions
        (p < 1,)
        """
        return self._assumptions.given

    def assuming(self, *assumptions: Inequality) -> "Penalty":
        """Return the same penalty under further assumptions, such as `p > 1`.

        Examples
        --------
        >>> p = sp.Symbol("p", positive=True)
        >>> Penalty(sp.Abs(w)**p).assuming(p > 1).slopes_at_zero
        (0, 0)
        """
        return Penalty(self.expression, *self.assumptions, *assumptions)

    def at(self, /, **values: SupportsFloat) -> "Penalty":
        """Return the penalty with numbers for some or all of its parameters, given by name.

        Raises
        ------
        TypeError
            If a name is not one of the parameters, or a value is not a real number.
        ValueError
            If a value is not finite, or violates the parameter's assumptions.

        Examples
        --------
        >>> Penalty(sp.Symbol("beta", positive=True) * sp.Abs(w)).at(beta=0.5)
        Penalty(Abs(w)/2)
        """
        symbols = {symbol.name: symbol for symbol in self.parameters}
        numbers = {}
        for name, value in values.items():
            if name not in symbols:
                raise TypeError(f"unknown parameter {name!r}; the parameters are {', '.join(symbols) or 'none'}")
            numbers[symbols[name]] = exact(name, value)
        return Penalty(self.expression.subs(numbers), *self._assumptions.with_numbers(numbers))

    @derived
    def slopes_at_zero(self) -> tuple[sp.Expr, sp.Expr]:
        """`(rho'(0-), rho'(0+))`, the one-sided slopes at 0, exact; each may be `-oo` or `oo`.

        Examples
        --------
        >>> Penalty(sp.sqrt(sp.Abs(w))).slopes_at_zero
        (-oo, oo)
        """
        with self._assumptions.in_own_symbols():
            slopes = slopes_at_zero(self._assumptions.to_positive(self.expression), w)
        return tuple(map(self._assumptions.from_positive, slopes))

    @cached_property
    def numeric_slopes_at_zero(self) -> tuple[float, float]:
        """`slopes_at_zero` as two floats, possibly infinite; raises `ValueError` if a parameter has no number.

        Examples
        --------
        >>> Penalty(2 * sp.Max(w, 0)).numeric_slopes_at_zero
        (0.0, 2.0)
        """
        require_numbers(self)
        left, right = self.slopes_at_zero
        return float(left), float(right)

    @derived
    def zero_interval(self) -> sp.Set:
        """`[-rho'(0+), -rho'(0-)]`: the slopes of the loss for which 0 can be a local minimum of loss plus penalty.

        Strictly inside, 0 is a strict local minimum; outside, it is not a minimum; at an edge the first order does not
        decide. The interval is one point if `rho` is differentiable at 0, and empty if the kink points upwards.

        Examples
        --------
        >>> Penalty(sp.Abs(w)).zero_interval, Penalty(w**2).zero_interval, Penalty(-sp.Abs(w)).zero_interval
        (Interval(-1, 1), {0}, EmptySet)
        """
        left, right = self.slopes_at_zero
        if self._kink_sign < 0 or (left == right and left.is_infinite):
            return sp.S.EmptySet
        return sp.Interval(-right, -left) if self._kink_sign else sp.FiniteSet(-left)

    @derived
    def kink(self) -> sp.Expr:
        """`rho'(0+) - rho'(0-)`, the right slope minus the left: where positive, the width of the zero interval.

        It is negative where the kink points upwards, and nan where both slopes are the same infinity.

        Examples
        --------
        >>> l1 = Penalty(sp.Symbol("beta", positive=True) * sp.Abs(w))
        >>> l1.kink
        2*beta
        """
        left, right = self.slopes_at_zero
        if left == right and left.is_infinite:
            return sp.nan
        return sp.S.Zero if left == right or known_sign(right - left) == 0 else sp.factor_terms(right - left)

    @property
    def is_singular(self) -> bool:
        """Whether `rho` is not differentiable at 0: its slopes there differ or are infinite.

        Examples
        --------
        >>> Penalty(sp.Abs(w)).is_singular, Penalty(w**2).is_singular
        (True, False)
        """
        return self._kink_sign != 0 or bool(self.slopes_at_zero[0].is_infinite)

    @property
    def gives_zeros(self) -> bool:
        """Whether the zero interval is more than one point: the kink is positive, `rho'(0-) < rho'(0+)`.

        Examples
        --------
        >>> Penalty(sp.Abs(w)).gives_zeros, Penalty(w**2).gives_zeros, Penalty(-sp.Abs(w)).gives_zeros
        (True, False, False)
        """
        return self._kink_sign > 0

    @derived
    def has_continuous_prox(self) -> bool:
        """Whether `prox` with step 1 exists everywhere and is continuous: `rho(u) + u**2/2` is strictly convex.

        For another step, multiply the expression by it.

        Raises
        ------
        UndecidedError
            If SymPy cannot decide, or the answer depends on a parameter.

        Examples
        --------
        >>> Penalty(sp.Abs(w)).has_continuous_prox, Penalty(sp.sqrt(sp.Abs(w))).has_continuous_prox
        (True, False)
        """
        with self._assumptions.in_own_symbols():
            return has_continuous_prox(self._assumptions.to_positive(self.expression), w)

    @derived
    def slopes_at_infinity(self) -> tuple[sp.Expr, sp.Expr]:
        """`(rho'(-oo), rho'(oo))`, the limits of the slope far from 0: what remains of the pull on a large weight.

        Where `rho` is infinite the slope counts as infinite, too. If both are 0, large weights are nearly unbiased.

        Examples
        --------
        >>> Penalty(sp.Abs(w)).slopes_at_infinity, Penalty(sp.log(1 + sp.Abs(w))).slopes_at_infinity
        ((-1, 1), (0, 0))
        """
        with self._assumptions.in_own_symbols():
            slopes = slopes_at_infinity(self._assumptions.to_positive(self.expression), w)
        return tuple(map(self._assumptions.from_positive, slopes))

    @derived
    def _kink_sign(self) -> int:
        """-1, 0 or 1; 0 where the kink has no value, as no slope lies strictly between equal infinities."""
        if self.kink is sp.nan:
            return 0
        with self._assumptions.in_own_symbols():
            return sign_of(self._assumptions.to_positive(self.kink))

    @derived
    def derivative(self) -> sp.Expr:
        """`rho'(w)` for `w != 0`, away from other kinks, as an expression in `w`; nan where `rho` is infinite.

        Examples
        --------
        >>> l1 = Penalty(sp.Symbol("beta", positive=True) * sp.Abs(w))
        >>> l1.derivative
        beta*sign(w)
        """
        require_real(self.expression, w)
        halves = {side: half_line(self.expression, w, side) for side in (1, -1)}
        right, left = map(_slope, halves.values())
        slopes = {1: right.subs(t, w), -1: -left.subs(t, -w)}
        if slopes[1] == slopes[-1]:
            return slopes[1]
        if right == left:
            return sp.sign(w) * right.subs(t, sp.Abs(w))
        return sp.Piecewise(*((slopes[side], side * w > 0) for side, half in halves.items() if half is not sp.oo))

    @property
    def kinks(self) -> tuple[sp.Expr, ...]:
        """The points where the one-sided slopes differ, as exact numbers in order. Every parameter must be a number.

        Examples
        --------
        >>> Penalty(sp.Max(sp.Abs(w) - 1, 0)).kinks
        (-1, 1)
        """
        pieces = self._pieces
        slopes = zip(pieces.borders, pieces.border_values, pieces.border_slopes, strict=True)
        return tuple(sorted(at for at, value, (left, right) in slopes if np.isfinite(value) and left != right))

    @property
    def latex(self) -> str:
        r"""The expression `rho(w)` in LaTeX.

        Examples
        --------
        >>> print(Penalty(sp.Abs(w)).latex)
        \left|{w}\right|
        """
        return to_latex(self.expression)

    @derived
    def prior(self) -> "Prior":
        """The `Prior` with density `exp(-rho)/Z`; raises `ImproperPriorError` if its mass is infinite.

        Examples
        --------
        >>> Penalty(sp.Abs(w)).prior.density
        exp(-Abs(w))/2
        """
        from .prior import Prior  # here, since prior.py imports this module: each inverts the other

        require_real(self.expression, w)
        return Prior(sp.exp(-self.expression), *self.assumptions)

    def __call__(self, x: ArrayLike) -> Floats:
        """Return `rho(x)` elementwise, as float64 in the shape of `x`; inf where a constraint is violated.

        Examples
        --------
        >>> Penalty(sp.Abs(w) / 2)([-2.0, 0.0, 3.0])
        array([1. , 0. , 1.5])
        """
        x = as_array("x", x)
        values = self._pieces.value(x)
        if not self._pieces.is_polynomial:
            _refuse_not_real(values, x)
        return values

    def is_finite(self, x: ArrayLike) -> Bools:
        """Return elementwise whether `rho(x)` is finite: False where a constraint is violated.

        Examples
        --------
        >>> Penalty(sp.Piecewise((0, w >= 0), (sp.oo, True))).is_finite([-1.0, 0.0, 1.0])
        array([False,  True,  True])
        """
        return self._pieces.is_finite(as_array("x", x))

    def gradient(self, x: ArrayLike) -> Floats:
        """Return `rho'(x)` elementwise, as float64 in the shape of `x`.

        At a kink, where the derivative does not exist, it is the number nearest to 0 between the one-sided slopes, like
        the 0 that automatic differentiation usually takes for `|w|` at 0.

        Raises
        ------
        ValueError
            Where `rho` is infinite or not real, and for NaN and inf.

        Examples
        --------
        >>> Penalty(sp.Abs(w) / 2).gradient([-2.0, 0.0, 3.0])
        array([-0.5,  0. ,  0.5])
        """
        x = self._where_finite(x)
        slopes = self._pieces.gradient(x)
        if not self._pieces.is_polynomial:
            _refuse_not_real(slopes, x)
        return slopes

    def one_sided_slopes(self, x: ArrayLike) -> tuple[Floats, Floats]:
        """Return `(rho'(x-), rho'(x+))` elementwise, as two float64 arrays in the shape of `x`; they differ at kinks.

        Raises
        ------
        ValueError
            Where `rho` is infinite or not real, and for NaN and inf.

        Examples
        --------
        >>> left, right = Penalty(sp.Max(sp.Abs(w) - 1, 0)).one_sided_slopes([0.5, 1.0, 3.0])
        >>> left, right
        (array([0., 0., 1.]), array([0., 1., 1.]))
        """
        x = self._where_finite(x)
        left, right = self._pieces.slopes(x)
        _refuse_not_real(left, x)
        _refuse_not_real(right, x)
        return left, right

    @overload
    def prox(self, v: Numbers, step: ArrayLike = 1.0, out: Floats | None = None) -> Floats: ...
    @overload
    def prox(self, v: AnyTensor, step: float | AnyTensor = 1.0) -> AnyTensor: ...
    @overload
    def prox(self, v: ArrayLike, step: ArrayLike = 1.0, out: Floats | None = None) -> Floats: ...
    def prox(self, v: Any, step: Any = 1.0, out: Floats | None = None) -> Any:
        r"""For each entry of `v`, return the `u` that minimizes :math:`\mathrm{step} \cdot \rho(u) + (u - v)^2/2`,
        where :math:`\rho` is this penalty.

        Parameters
        ----------
        v : array_like of finite real numbers, any shape; or a tensor of another library, such as PyTorch
            The points to shrink.
        step : float, or array of the shape of `v`
            Positive; an array gives each entry its own step.
        out : numpy.ndarray of float64, optional
            An array for the result, C-contiguous and in the shape of `v`.

        Returns
        -------
        numpy.ndarray
            float64, in the shape of `v`. A zero is exactly `+0.0`. If two points minimize, the one nearer to 0.
            For a tensor: a tensor of the same library, shape, dtype and device.

        Raises
        ------
        TypeError, ValueError
            If `v`, `step` or `out` is not as described, if a parameter has no number, if no minimizer exists, or if `v`
            is beyond 1e307 and the penalty not piecewise quadratic.
        UndecidedError
            If SymPy cannot decide whether a minimizer exists, if numbers overflow on the way to it, or if a grid cannot
            separate the local minima.

        Notes
        -----
        A piecewise quadratic penalty with a convex objective gives a piecewise linear operator, by one formula for all
        steps. Otherwise the minimizers for one step are those of the convex hull of the objective: a few segments,
        inside each of them a stationary point, in closed form if its equation is quadratic in `u` or in a root of it,
        else by Newton's method. Within a few units of rounding of the edge of the zero interval the result is 0, since
        no objective can tell the two apart.

        With the extra `fast` large arrays run through a loop that numba compiles; it returns the same zeros.

        A tensor stays on its device if the penalty is piecewise quadratic, or even with a stationary point in closed
        form or, as for the smoothed L1 penalty, by Newton's method on a concave slope, and JAX compiles that; within
        `jax.jit` values are not checked. Otherwise the tensor is converted to NumPy's float64 and back, without
        gradients. Rounding to a smaller dtype may underflow to 0.

        References
        ----------
        Parikh & Boyd, Proximal Algorithms, 2014, section 1.1; for tensors: the Python array API standard, 2024.12.

        Examples
        --------
        >>> Penalty(sp.Abs(w)).prox([3.0, 0.5, -2.0])
        array([ 2.,  0., -1.])
        >>> Penalty(sp.sqrt(sp.Abs(w))).prox([1.0, 4.0], step=[1.0, 2.0]).round(4)
        array([0.    , 3.4626])
        """
        return self._proximal_operator(v, step, out)

    def prox_formula(self, step: SupportsFloat | sp.Expr = 1) -> sp.Expr:
        """Return the `u` that minimizes `step*rho(u) + (u - w)**2/2`, the operator of `prox`, as cases in `w`.

        Parameters
        ----------
        step : positive number or sympy symbol
            A symbol stands for every step below `largest_step`.

        Returns
        -------
        sympy expression
            Exact. Where the operator jumps and no closed form gives the place, that is a floating-point number.

        Raises
        ------
        TypeError, ValueError
            If `step` is not as described, or no minimizer exists.
        UndecidedError
            If the minimizers do not solve a quadratic equation in `w` or a root of it, or if the operator may jump and
            the step or a parameter is a symbol.

        Examples
        --------
        >>> beta, step = sp.symbols("beta step", positive=True)
        >>> Penalty(beta * sp.Abs(w)).prox_formula(step)
        Piecewise((0, Abs(w) <= beta*step), ((-beta*step + Abs(w))*sign(w), True))
        >>> Penalty(sp.Min(sp.Abs(w), 1)).prox_formula()
        Piecewise((0, Abs(w) <= 1), ((Abs(w) - 1)*sign(w), Abs(w) <= 3/2), (w, True))
        """
        chosen: Any = step
        if not (isinstance(step, sp.Symbol) and chosen.is_positive) or step in self.parameters:
            chosen = exact("step", chosen)
        if not chosen.is_positive:
            raise ValueError(f"step must be positive, got {chosen}")
        try:
            return within_time(self._formula, chosen)
        except TimeoutError as error:
            raise UndecidedError(f"prox_formula of {self}: {error}") from None

    def _formula(self, step):
        if not (step.free_symbols or self.parameters):
            scaled = self if step == 1 else Penalty(step * self.expression)
            return scaled._proximal_operator.formula(w)
        own = self._assumptions.to_positive(self.expression)
        with self._assumptions.in_own_symbols():
            formulas.require_closed_form(piece for half in both_halves(own, w) for piece in half)
            limit = self._assumptions.to_positive(self.largest_step)
            if limit == 0 or (step.is_number and sign_of(limit - step) < 0):
                raise UndecidedError("the proximal operator jumps: its cases need numbers for all symbols")
            return formulas.of_convex(own, w, step, limit, partial(self._assumptions.from_positive, simplify=sp.cancel))

    @derived
    def largest_step(self) -> sp.Expr:
        """The proximal operator is continuous for every step below this number, and for none beyond it.

        It is `oo` if the penalty is convex, and 0 if even the smallest step gives a jump.

        Raises
        ------
        UndecidedError
            If SymPy cannot decide where the penalty is concave.

        Examples
        --------
        >>> from exactzeros import catalog
        >>> catalog.l1().largest_step, catalog.mcp().largest_step, catalog.log_sum().largest_step
        (oo, gamma, eps**2/beta)
        """
        with self._assumptions.in_own_symbols():
            largest = largest_step(self._assumptions.to_positive(self.expression), w)
        return self._assumptions.from_positive(largest)

    @derived
    def _pieces(self) -> Pieces:
        require_numbers(self)
        return Pieces(self.expression, w)

    @derived
    def _proximal_operator(self) -> ProximalOperator:
        return ProximalOperator(self._pieces)

    def _where_finite(self, x):
        x = as_array("x", x)
        if self._pieces.is_finite_everywhere:
            return x
        finite = self._pieces.is_finite(x)
        if not finite.all():
            raise ValueError(f"x must lie where the penalty is finite, got {x[~finite][0]}")
        return x

    @property
    def _key(self):
        return self.expression, self.assumptions

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Penalty) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __reduce__(self):
        return Penalty, (self.expression, *self.assumptions)  # what was derived is derived again

    def __repr__(self) -> str:
        return f"Penalty({', '.join(map(str, (self.expression, *self.assumptions)))})"

    def _repr_latex_(self):
        return rf"$\displaystyle \rho(w) = {self.latex}$"


def require_numbers(penalty):
    """Return `penalty`; `TypeError` if it is no `Penalty`, `ValueError` while one of its parameters is a symbol."""
    if as_instance("penalty", penalty, Penalty).parameters:
        names = ", ".join(f"{symbol}=..." for symbol in penalty.parameters)
        raise ValueError(f"penalty must have numbers for its parameters, got {penalty}: use .at({names})")
    return penalty


def checked_expression(name, expression):
    """Return `expression` in exact form; raise the errors of `Penalty` unless it is one in `w` and real parameters."""
    if not isinstance(expression, sp.Expr) or isinstance(expression, sp.Lambda):
        got = f"{expression!r} of type {type(expression).__name__}"
        raise TypeError(f"{name} must be a SymPy expression in exactzeros.w, got {got}")
    if expression.has(sp.I, sp.nan, -sp.oo) or (expression.is_real is False and not expression.has(sp.oo)):
        raise TypeError(f"{name} must be real, got {expression}")
    if expression.has(sp.DiracDelta):
        raise TypeError(f"{name} must have a number as its value at each w, got {expression}")
    if expression.has(sp.Derivative, sp.Sum, sp.Product):
        expression = expression.doit()
    of_moderate_size(name, expression)
    if w not in expression.free_symbols:
        raise ValueError(f"{name} must contain the symbol exactzeros.w, got {expression}{_without_w(expression)}")
    names = [symbol.name for symbol in expression.free_symbols]
    for symbol in expression.free_symbols - {w}:
        if symbol.name == w.name:
            raise ValueError(f"{name} must be written in exactzeros.w, got another symbol called {symbol.name}")
        if names.count(symbol.name) > 1:
            raise ValueError(f"{name} must have one parameter of a name, got several symbols called {symbol.name}")
        if not symbol.is_real:
            declared = f"sympy.Symbol({symbol.name!r}, positive=True)"
            raise ValueError(f"parameter {symbol} must be declared real or positive: {declared}")
    expression = expression.replace(sp.Contains, lambda x, interval: interval.as_relational(x))
    return rational(expression).replace(sp.sinc, _sinc)


def _sinc(x):
    return sp.Piecewise((sp.sin(x) / x, sp.Ne(x, 0)), (1, True))  # SymPy has no limits of sinc


def _without_w(expression):
    """Return what to do about an expression without the symbol, or what it has in its place."""
    if not expression.free_symbols:
        return "; where nothing is penalized, use None in place of a Penalty"
    others = ", ".join(sorted(map(str, expression.free_symbols)))
    return f" in the symbol(s) {others}: write it in `from exactzeros import w`, which is sympy.Symbol('w', real=True)"


def _check_finite_at_zero(expression, start):
    for power in start.atoms(sp.Pow):
        if power.base.is_zero:  # SymPy 1.14 calls 0**p finite for any p
            raise UndecidedError("it is not known whether {} is finite at 0", expression, unknown=power.exp)
    if start.is_finite is None and not start.free_symbols:  # such as li(2), of which SymPy knows only the number
        start = sp.N(start)
        if start.is_finite is None:
            raise UndecidedError("it is not known whether {} is finite at 0", expression)
    if not start.is_finite and not (start.is_finite is None and start.free_symbols):
        raise ValueError(f"expression must be finite at w = 0, got {start} there for {expression}")


def _refuse_not_real(values, x):
    with np.errstate(all="ignore"):
        if not np.isnan(values.sum()):  # faster than a look at each
            return
    undefined = np.isnan(values)
    if undefined.any():
        raise ValueError(f"x must lie where the penalty is real, got {x[undefined][0]}")


def _slope(half):
    """Return the derivative, nan where the value is oo, with rational functions in lowest terms."""
    if isinstance(half, sp.Piecewise):
        return sp.Piecewise(*((_slope(value), condition) for value, condition in half.args))
    if half is sp.oo:
        return sp.nan
    slope = sp.diff(half, t)
    fraction = slope.is_rational_function(t) and not slope.is_polynomial(t)
    return sp.cancel(slope) if fraction else slope
