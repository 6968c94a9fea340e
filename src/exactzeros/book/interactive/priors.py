"""Live figure of the chapter "Priors"."""

import sympy as sp

from ... import Penalty, catalog
from .. import style
from ..javascript import function, minimizer
from .live import LiveFigure, axis, model, panel, slider
from .looks import stroke

_NOISE = sp.Rational(7, 10)  # the standard deviation of the observation's noise, as in the still figure


def narrow():
    """Narrow a Gaussian and a Laplace prior: the densities, and both MAP estimates from one observation."""
    s, b = sp.Symbol("s", positive=True), sp.Symbol("b", positive=True)
    gauss, laplace = stroke("l2"), stroke("l1")
    names = [("Gaussian,", gauss["color"]), ("Laplace", laplace["color"])]
    densities = panel(
        axis(-3, 3, [-2, 0, 2], "weight w"),
        axis(0, 2, [0, 1, 2]),
        {"line": "gaussDensity", **gauss},
        {"line": "laplaceDensity", **laplace},
        height=110,
        key=[("density:", style.INK), *names],
    )
    estimates = panel(
        axis(-3, 3, [-2, 0, 2], "observation y"),
        axis(-3, 3, [-2, 0, 2]),
        {"line": "gaussLine", **gauss},
        {"line": "laplaceLine", **laplace},
        {"dot": "gaussPoint", "color": gauss["color"], "width": 11},
        {"dot": "laplacePoint", "color": laplace["color"], "width": 11},
        height=130,
        key=[("MAP estimate:", style.INK), *names],
        drag="byHand",
    )
    return LiveFigure(
        "narrow",
        "Above, the densities of a Gaussian and of a Laplace prior over the weight; below, the MAP estimate under each "
        "against the observation: a straight line through the origin for the Gaussian, and for Laplace a line that is "
        "exactly 0 on a whole stretch.",
        [
            slider("s", "Gaussian: width s", 1e-3, 2, 0.05, 0.316, digits=3, log=True),
            slider("b", "Laplace: scale b", 0.1, 2, 0.05, 0.5),
            slider("y", "observation y", -3, 3, 0.05, 0.8),
        ],
        [densities, estimates],
        model(
            "s, b, y",
            _NARROW,
            "gaussDensity, laplaceDensity, gaussLine, laplaceLine, gaussPoint, laplacePoint, estimates, peaks, byHand, "
            "words",
            f"const gauss = {_derived(catalog.l2(), s, 1 / (2 * s**2))}; "
            f"const laplace = {_derived(catalog.l1(), b, 1 / b)};",
        ),
    )


def _derived(penalty, scale, strength):
    """Return density and estimate under the prior of a penalty whose strength follows from a scale, as JavaScript."""
    y = sp.Symbol("y", real=True)
    belief = Penalty(penalty.expression.subs(catalog.beta, strength))
    *before, (_, best) = minimizer(belief, -y / _NOISE**2, 1 / _NOISE**2)
    density = penalty.prior.density.subs(catalog.beta, strength)
    return f"{{density: {function(f'w, {scale}', density)}, estimate: {function(f'y, {scale}', best, before)}}}"


_NARROW = """
const weights = Array.from({length: 241}, (_, i) => 3 * (i / 120 - 1) ** 5);
const gaussDensity = weights.map((w) => [w, gauss.density(w, s)]);
const laplaceDensity = weights.map((w) => [w, laplace.density(w, b)]);
const gaussLine = (y) => gauss.estimate(y, s), laplaceLine = (y) => laplace.estimate(y, b);
const estimates = {gauss: gaussLine(y), laplace: laplaceLine(y)};
const peaks = {gauss: gauss.density(0, s), laplace: laplace.density(0, b)};
const gaussPoint = [y, estimates.gauss], laplacePoint = [y, estimates.laplace], byHand = (y) => ({y});
const words = [
  `Gaussian (height ${show(peaks.gauss)}): ` +
    (estimates.gauss === 0 ? "exactly 0, here only." : `${show(estimates.gauss, 3)}, not 0.`),
  `Laplace (height ${show(peaks.laplace)}): ` +
    (estimates.laplace === 0 ? "exactly 0." : `${show(estimates.laplace, 3)}.`),
];
"""
