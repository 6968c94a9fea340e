"""Proximal steps in PyTorch: every optimizer finds the zeros of a convex problem; and the audit of a network."""

import copy
import io
import warnings

import numpy as np
import pytest

from exactzeros import audit, catalog
from exactzeros.book import optimizer_experiment as experiment

torch = pytest.importorskip("torch", reason="PyTorch's CPU build is tested on Python 3.11 only")
from exactzeros.torch import add_proximal_step, audit_module  # noqa: E402, torch may be missing

pytestmark = pytest.mark.slow  # most of its tests train a model
torch.set_num_threads(1)  # the tensors are small
optim = torch.optim
OPTIMIZERS = {
    "SGD": lambda w: optim.SGD(w, lr=0.1),
    "momentum": lambda w: optim.SGD(w, lr=0.005, momentum=0.9),
    "Nesterov": lambda w: optim.SGD(w, lr=0.005, momentum=0.9, nesterov=True),
    "dampening": lambda w: optim.SGD(w, lr=0.02, momentum=0.9, dampening=0.5),
    "dampening without momentum": lambda w: optim.SGD(w, lr=0.1, dampening=0.5),
    "Adam": lambda w: optim.Adam(w, lr=0.005),
    "Adam, capturable": lambda w: optim.Adam(w, lr=torch.tensor(0.005), foreach=False),
    "amsgrad": lambda w: optim.Adam(w, lr=0.005, amsgrad=True),
    "AdamW": lambda w: optim.AdamW(w, lr=0.005, weight_decay=0.0),
    "RMSprop": lambda w: optim.RMSprop(w, lr=0.002),
    "RMSprop with momentum": lambda w: optim.RMSprop(w, lr=0.0005, momentum=0.8),
    "Adagrad": lambda w: optim.Adagrad(w, lr=0.1),
    "Adagrad, falling": lambda w: optim.Adagrad(w, lr=0.2, lr_decay=1e-4),
}
BETA = 0.05
L1 = catalog.l1().at(beta=BETA)


def parameter(*values, dtype=torch.float64):
    """Return a parameter with these values."""
    return torch.nn.Parameter(torch.tensor(values, dtype=dtype))


def minimize(optimizer, loss, steps):
    """Take steps of the optimizer on the loss."""
    for _ in range(steps):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()


def convex(make, steps=4000, penalty=None):
    """Return the problem of the chapter, its weights after so many steps, and the optimizer."""
    problem = experiment.problem()
    X, y = torch.asarray(problem.X), torch.asarray(problem.y)
    weights = torch.nn.Parameter(torch.asarray(problem.start.copy()))
    optimizer = make([weights])
    add_proximal_step(optimizer, {weights: penalty or problem.penalty})
    minimize(optimizer, lambda: ((X @ weights - y) ** 2).mean() / 2, steps)
    return problem, weights.detach().numpy(), optimizer.state[weights]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_finds_the_zeros_of_a_convex_problem(name):
    problem, weights, _ = convex(OPTIMIZERS[name])
    np.testing.assert_array_equal(weights == 0.0, problem.solution == 0.0)
    assert not np.signbit(weights[weights == 0.0]).any()
    np.testing.assert_allclose(weights, problem.solution, atol=1e-4)


@pytest.mark.parametrize("wrong", ["momentum", "dampening", "Adam", "RMSprop", "Adagrad"])
def test_with_the_plain_step_as_threshold_they_miss_them(wrong):
    """The near miss: `lr` in the place of the optimizer's own step solves another problem."""
    problem = experiment.problem()
    X, y = torch.asarray(problem.X), torch.asarray(problem.y)
    weights = torch.nn.Parameter(torch.asarray(problem.start.copy()))
    optimizer = OPTIMIZERS[wrong]([weights])
    for _ in range(4000):
        minimize(optimizer, lambda: ((X @ weights - y) ** 2).mean() / 2, 1)
        with torch.no_grad():
            weights.copy_(problem.penalty.prox(weights, optimizer.param_groups[0]["lr"]))
    assert np.count_nonzero((weights.detach().numpy() == 0.0) != (problem.solution == 0.0)) > 3


