"""The proximal operator is the global minimizer, with exact zeros, for every penalty at every magnitude."""

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Max, Min, Piecewise, Rational, cos, exp, log, oo, sqrt

from exactzeros import Penalty, UndecidedError, catalog, w
from penalties import CONVEX, NAMES, examples, numbers_around, objective, penalty_named, steps

SETTINGS = settings(max_examples=30)


def special_scales(penalty, step):
    """The sizes of v at which the kind of answer changes: edges of the zero interval, borders of the pieces."""
    slopes = [abs(step * slope) for slope in penalty.numeric_slopes_at_zero if np.isfinite(slope)]
    borders = sorted({abs(float(number)) for number in penalty.expression.atoms(sp.Rational) if number})
    return [scale for scale in slopes + borders if scale] or [1.0]


def grid(v, size=4001):
    """Points where a minimizer could be: a fine grid over [-2|v|, 2|v|], linear and logarithmic, 0 and v."""
    reach = 2 * abs(v) + 1e-3
    logarithmic = np.geomspace(1e-12, 1, size) * reach
    return np.concatenate([np.linspace(-reach, reach, size), logarithmic, -logarithmic, [0.0, v]])


def assert_global(penalty, v, step, found, rivals):
    best = objective(penalty, found, v, step)
    least = objective(penalty, rivals, v, step).min()
    constants = max((abs(float(number)) for number in penalty.expression.atoms(sp.Rational)), default=0.0)
    rounding = 1e-15 * step * constants  # of a penalty that is a difference of large terms
    assert best <= least + 1e-12 * (1 + abs(least) + v * v) + rounding


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@SETTINGS
@given(data=st.data())
def test_no_point_is_better(name, data):
    penalty, step = data.draw(penalty_named(name)), data.draw(steps)
    v = data.draw(numbers_around(*special_scales(penalty, step)))
    found = penalty.prox(v, step)
    assert found.shape == ()
    assert not np.signbit(found) or found < 0
    perturbed = found + np.random.default_rng(1).normal(size=200) * np.geomspace(1e-9, 1, 200) * (abs(v) + 1e-3)
    assert_global(penalty, v, step, found, np.concatenate([grid(v), perturbed]))


@pytest.mark.parametrize("name", NAMES)
@SETTINGS
@given(data=st.data())
def test_zero_and_the_zero_interval(name, data):
    penalty, step = data.draw(penalty_named(name)), data.draw(steps)
    v = data.draw(numbers_around(*special_scales(penalty, step)))
    left, right = penalty.numeric_slopes_at_zero
    inside = step * left <= v <= step * right
    zero = penalty.prox(v, step) == 0
    if name in CONVEX and name != "lp(3/2)":  # whose minimizer, of order v**2, may be less than any float
        assert zero == inside
    else:
        assert inside or not zero or abs(v) < 1e-150


@pytest.mark.parametrize(
    "name", [name for name in NAMES if name not in ("l2", "lp(3/2)", "huber", "smoothed_l1", "lp(1/2)")]
)
def test_exact_edges_of_the_zero_interval(name):
    for penalty in examples(name):
        for slope in penalty.numeric_slopes_at_zero:
            if np.isfinite(slope):
                beyond = slope + np.copysign(
                    1e-9 * max(abs(slope), 1), slope if slope else 1.0 if name == "nonnegative" else -1.0
                )
                at_edge, outside = penalty.prox([slope, beyond], step=1.0)
                assert at_edge == 0 or name in ("mcp", "scad", "log_sum")
                assert outside != 0


@pytest.mark.parametrize("name", NAMES)
def test_minimizers_to_fifty_digits(name):
    """A minimizer other than 0 is stationary: the derivative changes its sign within a few units of rounding."""
    rng = np.random.default_rng(3)
    for penalty in examples(name):
        slope = sp.lambdify(w, penalty.derivative, "mpmath")
        for v in rng.normal(size=8) * 10.0 ** rng.uniform(-3, 3, size=8):
            u = float(penalty.prox(v, 0.7))
            if u == 0 or any(abs(u) == abs(float(number)) for number in penalty.expression.atoms(sp.Rational)):
                continue
            with mpmath.workdps(50):
                below, above = (mpmath.mpf(u) * (1 + shift) for shift in (mpmath.mpf("-4e-15"), mpmath.mpf("4e-15")))
                low, high = (x + mpmath.mpf(0.7) * slope(x) - mpmath.mpf(v) for x in sorted((below, above)))
            assert low <= 0 <= high


