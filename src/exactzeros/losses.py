"""Smooth losses: how well weights fit data, as a value, a gradient and a bound on the gradient's growth.

No loss has an intercept. If you want one, center the columns of `X` and the targets `y` first.
"""

from abc import ABC, abstractmethod
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from . import _sample_losses
from ._arguments import all_finite, as_array, as_count, as_number, as_positive
from ._types import Floats


class Loss(ABC):
    """A differentiable function `L(w)` of `size` weights whose gradient is Lipschitz continuous.

    Your own loss needs a value, a gradient, `size` and `lipschitz`; the rest follows.

    Attributes
    ----------
    size : int
        The number of weights.
    lipschitz : float
        A number `M` with `||gradient(u) - gradient(w)||_2 <= M*||u - w||_2` for all `u` and `w`.

    Examples
    --------
    Your own loss, `L(w) = w**2`:

    >>> class Square(Loss):
    ...     size, lipschitz = 1, 2.0
    ...     def __call__(self, w: ArrayLike) -> float:
    ...         return float(np.sum(np.square(w)))
    ...     def gradient(self, w: ArrayLike) -> Floats:
    ...         return 2 * np.asarray(w)
    >>> Square().partial([3.0], 0)
    6.0
    """

    size: int
    lipschitz: float

    @abstractmethod
    def __call__(self, w: ArrayLike) -> float:
        """Return `L(w)` as a float.

        Examples
        --------
        >>> loss = LeastSquares([[1, 0], [0, 2]], [3, 4])
        >>> loss([1, 1])
        2.0
        """

    @abstractmethod
    def gradient(self, w: ArrayLike) -> Floats:
        """Return the gradient of `L` at `w`, an array of shape `(size,)`.

        Examples
        --------
        >>> loss = LeastSquares([[1, 0], [0, 2]], [3, 4])
        >>> loss.gradient([1, 1])
        array([-1., -2.])
        """

    def partial(self, w: ArrayLike, i: int) -> float:
        """Return the partial derivative `dL/dw_i` at `w` as a float.

        Examples
        --------
        >>> loss = Logistic([[1], [3]], [1, -1])
        >>> loss.partial([0], 0)
        0.5
        """
        return float(self.gradient(w)[self._index(i)])

    @property
    def coordinate_lipschitz(self) -> Floats:
        """A bound on the second derivative of `L` along each coordinate, an array of shape `(size,)`.

        Examples
        --------
        >>> Quadratic(slope=-1, curvature=2).coordinate_lipschitz
        array([2.])
        """
        return np.full(self.size, self.lipschitz)

    def _weights(self, w):
        return as_array("w", w, shape=(self.size,))

    def _index(self, i):
        if as_count("i", i, least=0) >= self.size:
            raise ValueError(f"i must be below {self.size}, the number of weights, got {i}")
        return i


