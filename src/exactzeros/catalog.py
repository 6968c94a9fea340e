"""The named penalties: one line of mathematics each, from which everything else is derived.

The strength is always `beta`. `catalog.every()` lists the penalties. Each function returns a `Penalty` whose parameters
are symbols; `.at(beta=0.5)` replaces them with numbers.
"""

import sympy as sp

from ._derive.assumptions import exact
from .penalty import Penalty, w

beta = sp.Symbol("beta", positive=True)
eps = sp.Symbol("eps", positive=True)
gamma = sp.Symbol("gamma", positive=True)
delta = sp.Symbol("delta", positive=True)
a = sp.Symbol("a", positive=True)

_SIZE = sp.Abs(w)


def l1() -> Penalty:
    """`beta*|w|`: the lasso (Tibshirani 1996).

    Examples
    --------
    >>> l1().zero_interval
    Interval(-beta, beta)
    """
    return Penalty(beta * _SIZE)


def l2() -> Penalty:
    """`beta*w**2`: ridge, weight decay (Hoerl & Kennard 1970).

    Examples
    --------
    >>> l2().zero_interval
    {0}
    """
    return Penalty(beta * w**2)


def lp(p: float | sp.Expr = sp.Symbol("p", positive=True)) -> Penalty:
    """`beta*|w|**p`: ridge for `p = 2`, the lasso for `p = 1`, an infinite kink below (Frank & Friedman 1993).

    Parameters
    ----------
    p : float or sympy expression
        A positive number, an expression such as `1 + q` with `q > 0`, or by default a symbol.

    Returns
    -------
    Penalty
        Its parameters are `beta` and the symbols in `p`.

    Raises
    ------
    TypeError, ValueError
        If `p` is neither an expression nor a number, or not positive.

    Examples
    --------
    >>> lp(0.5).slopes_at_zero
    (-oo, oo)
    >>> lp().assuming(sp.Symbol("p", positive=True) > 1).slopes_at_zero
    (0, 0)
    """
    exponent = sp.sympify(p) if isinstance(p, sp.Expr) else exact("p", p)
    if exponent.is_number:
        exponent = exact("p", exponent)
    if not exponent.is_positive:
        raise ValueError(f"p must be positive, got {p}")
    return Penalty(beta * _SIZE**exponent)


def elastic_net() -> Penalty:
    """`beta*(a*|w| + (1 - a)*w**2/2)`, where `0 < a < 1` is scikit-learn's `l1_ratio` (Zou & Hastie 2005).

    Examples
    --------
    >>> elastic_net().zero_interval
    Interval(-a*beta, a*beta)
    """
    return Penalty(beta * (a * _SIZE + (1 - a) * w**2 / 2), a < 1)


def mcp() -> Penalty:
    """`beta*|w| - w**2/(2*gamma)` up to `|w| = gamma*beta`, then constant; `gamma > 1` (Zhang 2010).

    Examples
    --------
    >>> mcp().zero_interval
    Interval(-beta, beta)
    >>> mcp().at(beta=1, gamma=2)([1.0, 2.0, 3.0])
    array([0.75, 1.  , 1.  ])
    """
    near = beta * _SIZE - w**2 / (2 * gamma)
    return Penalty(sp.Piecewise((near, gamma * beta >= _SIZE), (gamma * beta**2 / 2, True)), gamma > 1)


def scad() -> Penalty:
    """`beta*|w|` up to `|w| = beta`, a concave parabola up to `a*beta`, then constant; `a > 2` (Fan & Li 2001).

    Examples
    --------
    >>> scad().zero_interval
    Interval(-beta, beta)
    >>> scad().at(beta=1, a=3)([1.0, 3.0, 4.0])
    array([1., 2., 2.])
    """
    middle = (a * beta * _SIZE - (w**2 + beta**2) / 2) / (a - 1)
    far = beta**2 * (a + 1) / 2
    return Penalty(sp.Piecewise((beta * _SIZE, beta >= _SIZE), (middle, a * beta >= _SIZE), (far, True)), a > 2)


def log_sum() -> Penalty:
    """`beta*log(1 + |w|/eps)` (Candes, Wakin & Boyd 2008).

    Examples
    --------
    >>> log_sum().slopes_at_zero
    (-beta/eps, beta/eps)
    """
    return Penalty(beta * sp.log(1 + _SIZE / eps))


def huber() -> Penalty:
    """`beta*w**2/(2*delta)` up to `|w| = delta`, then `beta*(|w| - delta/2)`: the absolute value, rounded at 0.

    Examples
    --------
    >>> huber().zero_interval
    {0}
    """
    return Penalty(beta * sp.Piecewise((w**2 / (2 * delta), delta >= _SIZE), (_SIZE - delta / 2, True)))


def smoothed_l1() -> Penalty:
    """`beta*(sqrt(w**2 + eps**2) - eps)`: the absolute value, smoothed at the scale `eps`.

    Examples
    --------
    >>> smoothed_l1().zero_interval
    {0}
    """
    return Penalty(beta * (sp.sqrt(w**2 + eps**2) - eps))


def one_sided() -> Penalty:
    """`beta*max(w, 0)`: penalizes only positive weights.

    Examples
    --------
    >>> one_sided().zero_interval
    Interval(-beta, 0)
    """
    return Penalty(beta * sp.Max(w, 0))


def nonnegative() -> Penalty:
    """0 for `w >= 0` and oo for `w < 0`: the constraint of non-negative least squares, as a penalty.

    Examples
    --------
    >>> nonnegative().zero_interval
    Interval(0, oo)
    >>> nonnegative().prox([-1.0, 2.0])
    array([0., 2.])
    """
    return Penalty(sp.Piecewise((0, w >= 0), (sp.oo, True)))


def every() -> dict[str, Penalty]:
    """Return all penalties as a dictionary from name to `Penalty`, in the book's order.

    Examples
    --------
    >>> [name for name, penalty in every().items() if penalty.is_singular]
    ['l1', 'elastic_net', 'mcp', 'scad', 'log_sum', 'lp(1/2)', 'one_sided', 'nonnegative']
    """
    return {
        "l2": l2(),
        "lp(3/2)": lp(sp.Rational(3, 2)),
        "huber": huber(),
        "smoothed_l1": smoothed_l1(),
        "l1": l1(),
        "elastic_net": elastic_net(),
        "mcp": mcp(),
        "scad": scad(),
        "log_sum": log_sum(),
        "lp(1/2)": lp(sp.Rational(1, 2)),
        "one_sided": one_sided(),
        "nonnegative": nonnegative(),
    }
