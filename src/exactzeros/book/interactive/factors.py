"""Live figure of the chapter "Zeros by multiplication"."""

import sympy as sp

from ... import Penalty, catalog, w
from .. import style
from ..javascript import function, minimizer
from .live import LiveFigure, axis, choice, model, panel, slider
from .looks import ring

STEP = 0.05
DEPTHS = (2, 3, 4)
MOST = 100_000  # steps of gradient descent
_PROXIMAL = 2000  # proximal steps
_REACH = 1.7  # of the plane of the factors

g, u, v, step = sp.symbols("g u v step", real=True)
beta = catalog.beta
_LOSS = g * w + w**2 / 2


def induced(depth):
    """Return the penalty in `w` of weight decay on `depth` factors, `beta*depth/2*|w|**(2/depth)`."""
    return Penalty(beta * sp.Rational(depth, 2) * sp.Abs(w) ** sp.Rational(2, depth))


def slopes(depth):
    """Return the partial derivatives of loss plus weight decay: in one of `depth - 1` factors `u`, and in `v`."""
    factors = sp.symbols(f"u_1:{depth}", real=True)
    decay = beta / 2 * (sum(factor**2 for factor in factors) + v**2)
    objective = _LOSS.subs(w, sp.prod(factors) * v) + decay
    equal = dict.fromkeys(factors, u)
    return tuple(sp.diff(objective, factor).subs(equal) for factor in (factors[0], v))


def _derived(depth):
    penalty, product = induced(depth), u ** (depth - 1) * v
    *before, (_, best) = minimizer(penalty, -w / step, 1 / step)
    functions = {
        "weight": function("u, v", product),
        "height": function("u, v, g, beta", _LOSS.subs(w, product) + beta / 2 * ((depth - 1) * u**2 + v**2)),
        "slopes": function("u, v, g, beta", slopes(depth)),
        "objective": function("w, g, beta", _LOSS + penalty.expression),
        "prox": function("w, step, beta", best, before),
    }
    color = style.color("l1" if depth == 2 else "lp(1/2)")
    return f"{{{', '.join(f'{name}: {code}' for name, code in functions.items())}, color: '{color}'}}"


_ONCE = """
const smooth = (w, g) => w - STEP * lossSlope(w, g);

// Lines of equal height over a grid: in each cell, between the places where its sides cross the level.
const contours = (height, levels) => {
  const at = Array.from({length: GRID + 1}, (_, i) => REACH * (2 * i / GRID - 1));
  const heights = at.map((u) => at.map((v) => height(u, v)));
  const crossings = (i, j, level) => {
    const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]], found = [];
    corners.forEach(([a, b], k) => {
      const [c, d] = corners[(k + 1) % 4], here = heights[a][b] - level, there = heights[c][d] - level;
      if (here < 0 === there < 0) return;
      const share = here / (here - there);
      found.push([at[a] + share * (at[c] - at[a]), at[b] + share * (at[d] - at[b])]);
    });
    return found;
  };
  const lines = [];
  for (const level of levels)
    for (let i = 0; i < GRID; i++)
      for (let j = 0; j < GRID; j++) {
        const found = crossings(i, j, level);
        for (let k = 0; k + 1 < found.length; k += 2) lines.push(found[k], found[k + 1], null);
      }
  return lines;
};

// Gradient descent on the factors: where it is after numbers of steps that grow by shares of their own size, and last.
const run = (depth, g, beta, u, v, last) => {
  const {slopes} = kinds[depth], kept = [[0, u, v]];
  for (let step = 1, next = 1; step <= last; step++) {
    const [du, dv] = slopes(u, v, g, beta);
    u -= STEP * du;
    v -= STEP * dv;
    if (step < next && step < last) continue;
    kept.push([step, u, v]);
    next = Math.max(step + 1, Math.round(step * 1.05));
  }
  return kept;
};
// Proximal steps in w until it is 0 and stays there: their number, and the weight.
const proximal = (depth, g, beta, w) => {
  const next = (w) => kinds[depth].prox(smooth(w, g), STEP, beta), stays = next(0) === 0;
  let step = 0;
  for (; step < PROXIMAL && !(w === 0 && stays); step++) w = next(w);
  return [step, w];
};
const remembered = new Map();
const once = (name, compute, ...settings) => {
  const key = settings.join();
  if (remembered.get(name)?.key !== key) remembered.set(name, {key, value: compute(...settings)});
  return remembered.get(name).value;
};
"""
_MODEL = """
const kind = kinds[depth], k = Number(depth), color = kind.color, now = Math.round(steps);
const objective = (w) => kind.objective(w, g, beta), minimum = kind.prox(-g, 1, beta);
const least = objective(minimum), lowest = [minimum, least];
const levels = [0.02, 0.1, 0.25, 0.5, 1, 1.8, 3].map((rise) => least + rise);
const lines = once("contours", () => contours((u, v) => kind.height(u, v, g, beta), levels), depth, g, beta);
const all = once("run", run, depth, g, beta, u, v, now), passed = all.map(([, a, b]) => [a, b]);
const start = [u, v], here = passed.at(-1), [first, second] = here, weight = kind.weight(first, second);
const byHand = (u, v) => ({u, v}), axes = [[-9, 0], [9, 0], null, [0, -9], [0, 9]];
const size = Math.abs(minimum) ** (1 / k);
const minima = minimum === 0 ? [[0, 0]] :
  [size, -size].map((a) => [a, Math.sign(kind.weight(a, 1)) * Math.sign(minimum) * size]);
const end = [weight, objective(weight)];
const sizes = all.slice(1).map(([step, a, b]) => [step, Math.abs(kind.weight(a, b))])
  .map(([step, size]) => size > 0 ? [step, size] : null);
const [needed, reached] = once("proximal", proximal, depth, g, beta, kind.weight(u, v));
const arrives = reached === 0 ? [[Math.max(needed, 1), FLOOR]] : [], told = reached === 0 ? "exactly 0" : "";
const taken = `${now.toLocaleString("en")} step${now === 1 ? "" : "s"}`;
const words = [
  `The minimum is at ${minimum === 0 ? "w exactly 0" : "w = " + show(minimum)}.`,
  `After ${taken} on the factors ` + (weight !== 0 ? `w = ${show(weight)}, not exactly 0.` :
    `w is 0.0 by underflow; the factors are ${show(first)} and ${show(second)}.`),
  `Proximal steps in w: ${reached === 0 ? "exactly 0" : show(reached)} after ${needed.toLocaleString("en")}.`,
];
"""


