"""The report of an audit: one verdict per weight, counted, named and shown as a table."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._types import Bools, Floats
from .certificate import Certificate

CERTIFIED = "certified zero"
EDGE = "on the edge"
OUTSIDE = "zero, not stationary"
STATIONARY = "stationary"
MOVING = "not stationary"
SHOULD_BE_ZERO = "should be zero"
VERDICTS = (CERTIFIED, EDGE, STATIONARY, SHOULD_BE_ZERO, OUTSIDE, MOVING)
VIOLATIONS = (SHOULD_BE_ZERO, OUTSIDE, MOVING)

_LONGEST = 20  # rows of a printed table
_HEADER = ("name", "weight", "slope g", "zero interval", "slack", "verdict", "least beta")


@dataclass(frozen=True)
class Row:
    """One weight of an audit: its `name`, `weight`, `slope`, `slack` and `verdict`, as in `Audit`.

    Examples
    --------
    >>> from exactzeros import audit, catalog
    >>> report = audit([2.0, 0.0], [-0.5, 0.2], catalog.l1().at(beta=0.5))
    >>> report.row(1)
    Row(name='1', weight=0.0, slope=0.2, slack=0.3, verdict='certified zero')
    """

    name: str
    weight: float
    slope: float
    slack: float
    verdict: str


@dataclass(frozen=True, eq=False, repr=False)
class Audit:
    r"""The result of `audit`, with one entry per weight; all arrays have the shape of the weights.

    Attributes
    ----------
    weights, slopes : numpy.ndarray of float64
        The weights, and the slopes `g_i = dL/dw_i` of the loss there.
    low, high : numpy.ndarray of float64
        The edges :math:`-\rho'(0^+)` and :math:`-\rho'(0^-)` of the weight's zero interval; both 0 without a penalty.
    slack : numpy.ndarray of float64
        How far `g` lies inside the interval from :math:`-\rho'(w^+)` to :math:`-\rho'(w^-)`: positive inside, negative
        outside. For a zero this is the zero interval. Where the penalty is smooth it is one point, so for most non-zero
        weights the slack is :math:`-|g + \rho'(w)|`. It is minus infinity where the penalty is infinite.
    threshold : numpy.ndarray of float64
        The slack that counts as 0, as in `audit` and `audit_estimator`.
    codes : numpy.ndarray of int
        The verdict as an index into `VERDICTS`.
    name_of : function, optional
        The name of each column of the weights, for the table; by default the index is the name.
    strength : float, optional
        Set by `audit_estimator`: the strength `beta`, if there is a single one.
    strength_max : float, optional
        Set by `audit_estimator(..., strength_max=True)`: the least strength from which all weights are 0, if there is
        one.
    felt : numpy.ndarray of float64, optional
        What is held against the zero interval: the slopes, or for a penalty on blocks of weights the dual norm of the
        block's slopes.
    certificate : Certificate, optional
        Set by `audit_estimator`: what the duality gap proves about all exact solutions.

    Examples
    --------
    >>> from exactzeros import audit, catalog
    >>> report = audit([2.0, 0.0], [-0.5, 0.2], catalog.l1().at(beta=0.5))
    >>> print(report)
    2 weights: 1 certified zero, 1 stationary
    A slope may miss by 0.0005.
    name  weight  slope g  zero interval  slack  verdict         least beta
    0     2       -0.5     [-0.5, 0.5]    0      stationary
    1     0       0.2      [-0.5, 0.5]    0.3    certified zero  40 %
    """

    weights: Floats
    slopes: Floats
    low: Floats
    high: Floats
    slack: Floats
    threshold: Floats
    codes: NDArray[np.int8]
    name_of: Callable[[int], str] | None = None
    strength: float | None = None
    strength_max: float | None = None
    felt: Floats | None = None
    certificate: Certificate | None = None

    @property
    def verdicts(self) -> NDArray[np.str_]:
        """The verdicts in words, an array of str.

        Examples
        --------
        >>> from exactzeros import audit, catalog
        >>> report = audit([2.0, 0.0], [-0.5, 0.2], catalog.l1().at(beta=0.5))
        >>> report.verdicts.tolist()
        ['stationary', 'certified zero']
        """
        return np.array(VERDICTS)[self.codes]

    @property
    def zero_in_every_solution(self) -> Bools | None:
        """Which weights are zero in every exact solution, however early the solver stopped; None if nothing is known.

        This is known for convex problems whose penalty is a kink and a square, on each weight or on blocks of them, and
        whose loss has a bounded second derivative. Every weight but the intercept must have a penalty.

        Examples
        --------
        >>> from sklearn.linear_model import Lasso
        >>> from exactzeros import audit_estimator
        >>> X, y = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]], [3.0, 0.5, -3.0, -0.5]
        >>> audit_estimator(Lasso(alpha=0.5).fit(X, y), X, y).zero_in_every_solution
        array([False,  True, False])
        """
        return None if self.certificate is None else self.certificate.zeros

    @property
    def margin(self) -> Floats | None:
        """By how much a slope is known to lie inside the zero interval at every exact solution, positive if it is.

        Examples
        --------
        >>> from sklearn.linear_model import Lasso
        >>> from exactzeros import audit_estimator
        >>> X, y = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]], [3.0, 0.5, -3.0, -0.5]
        >>> audit_estimator(Lasso(alpha=0.5).fit(X, y), X, y).margin.round(6)
        array([-0.  ,  0.25,   nan])
        """
        return None if self.certificate is None else self.certificate.margin

    @property
    def gap(self) -> float | None:
        """The duality gap at the weights, with a bound on its rounding; None where there is no certificate.

        Examples
        --------
        >>> from sklearn.linear_model import Lasso
        >>> from exactzeros import audit_estimator
        >>> X, y = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]], [3.0, 0.5, -3.0, -0.5]
        >>> audit_estimator(Lasso(alpha=0.5).fit(X, y), X, y).gap < 1e-12
        True
        """
        return None if self.certificate is None else self.certificate.gap

    @property
    def residual(self) -> Floats:
        """How far `g` lies outside its interval, 0 inside.

        Examples
        --------
        >>> from exactzeros import audit, catalog
        >>> audit([0.0, 0.0], [0.2, 0.75], catalog.l1().at(beta=0.5)).residual
        array([0.  , 0.25])
        """
        return np.maximum(-self.slack, 0.0)

    @property
    def certified_zeros(self) -> Bools:
        """Which weights are 0 with `g` inside the zero interval by more than the threshold: an array of bool.

        Examples
        --------
        >>> from exactzeros import audit, catalog
        >>> report = audit([2.0, 0.0], [-0.5, 0.2], catalog.l1().at(beta=0.5))
        >>> report.certified_zeros
        array([False,  True])
        """
        return self.codes == VERDICTS.index(CERTIFIED)

    @property
    def violations(self) -> Bools:
        """Which weights are not stationary, or should be zero: an array of bool.

        Examples
        --------
        >>> from exactzeros import audit, catalog
        >>> audit([0.0, 0.0], [0.2, 0.75], catalog.l1().at(beta=0.5)).violations
        array([False,  True])
        """
        return self.codes >= VERDICTS.index(VIOLATIONS[0])

    @property
    def counts(self) -> Counter[str]:
        """The number of weights with each verdict that occurs, a `Counter` in the order of `VERDICTS`.

        Examples
        --------
        >>> from exactzeros import audit, catalog
        >>> report = audit([2.0, 0.0], [-0.5, 0.2], catalog.l1().at(beta=0.5))
        >>> dict(report.counts)
        {'certified zero': 1, 'stationary': 1}
        """
        counted = np.bincount(self.codes.ravel(), minlength=len(VERDICTS))
        return +Counter[str](dict(zip(VERDICTS, map(int, counted), strict=True)))

    @property
    def worst(self) -> Row:
        """The weight with the largest residual, as a `Row`.

        Examples
        --------
        >>> from exactzeros import audit, catalog
        >>> audit([0.0, 0.0], [0.2, 0.75], catalog.l1().at(beta=0.5), names=["age", "bmi"]).worst.name
        'bmi'
        """
        return self.row(int(self.slack.argmin()))

    @property
    def least_share(self) -> Floats:
        """The share of its zero interval that a certified zero needs, in [0, 1); NaN for every other weight.

        For every penalty in the catalog the interval is proportional to the strength `beta`. So with the other weights
        held, the zero stays a strict local minimum along its coordinate as long as `beta` exceeds this share of its
        value.

        Examples
        --------
        >>> from exactzeros import audit, catalog
        >>> report = audit([2.0, 0.0], [-0.5, 0.2], catalog.l1().at(beta=0.5))
        >>> report.least_share
        array([nan, 0.4])
        """
        felt = self.slopes if self.felt is None else self.felt
        return np.where(self.certified_zeros, needed_share(felt, self.low, self.high), np.nan)

    def to_frame(self) -> Any:
        """Return the table as a pandas DataFrame, one row a weight.

        Examples
        --------
        >>> from exactzeros import audit, catalog
        >>> report = audit([2.0, 0.0], [-0.5, 0.2], catalog.l1().at(beta=0.5), names=["age", "bmi"])
        >>> report.to_frame()["verdict"].to_dict()
        {'age': 'stationary', 'bmi': 'certified zero'}
        """
        import pandas as pd  # the only use of it

        columns = {
            "weight": self.weights, "slope": self.slopes, "low": self.low, "high": self.high, "slack": self.slack,
            "threshold": self.threshold, "verdict": self.verdicts, "least_share": self.least_share,
        }  # fmt: skip
        if self.certificate is not None:
            columns |= {"zero_in_every_solution": self.certificate.zeros, "margin": self.certificate.margin}
        index = pd.Index([self._name(i) for i in range(self.weights.size)], name="name")
        return pd.DataFrame({name: values.ravel() for name, values in columns.items()}, index=index)

    def __repr__(self) -> str:
        return f"<Audit of {self._said()}>"

    def __str__(self) -> str:
        lines, cells = self._summary(), [_HEADER, *self._cells()]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for row in cells:
            lines.append("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        return "\n".join(lines + self._rest())

    def _repr_html_(self):
        def row(cells, tag):
            return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

        text = "".join(f"<p>{escape(line)}</p>" for line in self._summary())
        body = "".join(row(cells, "td") for cells in self._cells())
        rest = "".join(f"<p>{escape(line)}</p>" for line in self._rest())
        return f"{text}<table><thead>{row(_HEADER, 'th')}</thead><tbody>{body}</tbody></table>{rest}"

    def _summary(self):
        least, most = float(self.threshold.min()), float(self.threshold.max())
        allowed = f"{most:.3g}" if f"{least:.3g}" == f"{most:.3g}" else f"at most {most:.3g}"
        lines = [self._said(), f"A slope may miss by {allowed}."]
        if self.strength_max is not None:
            lines.append(f"beta = {self.strength:.6g}; all weights are zero from beta = {self.strength_max:.6g} on.")
        elif self.strength is not None:
            lines.append(f"beta = {self.strength:.6g}.")
        if self.certificate is not None and (self.certificate.zeros | (self.weights == 0)).any():
            lines.append(self._said_of_every_solution(self.certificate))
        return lines

    def _said(self):
        said = ", ".join(f"{count} {verdict}" for verdict, count in self.counts.items())
        return f"{self.weights.size} weights: {said}"

    def _said_of_every_solution(self, certificate):
        zeros, everywhere = self.weights == 0, certificate.zeros
        kept, others = int((zeros & everywhere).sum()), int((~zeros & everywhere).sum())
        said = (
            f"{kept} of {int(zeros.sum())} zeros are zeros of every exact solution; the gap is {certificate.gap:.1g}."
        )
        return said if not others else f"{said} So are {others} weights that are not zero here."

    def _cells(self):
        """Yield the rows of the table: the most important first if not all are shown."""
        shares, decimals = self.least_share.ravel(), _decimals(float(self.threshold.max()))
        for i in self._shown():
            row, share = self.row(i), shares[i]
            interval = f"[{self.low.flat[i]:.4g}, {self.high.flat[i]:.4g}]"
            fall = "" if np.isnan(share) else f"{100 * share:.3g} %"
            slope, slack = (f"{round(each, decimals) + 0.0:.4g}" for each in (row.slope, row.slack))
            yield row.name, f"{row.weight + 0.0:.5g}", slope, interval, slack, row.verdict, fall

    def _shown(self):
        if self.weights.size <= _LONGEST:
            return range(self.weights.size)
        kept = np.where(self.violations, 0, np.where(self.weights == 0, 1, 2))
        return np.lexsort((self.slack.ravel(), kept.ravel()))[:_LONGEST]

    def _rest(self):
        hidden = self.weights.size - _LONGEST
        said = f"... and {hidden} more: first the violations, then the zeros with the least slack."
        return [said] if hidden > 0 else []

    def row(self, i: int) -> Row:
        """Return the `Row` of the weight with the index `i` into the flattened arrays.

        Examples
        --------
        >>> from exactzeros import audit, catalog
        >>> report = audit([2.0, 0.0], [-0.5, 0.2], catalog.l1().at(beta=0.5))
        >>> report.row(1).verdict
        'certified zero'
        """
        weight, slope, slack = (float(each.flat[i]) for each in (self.weights, self.slopes, self.slack))
        return Row(self._name(i), weight, slope, slack, VERDICTS[self.codes.flat[i]])

    def _name(self, i):
        *rows, column = np.unravel_index(i, self.weights.shape) or [0]
        return ", ".join(map(str, [*rows, self.name_of(int(column)) if self.name_of else column]))


@dataclass(frozen=True)
class Names:
    """The names of the columns of the weights; a column without one is called `x0`, `x1` and so on."""

    known: Sequence[str] | None
    features: int | None = None  # the column behind them is the intercept

    def __call__(self, column):
        if column == self.features:
            return "intercept"
        return f"x{column}" if self.known is None else str(self.known[column])


def stacked(reports):
    """Return the reports of several models, each of one output, as one with a row for each."""
    first = reports[0]
    if any(each.weights.shape != first.weights.shape for each in reports):
        raise ValueError("model must hold models with equally many weights")
    names = ("weights", "slopes", "low", "high", "slack", "threshold", "codes", "felt")
    arrays = {name: np.stack([getattr(each, name) for each in reports]) for name in names}
    strengths = {each.strength for each in reports}
    known = [each.certificate for each in reports if each.certificate is not None]
    certificate = None
    if len(known) == len(reports):
        zeros, margins = (np.stack([getattr(each, name) for each in known]) for name in ("zeros", "margin"))
        certificate = Certificate(zeros, margins, max(each.gap for each in known))
    strength = first.strength if len(strengths) == 1 else None
    most = [each.strength_max for each in reports if each.strength_max is not None]
    strength_max = max(most) if strength is not None and len(most) == len(reports) else None
    return Audit(**arrays, name_of=first.name_of, strength=strength, strength_max=strength_max, certificate=certificate)


def needed_share(slopes, low, high):
    """Return the factor that scales the interval from `low <= 0` to `high >= 0` so that `slopes` lie on its edges."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = slopes / np.where(slopes > 0, high, low)
    return np.where(slopes == 0, 0.0, share)


def _decimals(threshold):
    """Return the number of decimals for slopes in a table: two digits finer than the threshold."""
    return 2 - math.floor(math.log10(threshold)) if threshold > 0 else 15