@pytest.mark.parametrize("make", [optim.SGD, optim.Adam, optim.RMSprop, optim.Adagrad])
def test_weight_decay_is_part_of_the_loss(make):
    lr = 0.1 if make in (optim.SGD, optim.Adagrad) else 0.002
    problem, weights, _ = convex(lambda w: make(w, lr=lr, weight_decay=0.3))
    slopes = experiment.full_gradient(problem.X, problem.y)(weights) + 0.3 * weights
    report = audit(weights, slopes, problem.penalty, tolerance=0.01)
    assert report.certified_zeros.sum() > 10 and not report.violations.any()


def test_decoupled_weight_decay_leaves_the_test_for_zero_as_it_is():
    problem, weights, state = convex(lambda w: optim.AdamW(w, lr=0.005, weight_decay=0.3), steps=6000)
    slopes = experiment.full_gradient(problem.X, problem.y)(weights)
    size = (state["exp_avg_sq"] / (1 - 0.999 ** state["step"])).sqrt().numpy() + 1e-8
    report = audit(weights, slopes + 0.3 * size * weights, problem.penalty, tolerance=0.01)
    assert report.certified_zeros.sum() > 10 and not report.violations.any()
    assert (np.abs(slopes[report.certified_zeros]) < experiment.BETA).all()


OTHERS = [optim.RAdam, optim.NAdam, optim.Adamax, optim.Adadelta, optim.ASGD, optim.Rprop, optim.LBFGS]


@pytest.mark.parametrize("make", [*OTHERS, type("Own", (optim.Adam,), {})])
def test_other_optimizers_are_refused(make):
    weights = parameter(1.0)
    with pytest.raises(TypeError, match=rf"SGD, Adam, AdamW, RMSprop, Adagrad of torch.optim, got {make.__name__}$"):
        add_proximal_step(make([weights], lr=0.1), {weights: L1})


def test_what_is_refused_besides():
    weights, other = parameter(1.0), parameter(2.0)
    with pytest.raises(ValueError, match="^optimizer must not be centered"):
        add_proximal_step(optim.RMSprop([weights], centered=True), {weights: L1})
    for options in ({"momentum": 1.0}, {"momentum": 0.5, "dampening": 1.0}):
        with pytest.raises(ValueError, match="^optimizer must have momentum and dampening below 1, got "):
            add_proximal_step(optim.SGD([weights], lr=0.1, **options), {weights: L1})
    for make in (optim.SGD, optim.Adam, optim.RMSprop, optim.Adagrad):
        with pytest.raises(ValueError, match="^optimizer must not be differentiable"):
            add_proximal_step(make([weights], lr=0.1, differentiable=True), {weights: L1})
    with pytest.raises(ValueError, match=r"^penalties must name parameters of the optimizer, got one of shape \(1,\)$"):
        add_proximal_step(optim.SGD([weights], lr=0.1), {other: L1})
    with pytest.raises(ValueError, match="^penalty must have numbers"):
        add_proximal_step(optim.SGD([weights], lr=0.1), {weights: catalog.l1()})
    with pytest.raises(TypeError, match="^penalties must be a dict of parameters to penalties, got Penalty$"):
        add_proximal_step(optim.SGD([weights], lr=0.1), L1)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_parameters_without_a_gradient_stay(name):
    weights, frozen, idle = parameter(1.0), parameter(0.01).requires_grad_(False), parameter(0.01)
    optimizer = OPTIMIZERS[name]([weights, frozen, idle])
    add_proximal_step(optimizer, dict.fromkeys((weights, frozen, idle), L1))
    minimize(optimizer, lambda: (weights**2).sum(), 3)
    assert frozen.item() == idle.item() == 0.01
    assert weights.item() < 1


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("tensor", [False, True])
def test_a_learning_rate_of_zero_moves_nothing(name, tensor):
    weights = parameter(1.0, 0.01)
    optimizer = OPTIMIZERS[name]([weights])
    add_proximal_step(optimizer, {weights: L1})
    for group in optimizer.param_groups:
        group["lr"] = torch.tensor(0.0, dtype=torch.float64) if tensor else 0.0
        group["foreach"] = False
    minimize(optimizer, lambda: (weights**2).sum(), 3)
    assert weights.tolist() == [1.0, 0.01]


