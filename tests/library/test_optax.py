"""Proximal steps in JAX: every optimizer, compiled, finds the zeros of a convex problem."""

import numpy as np
import pytest

from exactzeros import audit, catalog
from exactzeros.book import optimizer_experiment as experiment

jax = pytest.importorskip("jax", reason="JAX is an extra")
optax = pytest.importorskip("optax", reason="optax is an extra")
from exactzeros import optax as proximal  # noqa: E402, optax may be missing

pytestmark = pytest.mark.slow  # most of its tests train a model

OPTIMIZERS = {
    "SGD": lambda penalty: proximal.sgd(0.1, penalty),
    "momentum": lambda penalty: proximal.sgd(0.005, penalty, momentum=0.9),
    "Nesterov": lambda penalty: proximal.sgd(0.005, penalty, momentum=0.9, nesterov=True),
    "schedule": lambda penalty: proximal.sgd(optax.exponential_decay(0.1, 1000, 0.5), penalty),
    "Adam": lambda penalty: proximal.adam(0.005, penalty),
    "AMSGrad": lambda penalty: proximal.amsgrad(0.05, penalty),
    "RMSprop": lambda penalty: proximal.rmsprop(0.002, penalty),
    "RMSprop with momentum": lambda penalty: proximal.rmsprop(0.0005, penalty, momentum=0.8),
    "Adagrad": lambda penalty: proximal.adagrad(0.1, penalty),
}
L1 = catalog.l1().at(beta=0.5)


def injected(make, penalty, **numbers):
    """Return an optimizer whose numbers are arrays in its state, by `optax.inject_hyperparams`."""
    static = [name for name in ("penalties", "nesterov") if name == "penalties" or name in numbers]
    return optax.inject_hyperparams(make, static_args=static)(penalties=penalty, **numbers)


OPTIMIZERS |= {
    "injected Nesterov": lambda p: injected(proximal.sgd, p, learning_rate=0.005, momentum=0.9, nesterov=True),
    "injected Adam": lambda p: injected(proximal.adam, p, learning_rate=0.005, b1=0.9, weight_decay=0.0),
    "injected RMSprop": lambda p: injected(proximal.rmsprop, p, learning_rate=0.0005, momentum=0.8),
}


def minimize(optimizer, gradient, weights, steps):
    """Return the weights and the state after so many compiled steps."""

    @jax.jit
    def run(weights):
        def step(_, carry):
            weights, state = carry
            updates, state = optimizer.update(gradient(weights), state, weights)
            return optax.apply_updates(weights, updates), state

        return jax.lax.fori_loop(0, steps, step, (weights, optimizer.init(weights)))

    return run(weights)


def convex(make, penalty=None, steps=4000):
    """Return the problem of the chapter, its weights after so many steps, and the state."""
    problem = experiment.problem()
    X, y = jax.numpy.asarray(problem.X), jax.numpy.asarray(problem.y)
    start = jax.numpy.asarray(problem.start)
    weights, state = minimize(make(penalty or problem.penalty), lambda w: X.T @ (X @ w - y) / len(y), start, steps)
    return problem, np.asarray(weights), state


@pytest.fixture(autouse=True)
def double():
    """Compute in float64."""
    with jax.enable_x64(True):
        yield


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_finds_the_zeros_of_a_convex_problem(name):
    problem, weights, _ = convex(OPTIMIZERS[name])
    np.testing.assert_array_equal(weights == 0.0, problem.solution == 0.0)
    assert not np.signbit(weights[weights == 0.0]).any()
    np.testing.assert_allclose(weights, problem.solution, atol=1e-4)


@pytest.mark.parametrize("name", ["momentum", "Adam", "RMSprop", "Adagrad"])
def test_with_the_plain_step_as_threshold_they_miss_them(name):
    """The near miss: optax's own optimizer, and the learning rate in the place of its own step."""
    problem = experiment.problem()
    rate, own = {
        "momentum": (0.005, optax.sgd(0.005, momentum=0.9)),
        "Adam": (0.005, optax.adam(0.005)),
        "RMSprop": (0.002, optax.rmsprop(0.002)),
        "Adagrad": (0.1, optax.adagrad(0.1)),
    }[name]

    def update(gradient, state, weights):
        moves, state = own.update(gradient, state, weights)
        return problem.penalty.prox(weights + moves, rate) - weights, state

    _, weights, _ = convex(lambda penalty: optax.GradientTransformation(own.init, update))
    assert np.count_nonzero((weights == 0.0) != (problem.solution == 0.0)) > 3