def multiply():
    """Multiply factors under weight decay: where the minimum is, and whether gradient descent arrives there."""
    kinds = ", ".join(f"{depth}: {_derived(depth)}" for depth in DEPTHS)
    once = (
        f"const STEP = {STEP}, PROXIMAL = {_PROXIMAL}, REACH = {_REACH}, GRID = 34, FLOOR = 1e-15, "
        f"kinds = {{{kinds}}}, lossSlope = {function('w, g', sp.diff(_LOSS, w))};{_ONCE}"
    )
    ink = style.INK
    factors = axis(-_REACH, _REACH, [-1, 0, 1])
    plane = panel(
        factors | {"title": "factor u across, v up"},
        factors,
        {"line": "lines", "color": style.LOSS, "width": 0.8},
        {"line": "axes", "color": ink, "width": 0.7},
        {"line": "passed", "color": "=color", "width": 2},
        *ring("minima", "=color"),
        {"dot": "here", "color": ink, "width": 8},
        {"handle": "start", "by": "byHand"},
        height=None,
        shape="1 / 1",
        key=[("contours", style.LOSS), ("descent", "=color")],
        place="1 / 1",
    )
    line = panel(
        axis(-1.6, 1.6, [-1, 0, 1], "weight w"),
        axis(-1, 3, [-1, 0, 1, 2, 3]),
        {"line": "objective", "color": "=color", "width": 2.2},
        *ring("lowest", "=color"),
        {"dot": "end", "color": ink, "width": 8},
        height=None,
        shape="1 / 1",
        key=[("the same, in w", "=color")],
        place="1 / 2",
    )
    powers = [[1, "1"], [1e-5, "10⁻⁵"], [1e-10, "10⁻¹⁰"], [1e-15, "10⁻¹⁵"]]
    ticks = [[1, "1"], [10, "10"], [100, "100"], [1000, "1000"], [1e4, "10⁴"]]
    sizes = panel(
        axis(1, MOST, ticks, "steps", log=True),
        axis(1e-16, 3, powers, log=True),
        {"line": "sizes", "color": "=color", "width": 2.2},
        {"dot": "arrives", "color": ink, "width": 11},
        {"text": "told", "at": "arrives", "dx": 9, "dy": -9},
        height=130,
        left=44,
        key=[("size of w, by its factors", "=color"), ("by proximal steps", ink)],
        place="2 / 1 / 3 / 3",
    )
    return LiveFigure(
        "multiply",
        "At the left the plane of two factors u and v with contours of the loss of their product plus weight decay, "
        "the path of gradient descent from the reader’s start, and the minima as rings; at the right the same "
        "objective over the weight w. Below, the size of w against the steps, and where proximal steps reach 0.",
        [
            slider("g", "slope g", -2, 2, 0.05, -0.5),
            slider("beta", "strength β", 0.1, 2, 0.05, 1),
            choice("depth", "factors", {"2": "2: w = uv", "3": "3: w = u²v", "4": "4: w = u³v"}, "2"),
            slider("u", "start u", -1.6, 1.6, 0.05, 1.4),
            slider("v", "start v", -1.6, 1.6, 0.05, 0.6),
            slider("steps", "steps taken", 100, MOST, 0.05, 100, digits=0, log=True),
        ],
        [plane, line, sizes],
        model(
            "g, beta, depth, u, v, steps",
            _MODEL,
            "lines, axes, passed, minima, minimum, here, start, byHand, objective, lowest, end, weight, sizes, "
            "reached, arrives, told, color, words",
            once,
        ),
        presets=[
            ("inside the zero interval", {"g": -0.5, "beta": 1, "depth": "2", "u": 1.4, "v": 0.6}),
            ("outside", {"g": -1.5, "beta": 1, "depth": "2", "u": 1.4, "v": 0.6}),
            ("a start of the wrong sign", {"g": -1.5, "beta": 1, "depth": "2", "u": 1, "v": -1, "steps": 1000}),
            ("four factors", {"g": -1.5, "beta": 0.4, "depth": "4", "u": 0.7, "v": 0.7, "steps": 1000}),
        ],
        columns="minmax(0, 1fr) minmax(0, 1fr)",
        play="steps",
    )