@pytest.mark.filterwarnings("ignore:Sparse invariant")
@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("make", [optim.Adam, optim.AdamW, optim.RMSprop, optim.Adagrad])
def test_rows_of_an_embedding_stay_until_they_first_occur(make, sparse):
    if sparse and make is not optim.Adagrad:
        pytest.skip("this optimizer takes no sparse gradients")
    table = torch.nn.Embedding(3, 2, sparse=sparse)
    start = table.weight.detach().clone()
    options = {"weight_decay": 0.0} if make is optim.AdamW else {}
    optimizer = make(table.parameters(), lr=0.3 if make is optim.Adagrad else 0.01, **options)
    add_proximal_step(optimizer, {table.weight: catalog.l1().at(beta=0.5)})
    minimize(optimizer, lambda: (table(torch.tensor([0, 0])) - 0.3).square().mean(), 600)
    assert torch.equal(table.weight[1:], start[1:])
    assert (table.weight[0] == 0.0).all()
    minimize(optimizer, lambda: (table(torch.tensor([1])) - 0.3).square().mean(), 600)
    assert (table.weight[1] == 0.0).all() and torch.equal(table.weight[2], start[2])


@pytest.mark.filterwarnings("ignore:Sparse invariant")
def test_sparse_gradients_of_sgd():
    table = torch.nn.Embedding(3, 2, sparse=True)
    optimizer = optim.SGD(table.parameters(), lr=0.1)
    add_proximal_step(optimizer, {table.weight: catalog.l1().at(beta=0.5)})
    minimize(optimizer, lambda: (table(torch.tensor([0, 0])) - 3).square().mean(), 300)
    assert (table.weight[1:] == 0.0).all() and (table.weight[0] != 0.0).all()


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("weights_only", [False, True])
def test_a_checkpoint_goes_on_as_if_nothing_had_happened(name, weights_only):
    def loss(weights):
        return ((weights - torch.tensor([2.0, 0.01, -1.0])) ** 2).sum() / 2

    weights = parameter(1.0, 1.0, 1.0)
    optimizer = OPTIMIZERS[name]([weights])
    add_proximal_step(optimizer, {weights: L1})
    minimize(optimizer, lambda: loss(weights), 20)
    file = io.BytesIO()
    torch.save({"optimizer": optimizer.state_dict(), "weights": weights}, file)
    file.seek(0)
    saved = torch.load(file, weights_only=weights_only)
    again = torch.nn.Parameter(saved["weights"].detach().clone())
    resumed = OPTIMIZERS[name]([again])
    resumed.load_state_dict(saved["optimizer"])
    add_proximal_step(resumed, {again: L1})
    minimize(optimizer, lambda: loss(weights), 20)
    minimize(resumed, lambda: loss(again), 20)
    assert torch.equal(weights, again)


COARSE = {  # moves that half precision can add, and an eps that is not 0 in it
    "Adam": lambda w: optim.Adam(w, lr=0.02, eps=1e-4),
    "RMSprop": lambda w: optim.RMSprop(w, lr=0.02, eps=1e-4),
}


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
@pytest.mark.parametrize("name", ["SGD", "momentum", "RMSprop", "Adagrad", "Adam"])
def test_other_precisions(name, dtype):
    weights = parameter(1.0, 0.5, -1.0, dtype=dtype)
    optimizer = COARSE.get(name, OPTIMIZERS[name])([weights])
    add_proximal_step(optimizer, {weights: catalog.l1().at(beta=0.5)})
    minimize(optimizer, lambda: ((weights - torch.tensor([2.0, 0.3, -0.25])) ** 2).sum().float() / 2, 1500)
    assert weights.dtype == dtype
    assert (weights == 0.0).tolist() == [False, True, True]
    assert not torch.signbit(weights[1:]).any()
    assert abs(weights[0].item() - 1.5) < (0.3 if dtype == torch.bfloat16 else 0.05)


@pytest.mark.parametrize("size", [30.0, 300.0, 3000.0, 3e4])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_gradients_whose_squares_half_precision_cannot_hold(name, dtype, size):
    weights = parameter(1.0, 0.5, dtype=dtype)
    optimizer = OPTIMIZERS[name]([weights])
    add_proximal_step(optimizer, {weights: L1})
    for sign in (1, -1):
        weights.grad = torch.tensor([sign * size, sign * size / 2], dtype=dtype)
        optimizer.step()
    assert torch.isfinite(weights).all()