@pytest.mark.parametrize("name", NAMES)
def test_exact_zeros_are_positive(name):
    for penalty in examples(name):
        for v in (np.full(1001, -0.0), np.zeros(3), -np.geomspace(1e-320, 1e-300, 50), np.linspace(-50, 50, 1001)):
            found = penalty.prox(v)
            assert not np.signbit(found[found == 0]).any()


@pytest.mark.parametrize("name", NAMES)
def test_shapes_and_types(name):
    penalty = examples(name)[0]
    base = np.linspace(-9, 9, 24).reshape(2, 3, 4)
    expected = penalty.prox(base.ravel().copy())
    np.testing.assert_array_equal(penalty.prox(base).ravel(), expected)
    np.testing.assert_allclose(
        penalty.prox(base[:, ::-1, ::2].T), expected.reshape(2, 3, 4)[:, ::-1, ::2].T, rtol=1e-14
    )
    np.testing.assert_allclose(penalty.prox(np.asfortranarray(base[0])), expected.reshape(2, 3, 4)[0], rtol=1e-14)
    for v in (
        3,
        -2,
        np.int32(3),
        np.float32(2.5),
        np.float64(2.5),
        np.array(2.5),
        [3, -2],
        np.arange(5, dtype=np.uint8),
        np.float32([[1.5]]),
    ):
        found = penalty.prox(v)
        assert isinstance(found, np.ndarray)
        assert found.dtype == np.float64
        assert found.shape == np.shape(v)
        np.testing.assert_array_equal(found, penalty.prox(np.asarray(v, dtype=float)))


@pytest.mark.parametrize("name", NAMES)
def test_out(name):
    penalty = examples(name)[0]
    v = np.linspace(-9, 9, 101)
    expected = penalty.prox(v, 0.5)
    out = np.full_like(v, np.nan)
    assert penalty.prox(v, 0.5, out=out) is out
    np.testing.assert_array_equal(out, expected)
    scalar = np.empty(())
    assert penalty.prox(-9.0, 0.5, out=scalar) is scalar
    assert scalar == expected[0]
    overlapping = np.append(0.0, v)
    penalty.prox(overlapping[1:], 0.5, out=overlapping[:-1])
    np.testing.assert_array_equal(overlapping[:-1], expected)
    backwards = v.copy()
    penalty.prox(backwards[::-1], 0.5, out=backwards)
    np.testing.assert_array_equal(backwards, expected[::-1])
    assert penalty.prox(v, 0.5, out=v) is v
    np.testing.assert_array_equal(v, expected)


def test_blocks_leave_no_seam():
    v = np.random.default_rng(0).normal(size=200_003)
    expected = np.sign(v) * np.maximum(np.abs(v) - 0.5, 0)
    np.testing.assert_array_equal(catalog.l1().at(beta=0.5).prox(v), expected)
    overlapping = np.append(0.0, v)
    catalog.l1().at(beta=0.5).prox(overlapping[:-1], out=overlapping[1:])
    np.testing.assert_array_equal(overlapping[2:], expected[:-1])


