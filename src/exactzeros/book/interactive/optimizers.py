"""Live figure for the chapter "Count your zeros"."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import sympy as sp

from ... import catalog, solvers
from ...losses import LeastSquares
from .. import optimizer_experiment as experiment
from .. import style
from ..javascript import function, minimizer
from .live import LiveFigure, axis, choice, data, model, panel, slider, switch

STEPS, SEED = 400, 0
_HUNDREDTHS = 100
_NEAR = 0.03  # how far from zero the picture reaches


@cache
def rounded_problem():
    """Return the chapter's problem with data, targets and start rounded to hundredths, which takes few bytes.

    Returns
    -------
    types.SimpleNamespace
        `X`, `y`, the `start`, the `penalty`, and the numbers of the weights whose optimum is zero as `zeros`.
    """
    exact = experiment.problem()
    X, y, start = (np.round(values, 2) for values in (exact.X, exact.y, exact.start))
    solution = solvers.coordinate_descent(LeastSquares(X, y), exact.penalty).solution
    zeros = np.flatnonzero(solution == 0.0)
    return SimpleNamespace(X=X, y=y, start=start, penalty=exact.penalty, zeros=zeros)


def _in_hundredths(values):
    return np.round(values * _HUNDREDTHS).astype(int).tolist()


def _once():
    """Return the JavaScript that runs the optimizers: as `exactzeros.optimizers` does, on the same batches."""
    problem = rounded_problem()
    weight, step = sp.Symbol("weight", real=True), sp.Symbol("step", positive=True)
    penalty = catalog.l1().at(beta=sp.Rational(str(experiment.BETA)))
    *before, (_, prox) = minimizer(penalty, -weight / step, 1 / step)
    generator = np.random.default_rng(SEED).bit_generator.state["state"]
    numbers = data(
        table=_in_hundredths(problem.X),
        targets=_in_hundredths(problem.y),
        begin=_in_hundredths(problem.start),
        zeros=problem.zeros.tolist(),
        STEPS=STEPS,
        BETA=experiment.BETA,
        HUNDREDTHS=_HUNDREDTHS,
        NEAR=_NEAR,
    )
    return (
        f"{numbers} const seed = [{generator['state']}n, {generator['inc']}n]; "
        f"const prox = {function('weight, step', prox, before)};{_ONCE}"
    )


_ONCE = """
const X = table.map((row) => row.map((value) => value / HUNDREDTHS)), y = targets.map((value) => value / HUNDREDTHS);
const start = begin.map((value) => value / HUNDREDTHS), n = X.length, p = start.length;
const inner = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

// NumPy's generator PCG64, and its way to a whole number below n, so that the batches are the same ones.
function* words32([state, increment]) {
  const half = (1n << 64n) - 1n, whole = (1n << 128n) - 1n;
  for (;;) {
    state = (state * 0x2360ED051FC65DA44385DF649FCCF645n + increment) & whole;
    const mixed = (state >> 64n) ^ (state & half), turn = state >> 122n;
    const word = ((mixed >> turn) | (mixed << (64n - turn))) & half;
    yield Number(word & 0xffffffffn);
    yield Number(word >> 32n);
  }
}
const drawn = [], source = words32(seed);
const row = (k) => {
  while (drawn.length <= k) {
    const product = source.next().value * n, rest = product % 2 ** 32;
    if (rest >= 2 ** 32 % n) drawn.push(Math.floor(product / 2 ** 32));
  }
  return drawn[k];
};

const columns = start.map((_, j) => X.map((sample) => sample[j]));
const gram = columns.map((one) => columns.map((other) => inner(one, other) / n));
const moments = columns.map((one) => inner(one, y) / n);
const everyRow = (weights) => gram.map((line, j) => inner(line, weights) - moments[j]);
const batchOf = (size) => (weights, step) => {
  const gradient = new Array(p).fill(0);
  for (let k = 0; k < size; k++) {
    const sample = X[row(step * size + k)], error = inner(sample, weights) - y[row(step * size + k)];
    for (let j = 0; j < p; j++) gradient[j] += error * sample[j];
  }
  return gradient.map((value) => value / size);
};

const sgd = (s, momentum) => {
  let velocity = new Array(p).fill(0);
  return (gradient) => {
    velocity = velocity.map((v, j) => momentum * v + gradient[j]);
    return {move: velocity.map((v) => s * v), rest: velocity.map(() => s / (1 - momentum))};
  };
};
const adam = (s) => {
  let mean = new Array(p).fill(0), square = mean, age = 0;
  return (gradient) => {
    age += 1;
    mean = mean.map((m, j) => 0.9 * m + (1 - 0.9) * gradient[j]);
    square = square.map((v, j) => 0.999 * v + (1 - 0.999) * gradient[j] * gradient[j]);
    const rest = square.map((v) => s / (Math.sqrt(v / (1 - 0.999 ** age)) + 1e-8));
    return {move: mean.map((m, j) => rest[j] * m / (1 - 0.9 ** age)), rest};
  };
};
const optimizers = {sgd: (s) => sgd(s, 0), momentum: (s) => sgd(s, 0.9), adam};