@pytest.mark.parametrize("make", [optim.SGD, optim.Adam, optim.AdamW, optim.Adagrad])
def test_the_step_that_a_scaler_leaves_out_is_left_out(make):
    weights = parameter(1.0, 0.01, dtype=torch.float32)
    optimizer, scaler = make([weights], lr=0.1, fused=True), torch.amp.GradScaler("cpu", init_scale=4.0)
    add_proximal_step(optimizer, {weights: L1})
    for factor in (1.0, float("inf")):
        before = weights.detach().clone()
        optimizer.zero_grad()
        scaler.scale((weights * factor).sum()).backward()
        scaler.step(optimizer)
        scaler.update()
        assert torch.equal(weights, before) == (factor == float("inf"))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_empty_parameters_stay_empty(name):
    empty = torch.nn.Parameter(torch.ones(0, 3, dtype=torch.float64))
    optimizer = OPTIMIZERS[name]([empty])
    add_proximal_step(optimizer, {empty: L1})
    empty.grad = torch.ones_like(empty)
    optimizer.step()
    assert empty.shape == (0, 3)


def test_closures_and_a_penalty_that_is_not_convex():
    weights = parameter(1.0, 1.0)
    optimizer = optim.SGD([weights], lr=0.1)
    handle = add_proximal_step(optimizer, {weights: catalog.mcp().at(beta=0.5, gamma=3)})

    def closure():
        optimizer.zero_grad()
        loss = ((weights - torch.tensor([2.0, 0.3])) ** 2).sum() / 2
        loss.backward()
        return loss

    for _ in range(300):
        optimizer.step(closure)
    np.testing.assert_allclose(weights.detach().numpy(), [2.0, 0.0], atol=1e-9)
    handle.remove()
    optimizer.step(closure)
    assert weights[1].item() != 0.0