@pytest.mark.parametrize(
    ("name", "asymptotic"),
    [
        ("l2", lambda v, p: v / (1 + 2 * float(p.derivative.subs(w, 1)) / 2)),
        ("huber", None),
        ("smoothed_l1", None),
        ("l1", None),
        ("mcp", None),
        ("scad", None),
        ("log_sum", None),
        ("lp(1/2)", None),
        ("lp(3/2)", None),
        ("one_sided", None),
    ],
)
@pytest.mark.parametrize("size", [1e150, 1e200, 1e300])
def test_huge(name, asymptotic, size):
    for penalty in examples(name):
        np.testing.assert_allclose(
            penalty.prox([size, -size]),
            asymptotic(np.array([size, -size]), penalty) if asymptotic else [size, -size],
            rtol=1e-12,
        )


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@SETTINGS
@given(data=st.data())
def test_within_rounding_of_every_edge(name, data):
    """A few units of rounding beside an edge or a border no far point wins, and the operator does not decrease."""
    penalty, step = data.draw(penalty_named(name)), data.draw(steps)
    borders = zip(map(float, penalty._pieces.borders), penalty._pieces.border_slopes, strict=True)
    edges = [border + step * slope for border, slopes in borders for slope in slopes]
    edges = [edge for edge in edges if np.isfinite(edge)] or [1.0]
    v = np.sort([edge + units * np.spacing(edge) for edge in edges for units in range(-8, 9)])
    found = penalty.prox(v, step)
    assert (np.diff(found) >= -1e-15 * np.abs(found).max()).all()
    for each in (found, penalty.prox(v, np.full_like(v, step))):
        gain = step * (penalty(each) - penalty(0.0)) + each * (each / 2 - v)
        assert (gain <= 1e-14 * (v * v + step * np.abs(penalty(each)) + 1e-300)).all()


def test_at_the_edge_in_decimals_zero_is_the_answer():
    """0.57*0.1 in floats is one unit of rounding below 0.057, and no objective can tell the two apart."""
    assert catalog.mcp().at(beta=0.1, gamma=3).prox(0.057, 0.57) == 0
    assert catalog.scad().at(beta=0.3, a=3.7).prox(0.057, 0.19) == 0


@pytest.mark.parametrize("step", [0.05, 0.1, 0.2])
def test_within_rounding_of_either_edge_zero_is_the_answer(step):
    """The two sides have different curves, so each has an edge of its own."""
    penalty = Penalty(log(1 + 2 * Max(w, 0)) + 2 * log(1 + Max(-w, 0)))
    units = np.array([0, 1, 2, 3, 1e6]) * np.finfo(float).eps
    for slope in penalty.numeric_slopes_at_zero:
        np.testing.assert_array_equal(penalty.prox(step * slope * (1 + units), step) == 0, [1, 1, 1, 1, 0])


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@SETTINGS
@given(data=st.data())
def test_a_step_for_each_value_is_the_same_as_one_by_one(name, data):
    penalty = data.draw(penalty_named(name))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    v, own = rng.normal(size=20) * np.exp(2 * rng.normal(size=20)), np.exp(2 * rng.normal(size=20))
    one_by_one = [float(penalty.prox(value, step)) for value, step in zip(v, own, strict=True)]
    np.testing.assert_allclose(penalty.prox(v, own), one_by_one, rtol=1e-11, atol=1e-14)


@pytest.mark.slow
def test_huge_elastic_net_and_constraint():
    np.testing.assert_allclose(
        catalog.elastic_net().at(beta=2, a=0.5).prox([1e300, -1e300]), [5e299, -5e299], rtol=1e-15
    )
    np.testing.assert_array_equal(catalog.nonnegative().prox([1e300, -1e300]), [1e300, 0])
    np.testing.assert_allclose(Penalty(w**4).prox([4e300]), [1e100], rtol=1e-12)
    np.testing.assert_allclose(
        Penalty(exp(Abs(w))).prox([1e300, -1e10]), [np.log(1e300), -np.log(1e10 - np.log(1e10))], rtol=1e-12
    )
    np.testing.assert_allclose(
        Penalty(Piecewise((Abs(w), Abs(w) < 1), (w**2, True))).prox([3e300]), [1e300], rtol=1e-15
    )


