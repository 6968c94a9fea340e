"""Code as a user of the library would write it: pyright accepts every line in strict mode, and knows every type."""

from typing import assert_type

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from exactzeros import (
    ImproperPriorError,
    Penalty,
    Prior,
    UndecidedError,
    audit,
    audit_estimator,
    catalog,
    experiments,
    losses,
    optimizers,
    solvers,
    w,
    zero_test,
)

beta = sp.Symbol("beta", positive=True)
l1 = Penalty(beta * sp.Abs(w))
assert_type(l1.slopes_at_zero, tuple[sp.Expr, sp.Expr])
assert_type(l1.kink, sp.Expr)
assert_type(l1.zero_interval, sp.Set)
assert_type(l1.gives_zeros, bool)
assert_type(l1.has_continuous_prox, bool)
assert_type(l1.slopes_at_infinity, tuple[sp.Expr, sp.Expr])
assert_type(l1.prior, Prior)
assert_type(l1.latex, str)

half = l1.at(beta=0.5)
assert_type(half, Penalty)
assert_type(half.numeric_slopes_at_zero, tuple[float, float])
assert_type(half([-1.0, 2.0]), NDArray[np.float64])
assert_type(half.prox([2.0, 0.3], step=0.5), NDArray[np.float64])
assert_type(half.prox(np.ones(3), out=np.empty(3)), NDArray[np.float64])
left, right = half.one_sided_slopes(np.zeros(2))
assert_type(left + right, NDArray[np.float64])

small = catalog.lp(0.5).at(beta=1)
assert_type(catalog.every()["l1"], Penalty)
assert_type(zero_test([0.1, 0.7], small).zero, NDArray[np.bool_])

loss = losses.LeastSquares([[1, 0], [0, 2]], [3, 4])
result = solvers.proximal_gradient(loss, half, tolerance=1e-9, start=np.zeros(loss.size))
assert_type(result.solution, NDArray[np.float64])
assert_type(result.converged, bool)


class Square(losses.Loss):
    """A user-defined loss."""

    size = 1
    lipschitz = 2.0

    def __call__(self, w: ArrayLike) -> float:
        return float(np.sum(np.square(np.asarray(w, dtype=float))))

    def gradient(self, w: ArrayLike) -> NDArray[np.float64]:
        return 2 * np.asarray(w, dtype=float)


assert_type(solvers.coordinate_descent(Square(), half), solvers.Result)


def slope(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return weights - 0.3


for optimizer in (optimizers.SGD(0.5, momentum=0.9), optimizers.Adam(0.5)):
    path = optimizers.trajectory(slope, optimizer, [1.0], [1, 10], half.prox)
    assert_type(path, NDArray[np.float64])

report = audit(result.solution, loss.gradient(result.solution), half, names=["age", "bmi"])
assert_type(report.certified_zeros, NDArray[np.bool_])
assert_type(report.worst.slack, float)
for verdict, count in report.counts.items():
    print(verdict, count + 1)


def strength(model: object) -> float | None:
    return audit_estimator(model, [[1.0], [2.0]], [1.0, 2.0]).strength


assert_type(experiments.zero_frequency(half, seed=1).low, float)

try:
    density = Penalty(sp.log(1 + sp.Abs(w))).prior.density
except ImproperPriorError as error:
    print(error)
except UndecidedError as error:
    print(error.assumption)
