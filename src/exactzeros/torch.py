"""Exact zeros in PyTorch: a proximal step after each step of an optimizer, and the audit of a network.

Install PyTorch with the extra `torch`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from .auditing.first_order import compare, not_negative, report
from .auditing.report import Audit
from .penalty import Penalty, require_numbers


def add_proximal_step(optimizer: torch.optim.Optimizer, penalties: Mapping[torch.Tensor, Penalty]) -> Any:
    r"""Let :math:`w \leftarrow \operatorname{prox}_{d\rho}(w)` follow each step of `optimizer`, with its own step `d`.

    At rest the optimizer moves a weight by `d` times its gradient `g`, and only this threshold gives the fixed points
    of the loss plus the penalty. The loss must not contain the penalty a second time.

    ======================================  ======================================================================
    optimizer                               its step `d`
    ======================================  ======================================================================
    SGD                                     `lr`; with momentum `mu` and dampening `lr*(1 - dampening)/(1 - mu)`
    Adam, AdamW, RMSprop, Adagrad           `lr/(sqrt(v) + eps)`, with the `v` of each weight that the optimizer keeps
    ======================================  ======================================================================

    For RMSprop with momentum `mu` the step is divided by `1 - mu`; Adagrad's `lr` falls by `lr_decay`.

    Parameters
    ----------
    optimizer : torch.optim.SGD, Adam, AdamW, RMSprop or Adagrad
    penalties : dict of torch.nn.Parameter to Penalty
        The penalty of each penalized parameter, with numbers for its own parameters.

    Returns
    -------
    torch.utils.hooks.RemovableHandle
        Its `remove()` ends the proximal steps.

    Raises
    ------
    TypeError, ValueError
        If the optimizer is another one, if it does not hold one of the parameters or already has a proximal step for
        it, or if its fixed points are not those of any penalty: RMSprop with `centered=True`, whose step grows without
        bound at rest, and momentum or dampening of 1 or more. Also with `differentiable=True`.

    Notes
    -----
    `weight_decay` adds `weight_decay*w**2/2` to the loss. In AdamW it is decoupled: it adds
    `weight_decay*(sqrt(v) + eps)*w**2/2`, which leaves the test for zero as it is.

    A parameter without a gradient stays, as the optimizer leaves it alone. Where there is a `v`, a weight stays until
    it first gets a gradient other than 0, such as a row of an embedding that has not occurred; at the optimum it is 0.

    The checkpoint of the optimizer is what it was, without penalties; call this again for a new optimizer.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> w = torch.nn.Parameter(torch.tensor([1.0, 1.0]))
    >>> optimizer = torch.optim.Adam([w], lr=0.01)
    >>> handle = add_proximal_step(optimizer, {w: catalog.l1().at(beta=0.5)})
    >>> for _ in range(500):
    ...     optimizer.zero_grad()
    ...     ((w - torch.tensor([2.0, 0.3])) ** 2).sum().div(2).backward()
    ...     optimizer.step()
    >>> w.detach().numpy().round(3)
    array([1.5, 0. ], dtype=float32)
    """
    if type(optimizer) not in _STEPS:  # a subclass may move in another way
        supported = ", ".join(kind.__name__ for kind in _STEPS)
        raise TypeError(f"optimizer must be one of {supported} of torch.optim, got {type(optimizer).__name__}")
    for group in optimizer.param_groups:
        _check_options(group)
    held = {weights for group in optimizer.param_groups for weights in group["params"]}
    moved = {weights for hook in _proximal_hooks(optimizer) for weights in hook.penalties}
    for weights, penalty in _checked(penalties).items():
        if weights in moved:
            raise ValueError(
                f"penalties must name parameters without a proximal step, got one of shape {tuple(weights.shape)} that "
                "has one; end it with the remove() of its handle"
            )
        if weights not in held:
            raise ValueError(
                f"penalties must name parameters of the optimizer, got one of shape {tuple(weights.shape)}"
            )
        require_numbers(penalty)
    return optimizer.register_step_post_hook(_ProximalHook(dict(penalties)))


def _check_options(group):
    """Refuse options under which the optimizer has no step of its own at rest."""
    if group.get("centered"):
        raise ValueError("optimizer must not be centered: at rest the step of such an RMSprop grows without bound")
    if group.get("differentiable"):
        raise ValueError("optimizer must not be differentiable: the proximal step has no gradient here")
    momentum, dampening = group.get("momentum", 0), group.get("dampening", 0)
    if momentum and max(momentum, dampening) >= 1:
        raise ValueError(f"optimizer must have momentum and dampening below 1, got {momentum:g} and {dampening:g}")


@dataclass(frozen=True, eq=False)
class _ProximalHook:
    """What follows each step of an optimizer.

    Examples
    --------
    >>> _ProximalHook({}).penalties
    {}
    """

    penalties: dict[torch.Tensor, Penalty]

    def __call__(self, optimizer, args, kwargs):
        overflow = getattr(optimizer, "found_inf", None)
        if overflow is not None and overflow.item():  # the step that a GradScaler leaves out
            return
        for group in optimizer.param_groups:
            for weights in group["params"]:
                if weights in self.penalties and weights.grad is not None:
                    own = _STEPS[type(optimizer)](group, optimizer.state[weights])
                    _proximal_step(weights, self.penalties[weights], *own)


def _proximal_hooks(optimizer):
    return [hook for hook in optimizer._optimizer_step_post_hooks.values() if isinstance(hook, _ProximalHook)]


@torch.no_grad()
def _proximal_step(weights, penalty, rate, square=None, eps=0.0):
    """Apply the operator with the step `rate/(sqrt(square) + eps)` where the square is not 0; without one, `rate`."""
    if rate == 0 or weights.numel() == 0:
        return
    v = _exact(weights)
    if square is None:
        found = penalty.prox(v, float(rate))
    else:
        step = torch.where(square > 0, rate / (_exact(square).sqrt() + eps), 0.0).to(v.dtype)
        moving = step > 0  # a square may also be so large that nothing moves
        found = torch.where(moving, penalty.prox(v, torch.where(moving, step, 1.0)), v)
    weights.copy_(found).add_(0.0)  # what underflows is +0.0 too


def _exact(tensor):
    """Return half precision, which is too coarse and too small for steps, as single precision."""
    return tensor.to(torch.promote_types(tensor.dtype, torch.float32))


def _of_sgd(group, state):
    momentum = group["momentum"]
    return (group["lr"] * (1 - group["dampening"]) / (1 - momentum) if momentum else group["lr"],)


def _of_adam(group, state):
    square = state["max_exp_avg_sq"] if group["amsgrad"] else state["exp_avg_sq"]
    return group["lr"], _exact(square) / (1 - group["betas"][1] ** state["step"]), group["eps"]


def _of_rmsprop(group, state):
    return group["lr"] / (1 - group["momentum"]), state["square_avg"], group["eps"]


def _of_adagrad(group, state):
    return group["lr"] / (1 + (state["step"] - 1) * group["lr_decay"]), state["sum"], group["eps"]


_STEPS = {
    torch.optim.SGD: _of_sgd,
    torch.optim.Adam: _of_adam,
    torch.optim.AdamW: _of_adam,
    torch.optim.RMSprop: _of_rmsprop,
    torch.optim.Adagrad: _of_adagrad,
}


@dataclass(frozen=True, eq=False)
class ModuleAudit:
    """The result of `audit_module`: the `report` on all weights, and the part of it for each parameter in `layers`.

    Attributes
    ----------
    report : Audit
        One entry for each trainable weight, in the order of the module's `named_parameters`.
    layers : dict of str to Audit
        The audit of each parameter, in its shape, by its name.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> model = torch.nn.Linear(2, 1, bias=False)
    >>> _ = torch.nn.init.zeros_(model.weight)
    >>> batches = [(torch.eye(2), torch.tensor([[0.2], [0.5]]))]
    >>> audit = audit_module(model, torch.nn.MSELoss(), batches, {model.weight: catalog.l1().at(beta=0.4)})
    >>> audit.layers["weight"].verdicts.tolist()
    [['certified zero', 'zero, not stationary']]
    >>> print(audit)
    2 weights: 1 certified zero, 1 zero, not stationary
    weight (1, 2): 1 certified zero, 1 zero, not stationary
    """

    report: Audit
    layers: dict[str, Audit]

    def __str__(self) -> str:
        parts = {f"{self.report.weights.size} weights": self.report}
        parts |= {f"{name} {each.weights.shape}": each for name, each in self.layers.items()}
        return "\n".join(
            f"{name}: {', '.join(f'{count} {verdict}' for verdict, count in each.counts.items())}"
            for name, each in parts.items()
        )


def audit_module(
    model: torch.nn.Module,
    loss: Callable[[Any, Any], torch.Tensor],
    batches: Iterable[tuple[Any, Any]],
    penalties: Mapping[torch.Tensor, Penalty],
    *,
    tolerance: float = 1e-3,
    absolute: float = 1e-12,
) -> ModuleAudit:
    r"""Audit the trainable weights of a network: compare the gradients :math:`g` of its mean loss with the penalties.

    Parameters
    ----------
    model : torch.nn.Module
        In the mode in which it is; after `model.eval()` there is no dropout.
    loss : callable
        `loss(model(inputs), targets)` is the mean over the samples of a batch, such as `torch.nn.MSELoss()`.
    batches : iterable of pairs of inputs and targets
        All the data, such as a `DataLoader`. The mean over all samples weighs each batch with `len(targets)`.
    penalties : dict of torch.nn.Parameter to Penalty
        As for `add_proximal_step`; other parameters have no penalty. A `weight_decay` belongs to the penalty here.
    tolerance, absolute : float
        As in `audit`; training seldom converges to more than a few digits.

    Returns
    -------
    ModuleAudit
        One verdict for each weight, summed up by parameter. The gradients in `.grad` stay as they are.

    Raises
    ------
    TypeError, ValueError
        If there is no batch or no trainable parameter, if a penalty belongs to none, if a loss is no single number, or
        if a gradient is not finite.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> model = torch.nn.Linear(2, 1, bias=False)
    >>> _ = torch.nn.init.zeros_(model.weight)
    >>> batches = [(torch.eye(2), torch.tensor([[0.2], [0.5]]))]
    >>> print(audit_module(model, torch.nn.MSELoss(), batches, {model.weight: catalog.l1().at(beta=0.6)}))
    2 weights: 2 certified zero
    weight (1, 2): 2 certified zero
    """
    named = {name: weights for name, weights in model.named_parameters() if weights.requires_grad}
    trainable = set(named.values())
    if not named:
        raise ValueError("model must have trainable parameters, got none with requires_grad=True")
    for weights, penalty in _checked(penalties).items():
        if weights not in trainable:
            raise ValueError(f"penalties must name trainable parameters, got another of shape {tuple(weights.shape)}")
        require_numbers(penalty)
    slopes = _mean_gradient(model, loss, batches, list(named.values()))
    places, groups, end = {}, [], 0
    for name, weights in named.items():
        place = slice(end, end := end + weights.numel())
        places[name] = place
        groups.append((penalties.get(weights), place))
    flat = np.concatenate([_as_numpy(weights).ravel() for weights in named.values()])
    shapes = {name: tuple(weights.shape) for name, weights in named.items()}
    compared = compare(flat, slopes, groups)
    threshold = not_negative("absolute", absolute) + compared.tolerated(not_negative("tolerance", tolerance))
    found = report(flat, slopes, compared, threshold, name_of=_Names(places, shapes))
    layers = {name: _part(found, place, shapes[name]) for name, place in places.items()}
    return ModuleAudit(found, layers)


def _mean_gradient(model, loss, batches, parameters):
    """Return the gradient of the mean loss of all samples, as one vector of float64."""
    total, samples = 0.0, 0
    for inputs, targets in batches:
        with torch.enable_grad():
            value = loss(model(inputs), targets)
            if value.numel() != 1:
                raise ValueError(f"loss must return the mean over a batch, one number, got shape {tuple(value.shape)}")
            found = torch.autograd.grad(value.sum(), parameters, allow_unused=True)
        pairs = zip(parameters, found, strict=True)
        slopes = [np.zeros(p.numel()) if slope is None else _as_numpy(slope).ravel() for p, slope in pairs]
        total, samples = total + _size(targets) * np.concatenate(slopes), samples + _size(targets)
    if not samples:
        raise ValueError("batches must hold at least one sample; an iterator that is used up has none")
    if not np.isfinite(total).all():
        raise ValueError("batches must give finite gradients, got a NaN or an infinity")
    return total / samples


def _size(targets):
    """Return the number of samples of a batch."""
    if isinstance(targets, (dict, tuple)) or np.ndim(targets) == 0:
        raise TypeError(f"targets must have one entry a sample, got {type(targets).__name__}")
    return len(targets)


def _part(whole, place, shape):
    """Return the audit of some of the weights, in their own shape."""
    arrays = ("weights", "slopes", "low", "high", "slack", "threshold", "codes", "felt")
    return replace(whole, **{each: getattr(whole, each)[place].reshape(shape) for each in arrays}, name_of=None)


class _Names:
    """The name of each weight: that of its parameter with its indices."""

    def __init__(self, places, shapes):
        self._places, self._shapes = places, shapes

    def __call__(self, i):
        name = next(name for name, place in self._places.items() if i < place.stop)
        at = np.unravel_index(i - self._places[name].start, self._shapes[name])
        return f"{name}[{', '.join(map(str, map(int, at)))}]"


def _as_numpy(tensor):
    return tensor.detach().to("cpu", torch.float64).numpy()


def _checked(penalties):
    if not isinstance(penalties, Mapping):
        raise TypeError(f"penalties must be a dict of parameters to penalties, got {type(penalties).__name__}")
    for weights in penalties:
        if not isinstance(weights, torch.Tensor):
            raise TypeError(f"penalties must have parameters as keys, such as model.weight, got {weights!r}")
    return penalties