const run = (optimizer, s, batch, proximal) => {
  const advance = optimizers[optimizer](s), gradient = batch === "200" ? everyRow : batchOf(Number(batch));
  const visited = [start];
  for (let step = 0; step < STEPS; step++) {
    const weights = visited[step], slopes = gradient(weights, step);
    const {move, rest} = advance(proximal ? slopes : slopes.map((g, j) => g + BETA * Math.sign(weights[j])));
    visited.push(weights.map((w, j) => proximal ? prox(w - move[j], rest[j]) : w - move[j]));
  }
  return visited;
};
const runs = new Map();
const visitedBy = (...settings) => {
  const key = settings.join();
  if (!runs.has(key)) runs.set(key, run(...settings));
  return runs.get(key);
};
"""
_MODEL = """
const now = Math.round(step), visited = visitedBy(optimizer, s, batch, proximal), shown = zeros[0];
const passed = visited.slice(0, now + 1).map((weights, k) => [k, weights[shown]]);
const exact = passed.filter(([, weight]) => weight === 0), all = zeros.map((j) => visited[now][j]);
const within = (weight) => Math.max(-NEAR, Math.min(NEAR, weight));
const offZero = all.map((weight, i) => weight === 0 ? null : [i + 1, within(weight)]);
const atZero = all.map((weight, i) => weight === 0 ? [i + 1, 0] : null);
const count = all.filter((weight) => weight === 0).length, level = [[-9, 0], [999, 0]];
const here = [[now, -1], [now, 1]], byHand = (step) => ({step});
const words = [
  `Exact zeros: ${count} of ${zeros.length} after ${now} steps.`,
  `The weight drawn is ${all[0] === 0 ? "exactly 0" : show(all[0], 4) + ", not 0"}.`,
];
"""


def miss():
    """Let optimizers run on a problem with known zeros, with and without a proximal step; count the exact zeros."""
    color, ink = style.color("l1"), style.INK
    as_begun = {"optimizer": "sgd", "batch": "200", "s": 0.02, "step": STEPS}
    near = [[-0.02, "−0.02"], 0, [0.02, "0.02"]]
    trace = panel(
        axis(0, STEPS + 20, [0, 100, 200, 300, 400], "step"),
        axis(-_NEAR, _NEAR, near),
        {"line": "level", "color": ink, "width": 0.7},
        {"line": "here", "color": ink, "width": 0.7, "dash": "2 3"},
        {"line": "passed", "color": color, "width": 1.4},
        {"dot": "exact", "color": ink, "width": 4},
        height=130,
        left=48,
        key=[("one weight whose optimum is 0", color), ("exactly 0", ink)],
        drag="byHand",
    )
    weights = panel(
        axis(0, len(rounded_problem().zeros) + 1, (), "all weights whose optimum is 0"),
        axis(-_NEAR, _NEAR, near),
        {"line": "level", "color": ink, "width": 0.7},
        {"dot": "offZero", "color": color, "width": 6},
        {"dot": "atZero", "color": ink, "width": 8},
        height=100,
        left=48,
        key=[("at this step: not 0", color), ("exactly 0", ink)],
    )
    return LiveFigure(
        "miss",
        "Above, one weight whose optimum is 0, near zero, against the steps of an optimizer; below, all such weights "
        "at the chosen step. Exact zeros are black dots.",
        [
            choice(
                "optimizer",
                "optimizer",
                {"sgd": "gradient descent", "momentum": "momentum 0.9", "adam": "Adam"},
                "sgd",
            ),
            choice("batch", "samples a step", {"200": "all 200", "20": "20", "5": "5"}, "200"),
            slider("s", "step size s", 0.002, 0.05, 0.02, 0.02, digits=3, log=True),
            switch("proximal", "proximal step", False),
            slider("step", "steps taken", 0, STEPS, 1, STEPS, digits=0),
        ],
        [trace, weights],
        model(
            "optimizer, batch, s, proximal, step",
            _MODEL,
            "passed, exact, level, here, offZero, atZero, all, count, byHand, words",
            _once(),
        ),
        presets=[
            ("as libraries do", as_begun | {"proximal": False}),
            ("with the proximal step", as_begun | {"proximal": True}),
        ],
        play="step",
    )
