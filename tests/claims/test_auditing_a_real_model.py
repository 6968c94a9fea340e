"""The statements of the chapter "Auditing a real model"."""

import numpy as np
import pytest
import z3
from proving import assert_proved

from sparsity import audit, catalog

g, h, beta, a, b, other = z3.Reals("g h beta a b other")


@pytest.mark.claim("def-certified", evidence="sample")
@pytest.mark.near_miss("the edge is certified, too", slope=0.5)
def test_the_audit_certifies_strictly_inside(slope=0.5 - 2**-40):
    """The function certifies a slope just inside the edge, and by the definition not one at it."""
    report = audit([0.0], [slope], catalog.l1().at(beta=0.5), tolerance=0, absolute=0)
    assert report.certified_zeros.all()
    assert report.slack[0] == 0.5 - slope


@pytest.mark.claim("prop-audit", evidence="proof")
@pytest.mark.near_miss("outside on the right", low=-beta * b, high=2 * beta * a)
def test_a_certified_zero_goes_up_both_ways(low=-beta * b, high=beta * a):
    """The first-order change is positive for each step if the slope lies strictly between the edges."""
    positive = z3.And(beta > 0, a > 0, b > 0, low < g, g < high)
    change = g * h + z3.If(h > 0, beta * b * h, -beta * a * h)
    assert_proved(z3.Implies(z3.And(positive, h != 0), change > 0))


@pytest.mark.claim("prop-audit", evidence="proof")
@pytest.mark.near_miss("the smaller of the two", larger=z3.If(g / b < -g / a, g / b, -g / a))
def test_strengths_that_keep_a_zero(larger=z3.If(g / b > -g / a, g / b, -g / a)):
    """The zero is certified at another strength exactly if that exceeds the larger of `g/b` and `-g/a`."""
    certified = z3.And(-other * a < g, g < other * b)
    assert_proved(z3.Implies(z3.And(a > 0, b > 0), certified == (other > larger)))


@pytest.mark.claim("prop-audit", evidence="sample")
@pytest.mark.near_miss("a stationary point of a non-convex loss", curvature=-1.0)
def test_a_stationary_point_of_a_convex_objective_is_a_global_minimum(curvature=1.0):
    """On a grid, no point is lower than the stationary one: one convex family."""
    point = 0.5
    slope = -1.0
    grid = np.linspace(-10, 10, 2001)

    def objective(w):
        return slope * (w - point) + curvature * (w - point) ** 2 / 2 + np.abs(w)

    assert audit([point], [slope], catalog.l1().at(beta=1)).counts["stationary"] == 1
    assert (objective(grid) >= objective(point)).all()
