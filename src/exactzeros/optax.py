"""Exact zeros in JAX: the optimizers of optax, each with a proximal step of its own after each step.

Install JAX and optax with the extra `optax`. Each function returns a gradient transformation, which `jax.jit` compiles,
and whose updates `optax.apply_updates` adds. At rest the optimizer moves a weight by `d` times its gradient, and only
with the threshold `d` are the fixed points those of the loss plus the penalty. The loss must not contain the penalty a
second time.

The penalties are one `Penalty` for all weights, or a tree of them that begins like that of the parameters, with None
where there is no penalty.
"""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

from ._arguments import as_number
from .penalty import Penalty, require_numbers


class _ProximalState(NamedTuple):
    """The number of steps so far, and the state of the optimizer inside.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> sgd(0.5, catalog.l1().at(beta=0.5)).init(jnp.ones(2)).count
    Array(0, dtype=int32)
    """

    count: Any
    inner: Any


def sgd(
    learning_rate: Any, penalties: Any, momentum: float = 0.0, nesterov: bool = False
) -> optax.GradientTransformation:
    r"""Return SGD, with :math:`d = s/(1 - \mu)` for the step `s` and momentum :math:`\mu`.

    Parameters
    ----------
    learning_rate : float, array or schedule
        A schedule is a function of the number of steps so far. With 0 nothing moves.
    penalties : Penalty, or a tree of Penalty and None
    momentum : float
    nesterov : bool

    Returns
    -------
    optax.GradientTransformation
        Its update needs the parameters.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> optimizer = sgd(0.5, catalog.l1().at(beta=0.5))
    >>> w = jnp.array([1.0, 1.0])
    >>> state = optimizer.init(w)
    >>> for _ in range(60):
    ...     updates, state = optimizer.update(w - jnp.array([2.0, 0.3]), state, w)
    ...     w = optax.apply_updates(w, updates)
    >>> w
    Array([1.5, 0. ], dtype=float32)
    """
    _check_shares(momentum=momentum)
    inner = optax.trace(momentum, nesterov) if _is_some(momentum) else optax.identity()
    return _with_proximal_step(inner, learning_rate, penalties, lambda state: None, 1 / (1 - momentum))


def adam(
    learning_rate: Any, penalties: Any, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8, weight_decay: float = 0.0
) -> optax.GradientTransformation:
    r"""Return Adam, with :math:`d_i = s/(\sqrt{\hat v_i} + \epsilon)`; AdamW with a decoupled weight decay.

    The decoupled decay adds :math:`\lambda(\sqrt{\hat v_i} + \epsilon)w_i^2/2` to the loss, which leaves the test for
    zero as it is. A weight stays until it first gets a gradient other than 0; at the optimum it is 0.

    Parameters
    ----------
    learning_rate, penalties
        As for `sgd`.
    b1, b2, eps : float
        As for `optax.adam`.
    weight_decay : float
        As for `optax.adamw`.

    Returns
    -------
    optax.GradientTransformation
        Its update needs the parameters.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> optimizer = adam(0.01, catalog.l1().at(beta=0.5))
    >>> w = jnp.array([0.002, 1.0])
    >>> updates, state = optimizer.update(jnp.array([0.2, 1.0]), optimizer.init(w), w)
    >>> w + updates == 0.0
    Array([ True, False], dtype=bool)
    """
    _check_shares(b1=b1, b2=b2)
    inner = optax.scale_by_adam(b1, b2, eps)

    def own(state):
        share = 1 - b2**state.count
        return jax.tree.map(lambda v: (v, jnp.sqrt(v / share) + eps), state.nu)

    return _with_proximal_step(inner, learning_rate, penalties, own, weight_decay=weight_decay)


def amsgrad(
    learning_rate: Any, penalties: Any, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8
) -> optax.GradientTransformation:
    r"""Return AMSGrad, with :math:`d_i = s/(\sqrt{v_i} + \epsilon)` for the largest :math:`\hat v_i` so far.

    A weight stays until it first gets a gradient other than 0; at the optimum it is 0.

    Parameters
    ----------
    learning_rate, penalties
        As for `sgd`.
    b1, b2, eps : float
        As for `optax.amsgrad`.

    Returns
    -------
    optax.GradientTransformation
        Its update needs the parameters.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> optimizer = amsgrad(0.01, catalog.l1().at(beta=0.5))
    >>> w = jnp.array([0.002, 1.0])
    >>> updates, state = optimizer.update(jnp.array([0.2, 1.0]), optimizer.init(w), w)
    >>> w + updates == 0.0
    Array([ True, False], dtype=bool)
    """
    _check_shares(b1=b1, b2=b2)

    def own(state):
        return jax.tree.map(lambda v: (v, jnp.sqrt(v) + eps), state.nu_max)

    return _with_proximal_step(optax.scale_by_amsgrad(b1, b2, eps), learning_rate, penalties, own)