@pytest.mark.slow
@pytest.mark.parametrize("size", [1e-300, 1e-160, 1e-30])
def test_tiny(size):
    v = np.array([size, -size])
    np.testing.assert_allclose(catalog.l2().at(beta=0.5).prox(v), v / 2, rtol=1e-15)
    np.testing.assert_allclose(catalog.huber().at(beta=1, delta=0.5).prox(v), v / 3, rtol=1e-15)
    np.testing.assert_allclose(catalog.smoothed_l1().at(beta=1, eps=0.5).prox(v), v / 3, rtol=1e-14)
    np.testing.assert_array_equal(catalog.nonnegative().prox(v), [size, 0])
    for name in ("l1", "elastic_net", "mcp", "scad", "log_sum", "lp(1/2)"):
        np.testing.assert_array_equal(examples(name)[0].prox(v), [0, 0])
    tiny = catalog.l1().at(beta=size / 2)
    np.testing.assert_array_equal(tiny.prox(v), v / 2)
    np.testing.assert_allclose(catalog.mcp().at(beta=size / 2, gamma=3).prox(v), v * 3 / 4, rtol=1e-14)
    if size > 1e-200:
        np.testing.assert_allclose(Penalty(Abs(w) ** Rational(7, 10)).prox(v, size**1.3 / 10), v, rtol=0.2)


@pytest.mark.parametrize("step", [1e-300, 1e-10, 1e10, 1e300])
def test_extreme_steps(step):
    np.testing.assert_allclose(catalog.l2().at(beta=0.5).prox([3.0], step), [3 / (1 + step)], rtol=1e-15)
    np.testing.assert_array_equal(
        catalog.l1().at(beta=1).prox([3.0, -3.0], step), [3 - step, step - 3] if step < 3 else [0, 0]
    )
    np.testing.assert_array_equal(catalog.lp(0.5).at(beta=1).prox([3.0], step) == 0, [step > 3])
    np.testing.assert_array_equal(catalog.nonnegative().prox([3.0, -3.0], step), [3, 0])


@pytest.mark.parametrize("gamma", [1.5, 2, 3.7])
def test_mcp_at_the_step_where_its_parabola_turns(gamma):
    v = np.array([0.5, 1.0, gamma - 0.01, gamma, gamma + 0.01, 9.0])
    np.testing.assert_array_equal(catalog.mcp().at(beta=1, gamma=gamma).prox(v, step=gamma), np.where(v > gamma, v, 0))


def test_where_two_points_minimize_the_nearer_to_zero_is_taken():
    zero_norm = Penalty(Piecewise((0, sp.Eq(w, 0)), (1, True)))
    np.testing.assert_array_equal(zero_norm.prox([2.0, -2.0, 2.0000001, 1.9999999], step=2.0), [0, 0, 2.0000001, 0])
    steps_up = Penalty(Piecewise((0, w <= 1), (2, True)))
    np.testing.assert_array_equal(steps_up.prox([3.0, 3.1, 0.5]), [1, 3.1, 0.5])