class _MeanLoss(Loss):
    """The mean over samples `(x, y)` of a sample loss of the prediction `x.w`."""

    _of_sample: _sample_losses.SampleLoss

    def __init__(self, X: ArrayLike, y: ArrayLike):
        samples = as_array("X", X, ndim=2)
        self._X = samples.copy()  # copies, since results derived from them are kept
        self._y = as_array("y", y, shape=samples.shape[:1]).copy()
        self.size = samples.shape[1]

    def __call__(self, w: ArrayLike) -> float:
        with np.errstate(over="ignore"):
            return float(self._of_sample.value(self._X @ self._weights(w), self._y).mean())

    def gradient(self, w: ArrayLike) -> Floats:
        """Return the mean over the samples of the slope of each, times its row of `X`.

        Examples
        --------
        >>> loss = LeastSquares([[1, 0], [0, 2]], [3, 4])
        >>> loss.gradient([1, 1])
        array([-1., -2.])
        """
        with np.errstate(over="ignore", invalid="ignore"):
            slopes = self._X.T @ self._of_sample.slope(self._X @ self._weights(w), self._y) / self._y.size
        if not all_finite(slopes):
            raise ValueError("w must have weights whose slopes are finite floats, got larger ones")
        return slopes

    @cached_property
    def lipschitz(self) -> float:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The largest eigenvalue of `c*X'X/n`, where `c` bounds the second derivative of a sample's loss.

        It is 1 for least squares and 1/4 for the logistic loss.

        Examples
        --------
        >>> loss = Logistic([[1], [3]], [1, -1])
        >>> round(loss.lipschitz, 6)
        1.25
        """
        return self._of_sample.curvature * float(np.linalg.norm(self._X, 2)) ** 2 / self._y.size

    @cached_property
    def coordinate_lipschitz(self) -> Floats:
        """The diagonal of `c*X'X/n`: bounds on the second derivatives along the coordinates; exact for least squares.

        Examples
        --------
        >>> loss = LeastSquares([[1, 0], [0, 2]], [3, 4])
        >>> loss.coordinate_lipschitz
        array([0.5, 2. ])
        """
        return self._of_sample.curvature * (self._X**2).sum(axis=0) / self._y.size


class LeastSquares(_MeanLoss):
    r"""Half the mean squared error, :math:`L(w) = \frac{1}{2n} \sum_j (y_j - x_j \cdot w)^2`.

    Parameters
    ----------
    X : array_like of shape (n, p)
        One row per sample. A column of zeros is allowed: its weight has no influence on the loss, and its coordinate
        Lipschitz constant is 0.
    y : array_like of shape (n,)
        The targets.

    Raises
    ------
    TypeError, ValueError
        If `X` or `y` is empty or contains anything but finite real numbers, or if the shapes do not match.

    Notes
    -----
    scikit-learn's estimators with `fit_intercept=False` minimize the same function, or a multiple of it:

    - `Lasso(alpha)` with `catalog.l1()`: `alpha = beta`.
    - `ElasticNet(alpha, l1_ratio)` with `catalog.elastic_net()`: `alpha = beta`, `l1_ratio = a`.
    - `Ridge(alpha)` with `catalog.l2()`: `alpha = 2*n*beta`, since `Ridge` minimizes `||y - Xw||^2 + alpha*||w||^2`.

    Examples
    --------
    >>> loss = LeastSquares([[1, 0], [0, 2]], [3, 4])
    >>> loss([0, 0])
    6.25
    >>> loss.gradient([0, 0])
    array([-1.5, -4. ])
    >>> loss.lipschitz
    2.0
    """

    _of_sample = _sample_losses.Squared()

    def partial(self, w: ArrayLike, i: int) -> float:
        """Return the partial derivative `dL/dw_i` at `w` as a float, in `p` products: the Gram matrix is kept.

        Examples
        --------
        >>> loss = LeastSquares([[1, 0], [0, 2]], [3, 4])
        >>> loss.partial([1, 1], 0)
        -1.0
        """
        i = self._index(i)
        return float(self._gram[i] @ self._weights(w) - self._moments[i])

    @cached_property
    def _gram(self):
        return self._X.T @ self._X / self._y.size

    @cached_property
    def _moments(self):
        return self._X.T @ self._y / self._y.size


class Logistic(_MeanLoss):
    r"""The mean logistic loss, :math:`L(w) = \frac{1}{n} \sum_j \log(1 + \exp(-y_j\, x_j \cdot w))`.

    Parameters
    ----------
    X : array_like of shape (n, p)
        One row per sample. A column of zeros is allowed, as for `LeastSquares`.
    y : array_like of shape (n,)
        The labels, each -1 or 1.

    Raises
    ------
    TypeError, ValueError
        If `X` contains anything but finite real numbers or `y` anything but labels, if one is empty, or if the shapes
        do not match.

    Notes
    -----
    scikit-learn's `LogisticRegression` with `fit_intercept=False` minimizes a multiple of the same objective:

    - with the L1 penalty and `catalog.l1()`: `C = 1/(n*beta)`;
    - with the L2 penalty and `catalog.l2()`: `C = 1/(2*n*beta)`.

    Examples
    --------
    >>> loss = Logistic([[1], [3]], [1, -1])
    >>> round(loss([0]), 6)
    0.693147
    >>> loss.gradient([0])
    array([0.5])
    >>> loss([-800])
    400.0
    """

    _of_sample = _sample_losses.Logistic()

    def __init__(self, X: ArrayLike, y: ArrayLike):
        super().__init__(X, y)
        strange = np.flatnonzero(np.abs(self._y) != 1)
        if strange.size:
            raise ValueError(f"y must hold the labels -1 and 1, got {self._y[strange[0]]:g} at index {strange[0]}")


class Quadratic(Loss):
    r"""The loss of one weight :math:`L(w) = g w + c\, w^2/2`: at `w = 0` its slope is `g`.

    Parameters
    ----------
    slope : float
        The slope `g` at 0.
    curvature : float
        The second derivative `c`, positive.

    Raises
    ------
    TypeError, ValueError
        If `slope` is not a finite real number, or `curvature` not a positive one.

    Examples
    --------
    >>> loss = Quadratic(slope=-1, curvature=2)
    >>> loss([1.0]), loss.gradient([1.0])
    (0.0, array([1.]))
    """

    size = 1

    def __init__(self, slope: float, curvature: float):
        self.slope = as_number("slope", slope)
        self.lipschitz = self.curvature = as_positive("curvature", curvature)

    def __call__(self, w: ArrayLike) -> float:
        (weight,) = self._weights(w)
        with np.errstate(over="ignore"):
            return float(weight * (self.slope + self.curvature * weight / 2))

    def gradient(self, w: ArrayLike) -> Floats:
        """Return `g + c*w`.

        Examples
        --------
        >>> Quadratic(slope=-1, curvature=2).gradient([1.0])
        array([1.])
        """
        return self.slope + self.curvature * self._weights(w)
