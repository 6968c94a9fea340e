"""The live figure of a lasso path: coefficients beside the slopes that hold them, within the penalty's band."""

import numpy as np

from ... import losses
from .. import style
from ..examples import diabetes
from .live import LiveFigure, axis, data, model, panel, slider
from .looks import EDGES, ring, zero_interval

_ROW = 25  # pixels: a name is a target for fingers, and needs 24


def walk():
    """Walk along the lasso path of the diabetes data: which coefficients are exactly 0, and what holds them there."""
    return two_bands("walk", diabetes(), "coefficients", start=3.16, follow="bmi")


def hold():
    """Walk along the same path, with the slopes: how far each zero is from the edge of its interval."""
    return two_bands("hold", diabetes(), "slopes", start=5.0, follow="s6")


def two_bands(name, found, shown, start, follow):
    """Return the live figure of a lasso path: bars of coefficients, dots of slopes in a band, and the path below.

    Parameters
    ----------
    name : str
        The name of the figure.
    found : types.SimpleNamespace
        `X`, `y` and the `names` of the features.
    shown : {"coefficients", "slopes"}
        What to draw against the strength.
    start : float
        The initial strength.
    follow : str
        The feature whose line stands out at first.
    """
    names, path_of = list(found.names), exact_path(found.X, found.y)
    reach = 1.15 * np.abs(path_of["weights"]).max()
    size = 10.0 ** np.floor(np.log10(reach))
    number = float(size * np.floor(0.8 * reach / size))
    sizes = axis(-reach, reach, [[value, f"{value:g}".replace("-", "−")] for value in (-number, 0, number)])
    low, high = (float(f"{share * path_of['knots'][1]:.3g}") for share in (7e-4, 1.1))
    key, along = {
        "coefficients": ("coefficients against β", sizes),
        "slopes": ("slopes, in units of β, against β", axis(-1.1, 1.1, EDGES)),
    }[shown]
    rows = axis(len(names) - 0.4, -0.6, [[row, name] for row, name in enumerate(names)])
    ink, color = style.INK, style.color("l1")
    coefficients = panel(
        sizes | {"title": "coefficient"},
        rows,
        {"area": "followedRow", "color": ink, "opacity": 0.1},
        {"line": "zero", "color": ink, "width": 0.7},
        {"line": "bars", "color": color, "width": 9},
        *ring("zeros", color, width=11, hole=7),
        {"text": "slackTexts", "at": "zeros", "dx": 10},
        height=_ROW * len(names),
        key=[("coefficients", color)],
        left=36,
        follow=True,
        place="1 / 1",
    )
    slopes = panel(
        axis(-1.35, 1.35, EDGES, "zero interval"),
        axis(len(names) - 0.4, -0.6),
        {"area": "followedRow", "color": ink, "opacity": 0.1},
        *zero_interval(),
        {"line": "zero", "color": ink, "width": 0.7},
        {"dot": "onEdge", "color": color, "width": 9},
        {"dot": "inside", "color": ink, "width": 9},
        height=_ROW * len(names),
        key=[("slopes", ink)],
        left=2,
        place="1 / 2",
    )
    path = panel(
        axis(low, high, [[0.1, "0.1"], [1, "1"], [10, "10"]], "strength β", log=True),
        along,
        {"line": "others", "color": color, "width": 1.1, "opacity": 0.55},
        {"line": "followed", "color": ink, "width": 2.2},
        {"line": "here", "color": ink, "width": 1},
        {"dot": "followedHere", "color": ink, "width": 8},
        height=110,
        key=[(key, color)],
        left=36,
        place="2 / 1 / 3 / 3",
        drag="byHand",
    )
    return LiveFigure(
        name,
        f"The lasso on {len(names)} features. At the left the coefficients as bars, exact zeros as circles with their "
        "slack; at the right the slope of the loss for each, in the band from minus beta to beta: on an edge where the "
        f"coefficient is not zero, inside where it is. Below, {key}.",
        [slider("beta", "strength β", low, high, 0.02, start, log=True)],
        [coefficients, slopes, path],
        model("beta, follow", _WALK, _VALUES, data(names=names, shown=shown, low=low, high=high, **path_of) + _ONCE),
        columns="minmax(0, 3fr) minmax(0, 2fr)",
        play="beta",
        more={"follow": names.index(follow)},
    )


_VALUES = (
    "zero, bars, zeros, slackTexts, lowEdge, highEdge, edges, onEdge, inside, followedRow, others, "
    "followed, here, followedHere, byHand, coefficients, slopes, slacks, count, least, words"
)
_ONCE = """
const at = (table, beta) => {
  const last = knots.length - 2, row = Math.min(Math.max(knots.findLastIndex((knot) => knot >= beta), 0), last);
  const share = (knots[row] - beta) / (knots[row] - knots[row + 1]);
  return table[row].map((start, i) => start + (table[row + 1][i] - start) * share);
};
const strengths = Array.from({length: 161}, (_, i) => low * (high / low) ** (i / 160));
const values = strengths.map((beta) => shown === "slopes" ? at(loss, beta).map((g) => g / beta) : at(weights, beta));
const lines = names.map((_, i) => strengths.map((beta, k) => [beta, values[k][i]]));
const others = lines.flatMap((line) => [...line, null]);
"""
_WALK = """
const coefficients = at(weights, beta), slopes = at(loss, beta), slacks = slopes.map((g) => beta - Math.abs(g));
const isZero = coefficients.map((value) => value === 0), count = isZero.filter(Boolean).length;
const least = Math.min(...slacks.filter((_, i) => isZero[i]), Infinity);
const lowEdge = -1, highEdge = 1, edges = [[-1, -9], [-1, 99], null, [1, -9], [1, 99]], zero = [[0, -9], [0, 99]];
const bars = coefficients.flatMap((value, i) => [[0, i], [value, i], null]);
const zeros = coefficients.map((_, i) => isZero[i] ? [0, i] : null);
const slackTexts = slacks.map((slack, i) => isZero[i] ? `slack ${show(slack)}` : "");
const place = (i) => [slopes[i] / beta, i];
const onEdge = names.map((_, i) => isZero[i] ? null : place(i));
const inside = names.map((_, i) => isZero[i] ? place(i) : null);
const followedRow = [[-99, follow - 0.5], [99, follow - 0.5], [99, follow + 0.5], [-99, follow + 0.5]];
const followed = lines[follow];
const here = [[beta, -99], [beta, 99]];
const followedHere = [beta, shown === "slopes" ? slopes[follow] / beta : coefficients[follow]];
const byHand = (beta) => ({beta});
const words = [
  `β = ${show(beta)}: ${count} of ${names.length} are exactly 0.`,
  count === 0 ? "No slope lies inside the zero interval [−β, β]." :
    `Their slopes lie inside [−β, β], by ${show(least)} or more.`,
  `${names[follow]}: ` + (isZero[follow] ? `exactly 0, with slack ${show(slacks[follow])}.` :
    `${show(coefficients[follow])}, its slope on the edge.`),
];
"""


def exact_path(X, y):
    """Return the strengths where the lasso path bends, the weights and the loss's slopes, all linear in between."""
    from sklearn.linear_model import lars_path

    knots, _, weights = lars_path(X, y, method="lasso")
    loss = losses.LeastSquares(X, y)
    knots, weights = np.insert(knots, 0, 100.0), np.insert(weights.T, 0, 0.0, axis=0)  # beyond the first knot all are 0
    slopes = np.array([loss.gradient(row) for row in weights])
    return {"knots": knots.tolist(), "weights": weights.tolist(), "loss": slopes.tolist()}
