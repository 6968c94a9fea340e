"""Live figure of the chapter "Mean, median, mode"."""

import numpy as np
import sympy as sp

from ... import catalog
from .. import style
from ..javascript import function, minimizer
from ..posterior import BELIEFS, median
from .live import LiveFigure, axis, choice, data, model, panel, slider
from .looks import prior_stroke

_HIGH, _STEP = 5, 0.05  # of the slider for the observation; the horseshoe's tables have its steps


def estimate():
    """Choose mean, median or mode: the estimate under four priors, against the observation."""
    drawn = {"gauss": "Gaussian", "horseshoe": "horseshoe", "spike": "spike and slab", "laplace": "Laplace"}  # on top
    lines = [{"line": f"{name}Line", **prior_stroke(prior, width=2.4)} for name, prior in drawn.items()]
    dots = [{"dot": f"{name}Point", "color": style.PRIOR[prior][0], "width": 11} for name, prior in drawn.items()]
    picture = panel(
        axis(-_HIGH, _HIGH, [-4, -2, 0, 2, 4], "observation y"),
        axis(-_HIGH, _HIGH, [-4, -2, 0, 2, 4]),
        *lines,
        *dots,
        height=250,
        key=[("estimate:", style.INK), *((name, color) for name, (color, _) in style.PRIOR.items())],
        drag="byHand",
    )
    return LiveFigure(
        "estimate",
        "The estimate of a weight against one observation of it, under a Gaussian, a Laplace, a horseshoe and a "
        "spike-and-slab prior.",
        [
            choice("kind", "estimate", {each: each for each in ("mean", "median", "mode")}, "mean"),
            slider("y", "observation y", -_HIGH, _HIGH, _STEP, 1.2),
            slider("q", "spike’s mass", 0, 0.9, 0.05, 0.5),
        ],
        [picture],
        model(
            "kind, y, q",
            _ESTIMATE,
            "gaussLine, laplaceLine, horseshoeLine, spikeLine, gaussPoint, laplacePoint, horseshoePoint, spikePoint, "
            "estimates, edge, byHand, words",
            _tables() + _functions() + _ONCE,
        ),
    )


def _tables():
    """Return the horseshoe's means and medians for the slider's observations from 0 on, as JavaScript."""
    observations = np.linspace(0, _HIGH, round(_HIGH / _STEP) + 1)
    horseshoe = BELIEFS["horseshoe"]
    found = {"mean": horseshoe.mean(observations), "median": median(horseshoe, observations)}
    return data(means=found["mean"].tolist(), medians=found["median"].tolist())


def _functions():
    """Return the modes of the Gaussian and of the Laplace prior, and the weight of the slab, as JavaScript."""
    y, q = sp.Symbol("y", real=True), sp.Symbol("q", nonnegative=True)
    *before, (_, gauss) = minimizer(catalog.l2().at(beta=sp.Rational(1, 4)), -y, sp.Integer(1))
    *earlier, (_, laplace) = minimizer(catalog.l1().at(beta=1), -y, sp.Integer(1))
    awake = 1 / (1 + q / (1 - q) * sp.sqrt(5) * sp.exp(-sp.Rational(2, 5) * y**2))
    return (
        f" const gauss = {function('y', gauss, before)}, soft = {function('y', laplace, earlier)}, "
        f"awake = {function('y, q', awake)};"
    )


_ONCE = """
// The probability that a normal number is below x, by a power series or, far out, a continued fraction.
const normal = (x) => {
  const size = Math.abs(x), bell = Math.exp(-size * size / 2) / Math.sqrt(2 * Math.PI);
  let sum = 0, upper;
  if (size < 3) {
    for (let n = 60; n >= 0; n--) sum = n ? size * size / (2 * n + 1) * (1 + sum) : size * (1 + sum);
    upper = 0.5 - bell * sum;
  } else {
    for (let n = 80; n > 0; n--) sum = n / (size + sum);
    upper = bell / (size + sum);
  }
  return x > 0 ? 1 - upper : upper;
};
// Where a falling function passes 1/2 between 0 and high.
const crossing = (falling, high) => {
  let low = 0;
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (falling(middle) > 0.5) low = middle; else high = middle;
  }
  return (low + high) / 2;
};
const odd = (half) => (y) => y < 0 ? -half(-y) : half(y);
const median = (above) => odd((y) => above(y, 0) <= 0.5 ? 0 : crossing((a) => above(y, a), y));
const right = (y, a) => Math.exp(-y) * normal(y - 1 - a), left = (y) => Math.exp(y) * normal(-y - 1);
const slab = (y, a) => normal((0.8 * y - a) / Math.sqrt(0.8));
const table = (values) => odd((y) => values[Math.min(Math.round(y / 0.05), values.length - 1)]);
const zero = () => 0;
const fixed = {
  mean: [gauss, (y) => y - (right(y, 0) - left(y)) / (right(y, 0) + left(y)), table(means)],
  median: [gauss, median((y, a) => right(y, a) / (right(y, 0) + left(y))), table(medians)],
  mode: [gauss, soft, zero],
};
const grid = Array.from({length: 201}, (_, i) => (i - 100) / 20);
const points = (estimate) => grid.map((y) => [y, estimate(y)]);
const drawn = {};
for (const kind in fixed) drawn[kind] = fixed[kind].map(points);
"""

_ESTIMATE = """
const above = (y, a) => awake(y, q) * slab(y, a);
const spike = {
  mean: (y) => awake(y, q) * 0.8 * y,
  median: median(above),
  mode: q > 0 ? zero : (y) => 0.8 * y,
}[kind];
const [gaussLine, laplaceLine, horseshoeLine] = drawn[kind], spikeLine = points(spike);
const estimates = [...fixed[kind], spike].map((each) => each(y));
const [gaussPoint, laplacePoint, horseshoePoint, spikePoint] = estimates.map((each) => [y, each]);
const edge = q > 0 ? crossing((y) => 1 - above(y, 0), 20) : 0, byHand = (y) => ({y});
const at = (k) => estimates[k] === 0 ? "exactly 0" : show(estimates[k]);
const words = [
  `Posterior ${kind} at y = ${show(y)}: Gaussian ${at(0)}, Laplace ${at(1)}, horseshoe ${at(2)}, ` +
    `spike and slab ${at(3)}.`,
  {
    mean: "Every line crosses zero at once: none is exactly 0 on a stretch.",
    median: q > 0
      ? `Spike and slab is exactly 0 for |y| up to ${show(edge)}, the others at y = 0 only.`
      : "Without an atom every line is exactly 0 at y = 0 only.",
    mode: "Laplace is exactly 0 for |y| up to 1; horseshoe" +
      (q > 0 ? " and spike and slab are exactly 0 for every y." : " is exactly 0 for every y."),
  }[kind],
];
"""