LOCAL_MINIMA = {
    "two wells": (w**2 - 4) ** 2 / 8,
    "tilted wells": (w**2 - 1) ** 2 + w / 2,
    "distance to the integers -1, 0, 1": Min(Abs(w), Abs(w - 1), Abs(w + 1)),
    "capped absolute value": Min(Abs(w), 1),
    "upward kinks": Abs(Abs(w) - 1),
    "nested kinks": Abs(Abs(Abs(w) - 2) - 1),
    "jumps": Piecewise((0, sp.Eq(w, 0)), (Rational(1, 2), Abs(w) <= 1), (1, True)),
    "zero norm": Piecewise((0, sp.Eq(w, 0)), (1, True)),
    "grid": Piecewise((0, sp.Eq(w, 1)), (0, sp.Eq(w, 0)), (1, True)),
    "box": Piecewise((0, Abs(w) <= 1), (oo, True)),
    "shifted box": Piecewise((w / 2, (w >= 1 - 2) & (w <= 3)), (oo, True)),
    "half box": Piecewise((Abs(w), w >= 0), (oo, True)),
    "barrier": Piecewise((-log(1 - w**2), Abs(w) < 1), (oo, True)),
    "one-sided barrier": Piecewise((-log(1 + w), w > -1), (oo, True)),
    "waves": 1 - cos(3 * w),
    "quick waves": 2 - 2 * cos(20 * w) + Abs(w),
    "bump": 1 - exp(-((w - 3) ** 2)),
    "far bump": 1 - exp(-((w - 30) ** 2)),
    "student": 3 * log(1 + w**2),
    "dead zone": Max(Abs(w) - Rational(1, 2), 0),
    "asymmetric": 2 * Max(w, 0) + Max(-w, 0) / 3,
    "linear": 2 * w,
    "concave": -Abs(w),
    "concave root": -sqrt(Abs(w)),
    "concave parabola": -(w**2) / 5,
    "two powers": sqrt(Abs(w)) + Abs(w) ** Rational(5, 3),
    "odd power": Abs(w) ** Rational("0.7312345678901"),
    "near 1": Abs(w) ** Rational(10001, 10000),
    "irrational power": Abs(w) ** sp.sqrt(2) / 3,
    "high power": w**20,
    "steep": exp(w**2),
    "falls and rises": Piecewise((Abs(w) ** Abs(w) - 1, sp.Ne(w, 0)), (0, True)),
    "entropy": Piecewise((-Abs(w) * log(Abs(w)), sp.Ne(w, 0)), (0, True)),
    "pole": 1 / (w - 1) ** 2,
    "kinked pole": 1 / Abs(w - 1),
    "quintic": w**5 / 50 + 3 * Abs(w) ** 5 / 50,
    "special function": sp.erf(2 * Abs(w)),
    "cubic border": Piecewise((w**2, w**3 - w - 1 <= 0), (w**2 + 1, True)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LOCAL_MINIMA)
def test_user_penalties_against_brute_force(name):
    penalty = Penalty(LOCAL_MINIMA[name])
    borders = [float(number) for number in penalty.expression.atoms(sp.Rational)]
    rng = np.random.default_rng(5)
    for step in (0.1, 1.5):
        v = np.concatenate([[0.0, 1.0, -1.0, 2.0, step, -step], rng.normal(scale=3, size=14)])
        found = penalty.prox(v, step)
        assert not np.signbit(found[found == 0]).any()
        for single, one in zip(v, found, strict=True):
            rivals = np.concatenate(
                [np.linspace(-12, 12, 24001), borders, one + np.linspace(-1e-3, 1e-3, 999), [single]]
            )
            finite = (
                rivals[np.isfinite(penalty(rivals))] if name not in ("high power", "steep") else rivals[abs(rivals) < 4]
            )
            assert_global(penalty, single, step, one, finite)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["jumps", "grid", "capped absolute value", "upward kinks", "asymmetric", "entropy"])
def test_a_step_for_each_value_of_a_user_penalty(name):
    """Borders other than 0 compete too; where two points minimize, either way finds the same one."""
    penalty = Penalty(LOCAL_MINIMA[name])
    rng = np.random.default_rng(8)
    v, own = rng.normal(scale=2, size=60), np.exp(rng.normal(size=60)) / 2
    one_by_one = [float(penalty.prox(value, step)) for value, step in zip(v, own, strict=True)]
    np.testing.assert_allclose(penalty.prox(v, own), one_by_one, rtol=1e-11, atol=1e-14)


@pytest.mark.slow
@pytest.mark.parametrize("shift", [1.0, np.pi, 7.0])
def test_many_values_at_once_are_found_as_one_by_one(shift):
    penalty = Penalty(LOCAL_MINIMA["tilted wells"])
    v = np.linspace(-4, 4, 301) * shift
    np.testing.assert_allclose(penalty.prox(v), [float(penalty.prox(one)) for one in v], rtol=1e-13)


@pytest.mark.parametrize("end", [Rational(5, 4), Rational(3, 2), 2, 4])
def test_a_turning_point_on_the_grid_is_found(end):
    """`u - exp(u - 1)` turns exactly at u = 1, and every such grid over the box has that point."""
    penalty = Penalty(Piecewise((-2 * exp(w - 1), (w >= 0) & (w <= end)), (oo, True)))
    for v in (-0.03, -0.0187, -0.01):
        assert_global(penalty, v, 0.5, penalty.prox(v, 0.5), np.linspace(0, float(end), 20001))


def test_stationary_point_at_a_turning_point():
    """`u + rho(u)` has the slope `(u - 1)**3 + 1`: v = 1 meets it exactly where it is flat, between two stretches."""
    flat = Penalty(integrate_slope(lambda u: (u - 1) ** 3 + 1 - u))
    np.testing.assert_allclose(flat.prox([1.0, 2.0, 9.0], 1.0), [1, 2, 3], atol=1e-5)
    np.testing.assert_allclose(flat.prox([2.0, 9.0], 1.0), [2, 3], rtol=1e-12)


