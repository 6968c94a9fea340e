"""Live figure of the chapter "How many zeros, and which?"."""

import sympy as sp

from ... import catalog
from .. import style
from ..javascript import function
from .live import LiveFigure, axis, choice, model, panel, slider
from .looks import EDGES, zero_interval
from .ridge import lasso

_C, _SIGN = sp.symbols("c s", real=True)  # the decoy's correlation with both features, the sign of the second weight
_SIZE, _OTHER = sp.symbols("t_1 t_3", positive=True)
_REACH = 0.69  # below the root of 1/2, where the three features would be linearly dependent


def _loss(sizes):
    """`|Xw - y|**2/2` up to a constant, for two uncorrelated features, a decoy, and targets `y = x_1 + s*x_2`.

    The second feature is taken with the sign `s`: its size is `s*w_2`.
    """
    gram = sp.Matrix([[1, 0, _C], [0, 1, _SIGN * _C], [_C, _SIGN * _C, 1]])
    truth, sizes = sp.Matrix([1, 1, 0]), sp.Matrix(sizes)
    return ((sizes.T * gram * sizes) / 2 - truth.T * gram * sizes)[0]


def lasso_with_decoy():
    """Return the three lasso weights, and the definitions in them.

    The problem stays the same if both features, with their signs, change places, and it has one solution: the first two
    weights have one size.
    """
    (first, second, third), definitions = lasso(
        _loss,
        [
            [_SIZE, _SIZE, sp.S.Zero],
            *([sp.S.Zero, sp.S.Zero, side * _OTHER] for side in (1, -1)),
            *([_SIZE, _SIZE, side * _OTHER] for side in (1, -1)),
        ],
    )
    return (first, _SIGN * second, third), definitions


def share():
    """Return the decoy's slope, in units of the strength, at the solution that leaves the decoy out."""
    sizes = sp.symbols("u_1 u_2 w_3", real=True)
    slopes = [sp.diff(_loss(sizes), size) for size in sizes]
    found = sp.solve([slope + catalog.beta for slope in slopes[:2]], sizes[:2])
    return sp.factor((slopes[2] / catalog.beta).subs(found).subs(sizes[2], 0))


def decoy():
    """Correlate a decoy with the two features that matter: the lasso leaves it out, or prefers it."""
    best, before = lasso_with_decoy()
    once = f"const lassoAt = {function('c, s, beta', best, before)}, shareAt = {function('c, s', share())};"
    color, ink = style.color("l1"), style.INK
    slopes = panel(
        axis(-_REACH, _REACH, [[-0.5, "−0.5"], 0, 0.5], "correlation c of the decoy with each of the two"),
        axis(-1.5, 1.5, EDGES),
        *zero_interval(along="y"),
        {"line": "share", "color": ink, "width": 2.2},
        {"dot": "shareHere", "color": ink, "width": 11},
        height=110,
        key=[("slope of the decoy", ink), ("in its zero interval", color)],
        left=36,
        drag="byCorrelation",
    )
    path = panel(
        axis(0, 1.4, [0, 0.5, 1], "strength β"),
        axis(-1.15, 1.45, [-1, 0, 1]),
        {"line": "zero", "color": ink, "width": 0.7},
        {"line": "firstPath", "color": color, "width": 2},
        {"line": "secondPath", "color": color, "width": 2, "dash": "7 4"},
        {"line": "decoyPath", "color": ink, "width": 2.2},
        {"line": "here", "color": ink, "width": 1},
        {"dot": "features", "color": color, "width": 9},
        {"dot": "decoyHere", "color": ink, "width": 11},
        height=140,
        key=[("w₁, w₂ (dashed)", color), ("weight of the decoy", ink)],
        left=36,
        drag="byStrength",
    )
    return LiveFigure(
        "decoy",
        "Two uncorrelated features and a decoy, targets without noise that the two features explain. Above, the slope "
        "of the decoy at the solution that leaves it out, against its correlation with the two, over the zero interval "
        "from minus beta to beta; below, the three lasso weights against the strength.",
        [
            slider("c", "correlation c", -_REACH, _REACH, 0.01, 0.2),
            slider("beta", "strength β", 0.01, 1.4, 0.01, 0.3),
            choice("truth", "truth", {"same": "y = x₁ + x₂", "opposite": "y = x₁ − x₂"}, "same"),
        ],
        [slopes, path],
        model(
            "c, beta, truth",
            _DECOY,
            "lowEdge, highEdge, edges, share, shareHere, zero, firstPath, secondPath, decoyPath, here, features, "
            "decoyHere, weights, byCorrelation, byStrength, words",
            once,
        ),
        presets=[
            ("c = 0.45", {"c": 0.45, "truth": "same"}),
            ("c = 0.55", {"c": 0.55, "truth": "same"}),
            ("opposite signs", {"c": 0.55, "truth": "opposite"}),
        ],
    )


_DECOY = """
const s = truth === "same" ? 1 : -1, weights = lassoAt(c, s, beta), ratio = shareAt(c, s);
const lowEdge = -1, highEdge = 1, edges = [[-9, -1], [9, -1], null, [-9, 1], [9, 1]], zero = [[-9, 0], [9, 0]];
const share = (c) => shareAt(c, s), shareHere = [c, ratio];
const strengths = Array.from({length: 281}, (_, i) => i === 0 ? 0.0005 : i / 200);
const solutions = strengths.map((beta) => lassoAt(c, s, beta));
const pathOf = (i) => solutions.map((solution, k) => [strengths[k], solution[i]]);
const firstPath = pathOf(0), secondPath = pathOf(1), decoyPath = pathOf(2);
const here = [[beta, -9], [beta, 9]], features = [[beta, weights[0]], [beta, weights[1]]];
const decoyHere = [beta, weights[2]];
const byCorrelation = (c) => ({c}), byStrength = (beta) => ({beta});
const inside = Math.abs(ratio) <= 1;
const words = [
  weights[2] === 0 ? "The decoy’s weight is exactly 0." :
    `The decoy’s weight is ${show(weights[2])}, although 0 is true.`,
  weights[0] === 0 ? "Both true features are exactly 0." :
    `The true features have ${show(weights[0])} and ${show(weights[1])}.`,
  `Left out, the decoy has the slope ${ratio === 0 ? "0" : show(ratio) + " β"}: ` +
    (inside ? `a slack of ${show(1 - Math.abs(ratio))} β.` : "outside its zero interval at every strength."),
];
"""
