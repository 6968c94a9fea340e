r"""Penalties on blocks of weights: :math:`\sum_b \lambda_b \|w_b\| + \frac{r}{2} \|w_b\|_2^2`.

A norm enters by itself and its dual norm: a block is zero if the dual norm of its slopes is at most :math:`\lambda_b`.
"""

from dataclasses import dataclass, field

import numpy as np


class Norm:
    """A norm on blocks; `labels` holds the index of each value's block, and `count` is the number of blocks."""

    def sizes(self, values, labels, count):
        """Return the norm of each block."""
        raise NotImplementedError

    def dual_sizes(self, values, labels, count):
        """Return the dual norm of each block."""
        raise NotImplementedError

    def gradient(self, values, labels, count):
        """Return the gradient of the norm of the value's own block, 0 in blocks that are zero."""
        raise NotImplementedError

    def prox(self, values, labels, thresholds):
        """Return the proximal operator: `values` minus their projection on the dual ball of radius `thresholds`."""
        raise NotImplementedError


class Euclidean(Norm):
    r""":math:`\|v\|_2`, which is its own dual.

    Examples
    --------
    >>> Euclidean().prox(np.array([3.0, 4.0, 0.5]), np.array([0, 0, 1]), np.array([1.0, 1.0]))
    array([2.4, 3.2, 0. ])
    """

    def sizes(self, values, labels, count):
        largest = np.abs(values).max(initial=0.0) or 1.0  # so that no square underflows
        squares = (values / largest) ** 2
        return largest * np.sqrt(np.bincount(labels.ravel(), squares.ravel(), count))

    dual_sizes = sizes

    def gradient(self, values, labels, count):
        sizes = self.sizes(values, labels, count)[labels]
        return np.divide(values, sizes, out=np.zeros_like(values), where=sizes > 0)

    def prox(self, values, labels, thresholds):
        sizes = self.sizes(values, labels, len(thresholds))
        kept = np.where(sizes > thresholds, 1 - thresholds / np.where(sizes > 0, sizes, 1.0), 0.0)
        return kept[labels] * values


@dataclass(frozen=True, eq=False)
class BlockPenalty:
    r""":math:`\sum_b \lambda_b \|w_b\| + \frac{r}{2} \|w_b\|_2^2`.

    Attributes
    ----------
    strengths : numpy.ndarray
        :math:`\lambda_b`, one a block.
    labels : numpy.ndarray of int
        The index of each weight's block, in the shape of the weights.
    ridge : float
        `r`.
    norm : Norm
    """

    strengths: np.ndarray
    labels: np.ndarray
    ridge: float = 0.0
    norm: Norm = field(default_factory=Euclidean)

    @property
    def limits(self):
        """The strength of each weight's block."""
        return self.strengths[self.labels]

    def duals(self, slopes):
        """Return the dual norm of the slopes of each weight's block."""
        return self.norm.dual_sizes(slopes, self.labels, len(self.strengths))[self.labels]

    def value(self, weights):
        """Return the penalty of all blocks together, for one row of weights if they are a vector."""
        sizes = self.norm.sizes(weights, self.labels, len(self.strengths))
        return float(self.strengths @ sizes + self.ridge / 2 * (weights**2).sum())

    def slack(self, weights, slopes):
        """Return how far a zero block's slopes are inside the dual ball; for others, minus how far the slope is off."""
        live = self.norm.sizes(weights, self.labels, len(self.strengths))[self.labels] > 0
        gradient = self.norm.gradient(weights, self.labels, len(self.strengths))
        off = np.abs(slopes + self.limits * gradient + self.ridge * weights)
        return np.where(live, -off, self.limits - self.duals(slopes))

    def members(self):
        """Return the number of weights in each weight's block."""
        return np.bincount(self.labels.ravel(), minlength=len(self.strengths))[self.labels]

    def radii(self, column_norms):
        r"""Return a bound on the dual norm of :math:`X_b^\top u` for `u` of length 1: the root of the sum of squares.

        A block that spans several outputs sees each column once.
        """
        rows = self.labels if self.labels.ndim == 2 else self.labels[np.newaxis]
        norms = np.broadcast_to(column_norms, rows.shape)
        block, place = np.unique(rows * rows.shape[1] + np.arange(rows.shape[1]), return_index=True)
        squares = norms.ravel()[place] ** 2
        return np.sqrt(np.bincount(block // rows.shape[1], squares, len(self.strengths)))[self.labels]
