"""Numbers for every catalog penalty, and hypothesis strategies that draw from them."""

import zlib
from functools import cache

import numpy as np
import sympy as sp
from hypothesis import strategies as st

from exactzeros import catalog, w

NAMES = list(catalog.every())
CONVEX = ["l2", "lp(3/2)", "huber", "smoothed_l1", "l1", "elastic_net", "one_sided", "nonnegative"]

_RANGES = {"beta": (0.02, 50), "eps": (1e-3, 10), "delta": (1e-3, 10), "gamma": (1.01, 10), "a": (2.01, 10)}


@cache
def examples(name):
    """The penalty of that name with three sets of random numbers, the same in every run."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    symbolic = catalog.every()[name]
    ranges = {**_RANGES, "a": (0.02, 0.98)} if name == "elastic_net" else _RANGES
    return [
        symbolic.at(
            **{
                parameter.name: float(f"{np.exp(rng.uniform(*np.log(ranges[parameter.name]))):.3g}")
                for parameter in symbolic.parameters
            }
        )
        for _ in range(3 if symbolic.parameters else 1)
    ]


def penalty_named(name):
    """A strategy for a penalty of that name with numbers in it."""
    return st.sampled_from(examples(name))


steps = st.floats(1e-3, 1e3)


def numbers_around(*scales):
    """A strategy for numbers of either sign: exactly 0, of order 1, and near the given scales."""
    near = st.sampled_from(scales or (1.0,))
    signed = st.sampled_from((-1.0, 1.0))
    factor = st.one_of(st.just(1.0), st.floats(0.5, 2.0), st.floats(1e-3, 1e3))
    return st.one_of(st.just(0.0), st.floats(-10, 10), st.builds(lambda a, b, c: a * b * c, near, signed, factor))


def exact_value(expression, point, digits=40):
    """The expression at `w = point` to that many digits, evaluated without rewriting it."""
    return sp.N(expression.subs(w, sp.Rational(point)), digits)


def objective(penalty, u, v, step):
    """`step*rho(u) + (u - v)**2/2` elementwise."""
    return step * penalty(u) + (np.asarray(u) - v) ** 2 / 2