def compiled(function, backend):
    """Return the compiled function; skip the test where PyTorch finds no compiler."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.compile(lambda x: x + 1, backend=backend)(torch.ones(1))
    except Exception as error:
        pytest.skip(f"torch.compile does not work here: {type(error).__name__}")
    return torch.compile(function, backend=backend)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "backend"), [("momentum", "inductor"), ("Adam", "eager")])
def test_a_compiled_network_and_a_compiled_step(name, backend):
    X, y = data()
    found = []
    for wrap in (lambda function: function, lambda function: compiled(function, backend)):
        torch.manual_seed(0)
        model = torch.nn.Linear(20, 1, dtype=torch.float64)
        optimizer = OPTIMIZERS[name](model.parameters())
        add_proximal_step(optimizer, {model.weight: L1})
        network, step = wrap(model), wrap(optimizer.step)
        for _ in range(20):
            optimizer.zero_grad()
            ((network(X) - y) ** 2).mean().backward()
            step()
        found.append(model.weight.detach().numpy())
    np.testing.assert_allclose(found[1], found[0], rtol=1e-3, atol=1e-5)  # PyTorch counts Adam's steps in float32


def data():
    """Twenty features of which three matter."""
    X = np.random.default_rng(0).normal(size=(200, 20))
    return torch.asarray(X), torch.asarray(np.tanh(X[:, :1] + X[:, 1:2]) - X[:, 2:3])


def network():
    """Return a small network and the penalties for all its parameters."""
    torch.manual_seed(0)
    first, second = torch.nn.Linear(20, 5, dtype=torch.float64), torch.nn.Linear(5, 1, dtype=torch.float64)
    model = torch.nn.Sequential(first, torch.nn.Tanh(), second)
    ridge = catalog.l2().at(beta=0.01)
    first, *others = model.parameters()
    return model, {first: L1, **dict.fromkeys(others, ridge)}


def half_mean_square(outputs, targets):
    return (outputs - targets).square().mean() / 2


def trained(name, proximal, steps=3000):
    """Return the network after training with L1 on the first layer, and the penalties."""
    model, penalties = network()
    first, *others = model.parameters()
    optimizer = OPTIMIZERS[name](model.parameters())
    if proximal:
        add_proximal_step(optimizer, {first: L1})
    X, y = data()

    def loss():
        smooth = half_mean_square(model(X), y) + 0.01 * sum((weights**2).sum() for weights in others)
        return smooth if proximal else smooth + BETA * first.abs().sum()

    minimize(optimizer, loss, steps)
    return model, penalties


@pytest.mark.parametrize("name", ["SGD", "momentum", "Nesterov", "Adam"])
def test_every_zero_of_the_first_layer_is_certified(name):
    model, penalties = trained(name, proximal=True)
    batches = list(zip(*(each.split(60) for each in data()), strict=True))  # the last batch is smaller
    found = audit_module(model, half_mean_square, batches, penalties, tolerance=0.1)
    zeros = model[0].weight.detach().numpy() == 0.0
    assert 50 < np.count_nonzero(zeros) < 100
    np.testing.assert_array_equal(found.layers["0.weight"].certified_zeros, zeros)
    assert not found.layers["0.weight"].violations.any()
    assert sum(each.weights.size for each in found.layers.values()) == found.report.weights.size == 111
    assert str(found).splitlines()[1].startswith("0.weight (5, 20): ")
    assert found.report.row(100).name == "0.bias[0]" and found.report.row(21).name == "0.weight[1, 1]"


@pytest.mark.parametrize("name", ["SGD", "momentum", "Nesterov", "Adam"])
def test_without_a_proximal_step_there_is_no_zero(name):
    model, _ = trained(name, proximal=False, steps=500)
    assert not (model[0].weight == 0.0).any()


def test_the_audit_leaves_the_network_as_it_was():
    model, penalties = network()
    model[2].bias.requires_grad_(False)
    penalties.pop(model[2].bias)
    before = copy.deepcopy(model.state_dict())
    with torch.no_grad():
        found = audit_module(model, half_mean_square, [data()], penalties)
    assert all(weights.grad is None for weights in model.parameters())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert "2.bias" not in found.layers
    assert found.layers["0.weight"].violations.any()
    with pytest.raises(ValueError, match="^batches must hold at least one sample"):
        audit_module(model, half_mean_square, iter(()), penalties)
    with pytest.raises(ValueError, match=r"^penalties must name trainable parameters, got another of shape \(1,\)$"):
        audit_module(model, half_mean_square, [data()], {model[2].bias: L1})


def test_a_parameter_has_one_proximal_step():
    weights, other = parameter(1.0), parameter(1.0)
    optimizer = optim.SGD([weights, other], lr=0.1)
    handle = add_proximal_step(optimizer, {weights: L1})
    add_proximal_step(optimizer, {other: L1})
    with pytest.raises(ValueError, match=r"^penalties must name parameters without a proximal step, got one of shape"):
        add_proximal_step(optimizer, {weights: L1})
    handle.remove()
    add_proximal_step(optimizer, {weights: L1})


def test_what_else_is_refused():
    model = torch.nn.Linear(2, 1)
    with pytest.raises(
        TypeError, match=r"^penalties must have parameters as keys, such as model\.weight, got 'weight'$"
    ):
        add_proximal_step(optim.SGD(model.parameters(), lr=0.1), {"weight": L1})
    inputs, targets = torch.ones(3, 2), torch.ones(3, 1)
    penalties = {model.weight: L1}
    with pytest.raises(ValueError, match=r"^loss must return the mean over a batch, one number, got shape \(3, 1\)$"):
        audit_module(model, torch.nn.MSELoss(reduction="none"), [(inputs, targets)], penalties)
    with pytest.raises(ValueError, match="^batches must give finite gradients"):
        audit_module(model, torch.nn.MSELoss(), [(inputs * torch.nan, targets)], penalties)
    for wrong in ({"y": targets}, (targets, targets), torch.tensor(1.0)):
        with pytest.raises(TypeError, match="^targets must have one entry a sample, got "):
            audit_module(model, lambda outputs, targets: outputs.mean(), [(inputs, wrong)], penalties)
    with pytest.raises(ValueError, match="^model must have trainable parameters"):
        audit_module(model.requires_grad_(False), torch.nn.MSELoss(), [(inputs, targets)], {})