def test_decoupled_weight_decay_leaves_the_test_for_zero_as_it_is():
    problem, weights, state = convex(lambda penalty: proximal.adam(0.005, penalty, weight_decay=0.3), steps=6000)
    slopes = experiment.full_gradient(problem.X, problem.y)(weights)
    size = np.sqrt(np.asarray(state.inner.nu) / (1 - 0.999**6000)) + 1e-8
    report = audit(weights, slopes + 0.3 * size * weights, problem.penalty, tolerance=0.01)
    assert report.certified_zeros.sum() > 10 and not report.violations.any()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_penalties_for_parts_of_a_tree(name):
    weights = {"free": jax.numpy.ones(2), "layer": {"a": jax.numpy.ones(2), "b": jax.numpy.ones((1, 2))}}
    optimizer = OPTIMIZERS[name]({"free": None, "layer": L1})
    found, _ = minimize(optimizer, lambda w: jax.tree.map(lambda x: x - 0.3, w), weights, 2000)
    assert all((part == 0.0).all() for part in jax.tree.leaves(found["layer"]))
    np.testing.assert_allclose(found["free"], 0.3, atol=0.05)


@pytest.mark.parametrize("penalty", [L1, catalog.mcp().at(beta=0.5, gamma=3), catalog.log_sum().at(beta=0.5, eps=1)])
@pytest.mark.parametrize("name", ["momentum", "Adam"])
def test_every_kind_of_penalty_in_single_precision(name, penalty):
    with jax.enable_x64(False):
        target = jax.numpy.array([4.0, 0.3, -0.2])
        weights, _ = minimize(OPTIMIZERS[name](penalty), lambda w: w - target, jax.numpy.ones(3), 3000)
        assert weights.dtype == np.float32
        assert (weights == 0.0).tolist() == [False, True, True]


def test_a_learning_rate_of_zero_and_a_weight_without_a_gradient():
    start = jax.numpy.array([1.0, 0.01])
    still, _ = minimize(proximal.adam(0.0, L1), lambda w: w, start, 3)
    np.testing.assert_array_equal(still, start)
    for make in (proximal.adam, proximal.amsgrad, proximal.rmsprop):
        found, _ = minimize(make(0.01, L1), lambda w: w * jax.numpy.array([1.0, 0.0]), start, 500)
        assert found.tolist() == [0.0, 0.01]


def test_what_is_refused():
    with pytest.raises(TypeError, match="^penalty must be a Penalty"):
        proximal.sgd(0.1, "l1")
    with pytest.raises(ValueError, match="^penalty must have numbers"):
        proximal.sgd(0.1, catalog.l1())
    optimizer = proximal.sgd(0.1, L1)
    with pytest.raises(ValueError, match=r"^params must be given: update\(gradients, state, params\)$"):
        optimizer.update(jax.numpy.ones(1), optimizer.init(jax.numpy.ones(1)))


@pytest.mark.parametrize(
    ("make", "wrong", "error"),
    [
        (proximal.sgd, {"learning_rate": -0.1}, ValueError), (proximal.sgd, {"learning_rate": "fast"}, TypeError),
        (proximal.sgd, {"momentum": 1.0}, ValueError), (proximal.sgd, {"momentum": -0.5}, ValueError),
        (proximal.adam, {"b2": 1.0}, ValueError), (proximal.amsgrad, {"b1": 1}, ValueError),
        (proximal.rmsprop, {"momentum": 1}, ValueError), (proximal.rmsprop, {"decay": np.nan}, ValueError),
    ],
)  # fmt: skip
def test_numbers_that_no_optimizer_can_have(make, wrong, error):
    with pytest.raises(error, match=f"^{next(iter(wrong))} must "):
        make(**{"learning_rate": 0.1, "penalties": L1} | wrong)
