"""The PyTorch recipe with the real PyTorch: exact zeros in a small network, and the audit of its first layer."""

import sys

import numpy as np
import pytest

from book import ROOT
from exactzeros import audit, catalog
from exactzeros.book import optimizer_experiment as experiment

torch = pytest.importorskip("torch", reason="PyTorch's CPU build is tested on Python 3.11 only")
sys.path.insert(0, str(ROOT / "recipes"))
from torch_proximal import proximal_step  # noqa: E402, torch may be missing

torch.set_num_threads(1)  # the tensors are small
OPTIMIZERS = {
    "SGD": lambda groups: torch.optim.SGD(groups, lr=0.1),
    "momentum": lambda groups: torch.optim.SGD(groups, lr=0.005, momentum=0.9),
    "Nesterov": lambda groups: torch.optim.SGD(groups, lr=0.005, momentum=0.9, nesterov=True),
    "Adam": lambda groups: torch.optim.Adam(groups, lr=0.005),
}
BETA = 0.05
L1 = catalog.l1().at(beta=BETA)


def data():
    """Twenty features of which three matter."""
    X = np.random.default_rng(0).normal(size=(200, 20))
    return torch.asarray(X), torch.asarray(np.tanh(X[:, :1] + X[:, 1:2]) - X[:, 2:3])


def trained(optimizer, proximal, steps=1500):
    """Return the first layer's weights after training with L1 on them, and the gradient of the loss there."""
    torch.manual_seed(0)
    X, y = data()
    first, second = torch.nn.Linear(20, 5, dtype=torch.float64), torch.nn.Linear(5, 1, dtype=torch.float64)
    network = torch.nn.Sequential(first, torch.nn.Tanh(), second)
    others = [first.bias, *second.parameters()]
    groups = [{"params": [first.weight], **({"penalty": L1} if proximal else {})}, {"params": others}]
    optimizer = OPTIMIZERS[optimizer](groups)

    def loss():
        return ((network(X) - y) ** 2).mean() / 2 + 0.01 * sum((weights**2).sum() for weights in others)

    for _ in range(steps):
        optimizer.zero_grad()
        (loss() if proximal else loss() + BETA * first.weight.abs().sum()).backward()
        optimizer.step()
        proximal_step(optimizer)
    optimizer.zero_grad()
    loss().backward()
    return first.weight.detach().numpy(), first.weight.grad.numpy()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_zero_of_the_first_layer_is_certified(optimizer):
    weights, gradient = trained(optimizer, proximal=True)
    zeros = weights == 0.0
    assert 50 < np.count_nonzero(zeros) < 100
    assert not np.signbit(weights[zeros]).any()
    report = audit(weights.ravel(), gradient.ravel(), L1, tolerance=0.1)  # training does not converge to the last digit
    np.testing.assert_array_equal(report.certified_zeros, zeros.ravel())
    assert not report.violations.any()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_without_the_recipe_there_is_no_zero(optimizer):
    weights, _ = trained(optimizer, proximal=False, steps=500)
    assert not (weights == 0.0).any()


@pytest.mark.parametrize("optimizer", ["SGD", "momentum", "Adam"])
def test_the_recipe_finds_the_zeros_of_the_chapter(optimizer):
    problem = experiment.problem()
    X, y = torch.asarray(problem.X), torch.asarray(problem.y)
    weights = torch.nn.Parameter(torch.asarray(problem.start.copy()))
    descent = OPTIMIZERS[optimizer]([{"params": [weights], "penalty": problem.penalty}])
    for _ in range(2500):
        descent.zero_grad()
        (((X @ weights - y) ** 2).mean() / 2).backward()
        descent.step()
        proximal_step(descent)
    np.testing.assert_array_equal(weights.detach().numpy() == 0.0, problem.solution == 0.0)
    np.testing.assert_allclose(weights.detach().numpy(), problem.solution, atol=1e-5)