def integrate_slope(slope):
    """The even penalty with this slope on the right, 0 at 0."""
    size = Abs(w)
    u = sp.Symbol("u", positive=True)
    return sp.integrate(sp.expand(slope(u)), u).subs(u, size)


@pytest.mark.parametrize(
    "expression",
    [1 / (w - 1), -1 / Abs(w - 1), log(Abs(w - 1))],
    ids=str,
)
def test_no_minimizer_next_to_a_pole(expression):
    with pytest.raises(
        ValueError, match=r"^no minimizer exists: next to w = \d the penalty jumps down from its value there$"
    ):
        Penalty(expression).prox([0.5])


def test_no_minimizer_far_out():
    falling = Penalty(-(w**2) / 2 + Abs(w))
    np.testing.assert_allclose(falling.prox([3.0], step=0.5), [5])
    for step in (1.0, 1.5):
        with pytest.raises(ValueError, match=rf"^no minimizer exists: .* is not bounded below for step={step:g}$"):
            falling.prox([3.0], step)
    for expression in (-(w**4), -exp(Abs(w)), Piecewise((w**2, w > 0), (w**3, True))):
        with pytest.raises(ValueError, match=r"^no minimizer exists: .* is not bounded below"):
            Penalty(expression).prox([0.5], 1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(
    "expression", [Piecewise((w**2 * sp.sin(1 / w), sp.Ne(w, 0)), (0, True)), sp.sin(w**4) ** 2], ids=str
)
def test_more_minima_than_a_grid_can_tell_are_undecided(expression):
    with pytest.raises(UndecidedError, match=r"turns too often|no bound for the minimizers"):
        Penalty(expression).prox([9.0])


@pytest.mark.slow
def test_no_bound_for_the_minimizers_is_undecided():
    with pytest.raises(UndecidedError, match="no bound for the minimizers"):
        Penalty(log(1 + log(1 + exp(exp(Abs(w)))))).prox([1e4])  # a number with more digits than memory holds


@pytest.mark.slow
@pytest.mark.parametrize("power", [Rational(3, 2), Rational(5, 4), Rational(7, 4)])
@pytest.mark.parametrize("kink", [1, -2, Rational(1, 3)])
def test_a_border_with_infinite_curvature_attracts_nothing(power, kink):
    penalty = Penalty(Abs(w - kink) ** power)
    v = float(kink) + np.array([-2.0, -0.5, -0.1, -1e-3, 0.0, 1e-3, 0.1, 0.5, 2.0])
    for each in (penalty.prox(v, 0.5), penalty.prox(v, np.full(9, 0.5))):
        room = 4 * np.spacing(1 + np.abs(each))
        below, above = (u + 0.5 * penalty.gradient(u) for u in (each - room, each + room))
        assert ((below <= v) & (v <= above)).all()


@pytest.mark.slow
@pytest.mark.parametrize("expression", [log(sp.cosh(w)), log(1 + exp(Abs(w)))], ids=str)
@pytest.mark.parametrize("v", [800.0, 1e4, 1e200])
def test_far_out_where_the_expression_itself_overflows(expression, v):
    np.testing.assert_allclose(Penalty(expression).prox([v, -v]), [v - 1, 1 - v], rtol=1e-15)


@pytest.mark.parametrize(
    "penalty",
    [
        catalog.mcp().at(beta=1, gamma=3), catalog.scad().at(beta=1, a=3.7), catalog.huber().at(beta=1, delta=0.5),
        Penalty(Max(Abs(w) - Rational(1, 2), 0)), Penalty(Min(Abs(w), 1)),
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("v", [5e-324, -5e-324, 1e-320, 2.5e-310])
def test_denormal_points_do_not_run_away(penalty, v):
    assert abs(penalty.prox(v)) <= abs(v)
    assert abs(penalty.prox([v], [1.0])[0]) <= abs(v)


@pytest.mark.slow
def test_slow_waves_far_away():
    """A thousand local minima, of which the one near v is the global one."""
    penalty = Penalty(2 * sp.sin(w) ** 2)
    v = np.array([600.0, -601.3])
    for single, one in zip(v, penalty.prox(v, 0.5), strict=True):
        assert_global(penalty, single, 0.5, one, single + np.linspace(-5, 5, 100_001))


@pytest.mark.parametrize("step", [0, -1.0, np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["l1", "mcp"])
def test_step_out_of_range(name, step):
    with pytest.raises(ValueError, match=r"^step must be (positive|a finite float), got "):
        examples(name)[0].prox([1.0], step)


@pytest.mark.parametrize("step", ["1", None, 1j, True, sp.Symbol("t", positive=True)], ids=repr)
@pytest.mark.parametrize("name", ["l1", "mcp"])
def test_step_that_is_no_number(name, step):
    with pytest.raises(TypeError, match=r"^step must be a real number, got .* of type \w+$"):
        examples(name)[0].prox([1.0], step)


@pytest.mark.parametrize("step", [Rational(1, 2), sp.Float(0.5), np.float32(0.5)], ids=repr)
def test_step_of_another_number_type(step):
    np.testing.assert_array_equal(catalog.l1().at(beta=1).prox([2.0], step), [1.5])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["l1", "one_sided", "nonnegative", "l2", "mcp", "lp(1/2)"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite(name, bad):
    penalty = examples(name)[0]
    v = np.zeros((3, 70_000))
    v[2, 5] = bad
    with pytest.raises(ValueError, match=rf"^v must be finite, got {bad} at index \(2, 5\)$"):
        penalty.prox(v)
    with pytest.raises(ValueError, match=r"^v must be finite, got (nan|-?inf) at index \(2, 5\)$"):
        penalty.prox(v, out=v)
    with pytest.raises(ValueError, match=rf"^v must be finite, got {bad}$"):
        penalty.prox(bad)


@pytest.mark.parametrize("out", [[0.0, 0.0], np.zeros(2, dtype=np.float32), np.zeros(2, dtype=int), "out"], ids=repr)
def test_out_of_another_kind(out):
    with pytest.raises(TypeError, match=r"^out must be an array of float64, got \w+"):
        catalog.l1().at(beta=1).prox([1.0, 2.0], out=out)


@pytest.mark.parametrize("out", [np.zeros(3), np.zeros((2, 1)), np.zeros(4)[::2]], ids=repr)
def test_out_of_another_shape(out):
    with pytest.raises(ValueError, match=r"^out must be C-contiguous and of shape \(2,\), got shape \("):
        catalog.l1().at(beta=1).prox([1.0, 2.0], out=out)


@pytest.mark.parametrize("left", [-sp.pi / 2 - sp.atan(w), -1 + w / 2, -2 - w**2 / 4], ids=str)
def test_a_jump_down_at_zero_has_a_minimizer_only_where_the_other_side_does_not_win(left):
    """The limit from the left is the lower one; as a formula or, for `acot`, as SymPy has it."""
    forms = [sp.Piecewise((left, w < 0), (sp.pi / 2 - sp.atan(w), True))]
    forms += [sp.acot(w)] if left.has(sp.atan) else []
    points = np.linspace(-8, 8, 160_001)
    for penalty in map(Penalty, forms):
        below = np.append(points[points < 0], 0.0)
        values = np.append(penalty(points[points < 0]), float(left.subs(w, 0)))
        others = penalty(points[points >= 0])
        for v in (-3.0, -0.4, 0.0, 0.4, 1.2, 3.0):
            left_best = (0.7 * values + (below - v) ** 2 / 2).min()
            right_best = (0.7 * others + (points[points >= 0] - v) ** 2 / 2).min()
            best = below[(0.7 * values + (below - v) ** 2 / 2).argmin()]
            if left_best < right_best and best == 0:
                with pytest.raises(ValueError, match="^no minimizer exists"):
                    penalty.prox(v, 0.7)
            else:
                found = penalty.prox(v, 0.7)
                assert 0.7 * penalty(found) + (found - v) ** 2 / 2 <= min(left_best, right_best) + 1e-8
