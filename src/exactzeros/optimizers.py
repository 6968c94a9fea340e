"""Optimizers as in deep-learning libraries, with or without a proximal step after each of their own steps.

An optimizer receives a gradient and returns a move. The caller chooses what the gradient belongs to: a loss, a
mini-batch, or a loss plus the derivative of a penalty.
"""

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._arguments import as_array, as_count, as_number, as_positive
from ._types import Floats


class SGD:
    r"""Gradient descent with momentum, :math:`v \leftarrow \mu v + g,\; w \leftarrow w - s v`, as PyTorch's `SGD`.

    Parameters
    ----------
    step : float
        The step `s`, positive; PyTorch's `lr`.
    momentum : float
        `mu` in [0, 1); 0 is plain gradient descent.

    Raises
    ------
    TypeError, ValueError
        For arguments of another kind.

    References
    ----------
    Polyak, Some methods of speeding up the convergence of iteration methods, USSR Comput. Math. Math. Phys. 4, 1964.

    Examples
    --------
    >>> optimizer = SGD(0.5, momentum=0.5)
    >>> optimizer.move(np.ones(1)), optimizer.move(np.ones(1))
    (array([0.5]), array([0.75]))
    >>> optimizer.rest_step
    1.0
    """

    def __init__(self, step: float, momentum: float = 0.0):
        self.step, self.momentum = as_positive("step", step), _as_decay("momentum", momentum)
        self._velocity = 0.0

    def move(self, gradient: Floats) -> Floats:
        """Return the move to subtract from the weights, an array like `gradient`, and update the velocity.

        Examples
        --------
        >>> optimizer = SGD(0.5, momentum=0.5)
        >>> optimizer.move(np.ones(1)), optimizer.move(np.ones(1))
        (array([0.5]), array([0.75]))
        """
        self._velocity = self.momentum * self._velocity + gradient if self.momentum else gradient
        return self.step * self._velocity

    @property
    def rest_step(self) -> float:
        """`s/(1 - mu)`: at rest, under a constant gradient, the move is this times the gradient.

        Examples
        --------
        >>> SGD(0.5, momentum=0.5).rest_step
        1.0
        """
        return self.step / (1 - self.momentum)


class Adam:
    r"""Adam, :math:`w \leftarrow w - s\,\hat m/(\sqrt{\hat v} + \epsilon)` with running means of `g` and `g**2`.

    Parameters
    ----------
    step : float
        The step `s`, positive; PyTorch's `lr`.
    decays : tuple of two floats in [0, 1)
        The decay of the running means of the gradient and of its square; PyTorch's `betas`.
    eps : float
        Positive.

    Raises
    ------
    TypeError, ValueError
        For arguments of another kind.

    References
    ----------
    Kingma & Ba, Adam: A method for stochastic optimization, ICLR 2015, algorithm 1.

    Examples
    --------
    >>> optimizer = Adam(0.5)
    >>> optimizer.move(np.array([4.0, -0.25])).round(6), optimizer.rest_step.round(6)
    (array([ 0.5, -0.5]), array([0.125, 2.   ]))
    """

    def __init__(self, step: float, decays: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8):
        self.step, self.eps = as_positive("step", step), as_positive("eps", eps)
        self.decays = tuple(_as_decay("decays", decay) for decay in decays)
        self._mean = self._square = 0.0
        self._age = 0

    def move(self, gradient: Floats) -> Floats:
        """Return the move to subtract from the weights, an array like `gradient`, and update the running means.

        Examples
        --------
        >>> Adam(0.5).move(np.array([4.0, -0.25])).round(6)
        array([ 0.5, -0.5])
        """
        first, second = self.decays
        self._age += 1
        self._mean = first * self._mean + (1 - first) * gradient
        self._square = second * self._square + (1 - second) * gradient * gradient
        return self.rest_step * self._mean / (1 - first**self._age)

    @property
    def rest_step(self) -> Floats:
        """`s/(sqrt(v) + eps)`, an array with one step per weight; the move is this times the mean gradient.

        Examples
        --------
        >>> optimizer = Adam(0.5)
        >>> _ = optimizer.move(np.array([4.0, -0.25]))
        >>> optimizer.rest_step.round(6)
        array([0.125, 2.   ])
        """
        if not self._age:
            raise ValueError("move must be called before rest_step: Adam's steps depend on the gradients seen")
        return self.step / (np.sqrt(self._square / (1 - self.decays[1] ** self._age)) + self.eps)


def trajectory(
    gradient: Callable[[Floats], Floats],
    optimizer: SGD | Adam,
    start: ArrayLike,
    record: Iterable[int],
    prox: Callable[[Floats, Any], Floats] | None = None,
) -> Floats:
    r"""Take steps :math:`w \leftarrow w - \operatorname{move}(\operatorname{gradient}(w))`, each followed by `prox`.

    Parameters
    ----------
    gradient : callable
        Maps the weights to an array of the same shape; may be random, as with mini-batches.
    optimizer : SGD or Adam
        Used in its present state; pass a new one for each run.
    start : array_like of finite real numbers
        The weights to start from.
    record : iterable of int
        The numbers of steps after which to record the weights, in ascending order.
    prox : callable, optional
        Maps the weights and `optimizer.rest_step` to new weights, such as `penalty.prox`.

    Returns
    -------
    numpy.ndarray
        The weights after each number of steps in `record`, stacked along the first axis.

    Raises
    ------
    TypeError, ValueError
        For arguments of the wrong kind, or if `record` is not ascending.
    ArithmeticError
        If recorded weights are not finite.

    References
    ----------
    Chapter "Count your zeros"; Parikh & Boyd, Proximal Algorithms, 2014, section 4.2.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> slope = lambda w: w - 0.3
    >>> trajectory(slope, SGD(0.5), [1.0], [1, 2, 100], catalog.l1().at(beta=0.5).prox)
    array([[0.4],
           [0.1],
           [0. ]])
    """
    weights = as_array("start", start)
    if not isinstance(optimizer, (SGD, Adam)):
        raise TypeError(f"optimizer must be an SGD or an Adam, got {optimizer!r} of type {type(optimizer).__name__}")
    functions = {"gradient": gradient} if prox is None else {"gradient": gradient, "prox": prox}
    for name, function in functions.items():
        if not callable(function):
            raise TypeError(f"{name} must be a function, got {function!r} of type {type(function).__name__}")
    if not isinstance(record, Iterable):
        raise TypeError(f"record must be numbers of steps, got {record!r} of type {type(record).__name__}")
    record = [as_count("record", steps, least=0) for steps in record]
    if not record or any(later <= earlier for earlier, later in pairwise(record)):
        raise ValueError(f"record must hold ascending numbers of steps, got {record}")
    recorded = np.empty((len(record), *weights.shape))
    taken = 0
    for row, steps in enumerate(record):
        with np.errstate(over="ignore", invalid="ignore"):
            for step in range(taken, steps):
                slopes = gradient(weights)
                if step == 0:
                    as_array("gradient(start)", slopes, shape=weights.shape)
                weights = weights - optimizer.move(slopes)
                if prox is not None:
                    weights = prox(weights, optimizer.rest_step)
        recorded[row], taken = weights, steps
        if not np.isfinite(weights).all():
            raise ArithmeticError(f"the weights are not finite after {steps} steps: the step is too long")
    return recorded


def _as_decay(name, value):
    value = as_number(name, value)
    if not 0 <= value < 1:
        raise ValueError(f"{name} must be at least 0 and below 1, got {value!r}")
    return value