def rmsprop(
    learning_rate: Any, penalties: Any, decay: float = 0.9, eps: float = 1e-8, momentum: float = 0.0
) -> optax.GradientTransformation:
    r"""Return RMSprop, with :math:`d_i = s/\bigl(\sqrt{v_i + \epsilon}\,(1 - \mu)\bigr)`; it is not centered.

    A weight stays until it first gets a gradient other than 0; at the optimum it is 0.

    Parameters
    ----------
    learning_rate, penalties
        As for `sgd`.
    decay, eps, momentum : float
        As for `optax.rmsprop`.

    Returns
    -------
    optax.GradientTransformation
        Its update needs the parameters.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> optimizer = rmsprop(0.01, catalog.l1().at(beta=0.5), decay=0.0)
    >>> w = jnp.array([0.002, 1.0])
    >>> updates, state = optimizer.update(jnp.array([0.2, 1.0]), optimizer.init(w), w)
    >>> w + updates == 0.0
    Array([ True, False], dtype=bool)
    """
    _check_shares(decay=decay, momentum=momentum)
    inner = optax.scale_by_rms(decay, eps)
    has_momentum = _is_some(momentum)
    if has_momentum:
        inner = optax.chain(inner, optax.trace(momentum))

    def own(state):
        return jax.tree.map(lambda v: (v, jnp.sqrt(v + eps)), (state[0] if has_momentum else state).nu)

    return _with_proximal_step(inner, learning_rate, penalties, own, 1 / (1 - momentum))


def adagrad(
    learning_rate: Any, penalties: Any, initial_accumulator_value: float = 0.1, eps: float = 1e-7
) -> optax.GradientTransformation:
    r"""Return Adagrad, with :math:`d_i = s/\sqrt{v_i + \epsilon}` for the sum :math:`v_i` of all :math:`g_i^2`.

    Parameters
    ----------
    learning_rate, penalties
        As for `sgd`.
    initial_accumulator_value, eps : float
        As for `optax.adagrad`. With the initial value 0 a weight stays until it first gets a gradient other than 0; at
        the optimum it is 0.

    Returns
    -------
    optax.GradientTransformation
        Its update needs the parameters.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> optimizer = adagrad(0.01, catalog.l1().at(beta=0.5), initial_accumulator_value=0.0)
    >>> w = jnp.array([0.002, 1.0])
    >>> updates, state = optimizer.update(jnp.array([0.2, 1.0]), optimizer.init(w), w)
    >>> w + updates == 0.0
    Array([ True, False], dtype=bool)
    """

    def own(state):
        return jax.tree.map(lambda v: (v, jnp.sqrt(v + eps)), state.sum_of_squares)

    inner = optax.scale_by_rss(initial_accumulator_value, eps)
    return _with_proximal_step(inner, learning_rate, penalties, own)


def _check_shares(**shares):
    """Refuse a number outside of [0, 1); an array, which may be traced, is taken as it is."""
    for name, value in shares.items():
        if not hasattr(value, "dtype") and not 0 <= as_number(name, value) < 1:
            raise ValueError(f"{name} must be at least 0 and below 1, got {value!r}")


def _is_some(momentum):
    """Whether there is momentum; an array, which may be traced, counts as some."""
    return hasattr(momentum, "dtype") or momentum != 0


def _with_proximal_step(inner, learning_rate, penalties, own, factor=1.0, weight_decay=0.0):
    """Return `inner` times the learning rate, then the operator with `factor*rate/size`.

    `own(state)` is None, or a tree with a pair for each array of parameters: which weights have had a gradient (the
    others stay), and the size.
    """
    if (
        not (callable(learning_rate) or hasattr(learning_rate, "dtype"))
        and as_number("learning_rate", learning_rate) < 0
    ):
        raise ValueError(f"learning_rate must not be negative, got {learning_rate!r}")
    for penalty in jax.tree.leaves(penalties):
        require_numbers(penalty)

    def init(params):
        return _ProximalState(jnp.zeros([], jnp.int32), inner.init(params))

    def update(updates, state, params=None):
        if params is None:
            raise ValueError("params must be given: update(gradients, state, params)")
        rate = learning_rate(state.count) if callable(learning_rate) else learning_rate
        directions, kept = inner.update(updates, state.inner, params)
        sizes = own(kept)
        if sizes is None:
            sizes = jax.tree.map(lambda p: (True, 1.0), params)

        def moves(penalty, params, directions, sizes):
            return jax.tree.map(
                lambda p, direction, size: _move(penalty, p, rate, direction + weight_decay * p, size, factor),
                params,
                directions,
                sizes,
            )

        found = jax.tree.map(moves, penalties, params, directions, sizes, is_leaf=_is_penalty)
        return found, _ProximalState(state.count + 1, kept)

    return optax.GradientTransformation(init, update)


def _is_penalty(node):
    return node is None or isinstance(node, Penalty)


def _move(penalty, weights, rate, direction, pair, factor):
    """Return what is to be added to an array of weights: a step, and what the operator moves after it."""
    v = (weights - rate * direction).astype(weights.dtype)
    if penalty is None:
        return v - weights
    seen, size = pair
    step = jnp.broadcast_to(jnp.asarray(factor * rate / size, weights.dtype), weights.shape)
    moving = (step > 0) & (jnp.asarray(seen) != 0)
    found = jnp.where(moving, penalty.prox(v, jnp.where(moving, step, 1.0)), v)
    return found - weights
