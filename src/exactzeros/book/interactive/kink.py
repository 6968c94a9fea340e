"""Live figures of the index page and of the chapter "The L1 singularity"."""

import sympy as sp

from ... import catalog, w
from .. import style
from ..examples import symbolic
from ..javascript import function, minimizer
from .live import LiveFigure, axis, choice, model, panel, slider
from .looks import label, stroke

g, height = sp.symbols("g height", real=True)
c, beta = sp.Symbol("c", positive=True), catalog.beta
_LOSS, _LINE = g * w + c * w**2 / 2, -g * w
_WEIGHTS = axis(-2.2, 2.2, [-2, -1, 0, 1, 2], "weight w")


def _derived(name):
    """Return what the model needs to know about a penalty, as JavaScript; everything follows from its expression."""
    penalty = symbolic(name)
    left, right = penalty.slopes_at_zero
    *before, (_, best) = minimizer(penalty, g, c)
    functions = {
        "rho": function("w, beta", penalty.expression),
        "minimum": function("g, c, beta", best, before),
        "left": function("beta", left),
        "right": function("beta", right),
    }
    return f"{{{', '.join(f'{key}: {code}' for key, code in functions.items())}, color: '{style.color(name)}'}}"


def tilt():
    """Tilt a loss under one of the catalog's penalties: the minimum, the wedge of slopes and the zero interval."""
    penalties = ", ".join(f"'{name}': {_derived(name)}" for name in style.PENALTY)
    return LiveFigure(
        "tilt",
        "A loss that tilts under a kink. Above, the penalty over the weight w, the wedge of all lines that touch it "
        "at 0, and the line of slope minus g; below, the loss, and loss plus penalty with its minimum, a dot. At the "
        "right, an upright axis of slopes with the zero interval and the slope g.",
        [
            slider("g", "slope g", -3, 3, 0.05, -0.5),
            slider("beta", "strength β", 0.1, 2, 0.05, 1),
            slider("c", "curvature", 1, 3, 0.1, 1, digits=1),
            choice("penalty", "penalty", {name: label(name) for name in style.PENALTY}, "l1"),
        ],
        [_kink(), _sum(), _slopes()],
        model(
            "g, beta, c, penalty",
            _TILT,
            "loss, rho, objective, line, wedge, low, high, edges, minimum, lowest, color, words, "
            "byLine, byLoss, bySlope, lineHandle, lossHandle, slope",
            f"const penalties = {{{penalties}}}; {_TURNS}",
        ),
        presets=[
            ("ridge", {"penalty": "l2", "g": -0.5, "beta": 1, "c": 1}),
            ("L1, just inside", {"penalty": "l1", "g": -0.95, "beta": 1, "c": 1}),
            ("just outside", {"penalty": "l1", "g": -1.3, "beta": 1, "c": 1}),
            ("an infinite kink", {"penalty": "lp(1/2)", "g": -1.4, "beta": 1, "c": 1}),
        ],
        columns="minmax(0, 1fr) 4.25rem",
    )


_TURNS = " ".join(
    f"const {name} = {code};"
    for name, code in {
        "lossAt": function("w, g, c", _LOSS),
        "lineAt": function("w, g", _LINE),
        "slopeOfLoss": function("w, height, c", sp.solve(_LOSS - height, g)[0]),
        "slopeOfLine": function("w, height", sp.solve(_LINE - height, g)[0]),
    }.items()
)
_TILT = """
const chosen = penalties[penalty], color = chosen.color;
const left = chosen.left(beta), right = chosen.right(beta), low = -right, high = -left;
const loss = (w) => lossAt(w, g, c), rho = (w) => chosen.rho(w, beta), line = (w) => lineAt(w, g);
const objective = (w) => loss(w) + rho(w);
const minimum = chosen.minimum(g, c, beta), lowest = [minimum, objective(minimum)];
const wedge = [[-3, -3 * right], [0, 0], [3, 3 * left], [3, 3 * right], [0, 0], [-3, -3 * left]];
const edges = [low, high].flatMap((edge) => [[0, edge], [1, edge], null]);
const across = Math.min(1.7, (g < 0 ? 2.2 : 1.25) / Math.abs(g)), slope = [0.5, g];
const lineHandle = [across, line(across)], lossHandle = [1.2, loss(1.2)];
const byLine = (w, height) => ({g: slopeOfLine(Math.max(w, 0.1), height)});
const byLoss = (w, height) => ({g: slopeOfLoss(1.2, height, c)}), bySlope = (_, g) => ({g});
const interval = low === high ? "{0}" :
  (isFinite(low) ? "[" + show(low) : "(−∞") + ", " + (isFinite(high) ? show(high) + "]" : "∞)");
const words = [
  minimum === 0 ? "Minimum at exactly 0." : `Minimum at ${show(minimum)}, not 0.`,
  `Slope ${show(g)} is ${g < low || g > high ? "outside" : "in"} the zero interval ${interval}` +
    (minimum === 0 || g < low || g > high ? "." : "; a lower minimum is elsewhere."),
];
"""


def _kink():
    marks = [
        {"area": "wedge", "color": "=color", "opacity": 0.2},
        {"line": "rho", "color": "=color", "width": 2.2},
        {"line": "line", "color": style.INK, "width": 1.6},
        {"handle": "lineHandle", "by": "byLine"},
    ]
    key = [("penalty and its wedge", "=color"), ("line −g·w", style.INK)]
    across, up = axis(-2.2, 2.2), axis(-1.5, 2.5, [-1, 0, 1, 2])
    return panel(across, up, *marks, height=145, key=key, place="1 / 1")


def _sum():
    marks = [
        {"line": "loss", "color": style.LOSS, "width": 1.6, "dash": "6 4"},
        {"line": "objective", "color": style.INK, "width": 2.4},
        {"dot": "lowest", "color": style.INK, "width": 11},
        {"handle": "lossHandle", "by": "byLoss"},
    ]
    key = [("loss", style.LOSS), ("loss + penalty", style.INK)]
    return panel(_WEIGHTS, axis(-2.2, 3, [-2, -1, 0, 1, 2, 3]), *marks, height=145, key=key, place="2 / 1")


def _slopes():
    marks = [
        {"band": ["low", "high"], "axis": "y", "color": "=color", "opacity": 0.35},
        {"line": "edges", "color": "=color", "width": 2.5},
        {"handle": "slope", "by": "bySlope"},
    ]
    return panel(
        axis(0, 1),
        axis(-3, 3, [-3, -2, -1, 0, 1, 2, 3]),
        *marks,
        height=314,
        key=[("slope g", style.INK)],
        place="1 / 2 / 3 / 3",
    )


def scroll():
    """Show in four steps how a loss is tilted under the kink of L1, and when the minimum leaves 0."""
    rho = symbolic("l1").at(beta=1)
    *before, (_, best) = minimizer(rho, g, sp.S.One)
    once = (
        f"const lossAt = {function('w, g', _LOSS.subs(c, 1))}, rho = {function('w', rho.expression)}, "
        f"minimizer = {function('g', best, before)}, lineAt = {function('w, g', _LINE)};"
    )
    marks = [
        {"line": "loss", "color": style.LOSS, "width": 1.6, "dash": "6 4"},
        {"area": "wedge", "color": style.color("l1"), "opacity": 0.2},
        {"line": "objective", **stroke("l1", width=2.4)},
        {"line": "line", "color": style.INK, "width": 1.4},
        {"dot": "lowest", "color": style.INK, "width": 11},
        {"text": "told", "at": "lowest", "anchor": "middle", "dy": 18},
    ]
    key = [("loss", style.LOSS), ("loss + penalty", style.color("l1")), ("line −g·w", style.INK)]
    return LiveFigure(
        "scroll",
        "A loss over the weight w, loss plus the L1 penalty with its minimum, a dot, and the line of slope minus g "
        "against the wedge of lines that touch the penalty.",
        [],
        [panel(axis(-1.6, 1.6, [-1, 0, 1], "weight w"), axis(-1, 1.6, [-1, 0, 1]), *marks, height=230, key=key)],
        model("g", _SCROLL, "loss, objective, line, wedge, lowest, told, words", once),
        more={"g": 0},
        steps=[
            ("<b>g = 0.</b> The loss is level at zero. Its minimum is there, with or without a penalty.", {"g": 0}),
            (
                "<b>g = −0.9.</b> The loss tilts, and alone its minimum would move. The kink pushes back: the line of "
                "slope −g is still in the wedge, and the minimum is still <b>exactly 0</b>.",
                {"g": -0.9},
            ),
            (
                "<b>g = −1.</b> The line lies on the edge of the wedge. To the right the sum is flat in first order; "
                "the curvature of the loss keeps the minimum at <b>exactly 0</b>.",
                {"g": -1},
            ),
            ("<b>g = −1.3.</b> The line has left the wedge, and the minimum has left zero: it is at 0.3.", {"g": -1.3}),
        ],
    )


_SCROLL = """
const loss = (w) => lossAt(w, g), objective = (w) => loss(w) + rho(w), line = (w) => lineAt(w, g);
const wedge = [[-3, -3], [0, 0], [3, -3], [3, 3], [0, 0], [-3, 3]], minimum = minimizer(g);
const lowest = [minimum, objective(minimum)], told = minimum === 0 ? "exactly 0" : show(minimum);
const words = [`At slope ${show(g)} the minimum is ${minimum === 0 ? "exactly 0" : "at " + show(minimum)}.`];
"""


def smooth():
    """Smooth the kink at a scale from 1 down to a millionth: the minimizer gets small, but is not 0."""
    smoothed, kinked = catalog.smoothed_l1().at(beta=1), catalog.l1().at(beta=1)
    once = "const minimizer = {}, stationary = {};"
    for name, penalty in (("smoothed", smoothed), ("kinked", kinked)):
        *before, (_, best) = minimizer(penalty, g, sp.S.One)
        once += f" minimizer.{name} = {function('g, eps', best, before)};"
        once += f" stationary.{name} = {function('w, eps', -w - penalty.derivative)};"

    def marks(suffix):
        return [
            {"line": f"kinked{suffix}", **stroke("l1")},
            {"line": f"smoothed{suffix}", **stroke("smoothed_l1")},
            {"dot": f"kinkedAt{suffix}", "color": style.color("l1"), "width": 13},
            {"dot": f"smoothedAt{suffix}", "color": style.color("smoothed_l1"), "width": 9},
        ]

    sizes = [[1, "1"], [1e-2, "10⁻²"], [1e-4, "10⁻⁴"], [1e-6, "10⁻⁶"], [1e-8, "10⁻⁸"]]
    slopes = axis(-2, 2, [-2, -1, 0, 1, 2], "slope g of the loss at w = 0")
    key = [("minimizer:", style.INK), ("smoothed,", style.color("smoothed_l1")), ("L1", style.color("l1"))]
    return LiveFigure(
        "smooth",
        "Above, the minimizer against the slope of the loss, for the L1 penalty and for the smoothed one; below, their "
        "sizes on a logarithmic axis. The L1 minimizer is exactly 0 between the slopes minus 1 and 1, and has no size "
        "there; the smoothed one is 0 at slope 0 only.",
        [
            slider("eps", "smoothing ε", 1e-6, 1, 0.1, 0.1, digits=3, log=True),
            slider("g", "slope g", -2, 2, 0.05, -0.5),
        ],
        [
            panel(axis(-2, 2), axis(-1.1, 1.1, [-1, 0, 1]), *marks(""), height=130, key=key, left=40, drag="byHand"),
            panel(
                slopes,
                axis(2e-9, 2, sizes, log=True),
                *marks("Size"),
                height=120,
                left=40,
                drag="byHand",
                key=[("and its size", style.INK)],
            ),
        ],
        model(
            "eps, g",
            _SMOOTH,
            "smoothed, kinked, smoothedSize, kinkedSize, smoothedAt, kinkedAt, smoothedAtSize, kinkedAtSize, "
            "minimizers, byHand, words",
            once,
        ),
    )


_SMOOTH = """
const sizes = Array.from({length: 201}, (_, k) => 10 ** ((k + 1) / 20 - 9.7));
const halves = (name) => [-1, 1].map((side) => sizes.map((size) => [stationary[name](side * size, eps), side * size]));
const whole = ([left, right], gap) => [...left.reverse(), ...gap, ...right];
const bySize = (both) => both.flatMap((half) => [...half.map(([slope, u]) => [slope, Math.abs(u)]), null]);
const smoothed = whole(halves("smoothed"), []), kinked = whole(halves("kinked"), [[1, 0], [-1, 0]]);
const smoothedSize = bySize(halves("smoothed")), kinkedSize = bySize(halves("kinked"));
const minimizers = {smoothed: minimizer.smoothed(g, eps), kinked: minimizer.kinked(g, eps)};
const sized = (u) => u === 0 ? [] : [[g, Math.abs(u)]];
const smoothedAt = [g, minimizers.smoothed], kinkedAt = [g, minimizers.kinked], byHand = (g) => ({g});
const smoothedAtSize = sized(minimizers.smoothed), kinkedAtSize = sized(minimizers.kinked);
const words = [
  minimizers.smoothed === 0 ? "Smoothed: exactly 0, at this one slope." :
    `Smoothed: ${show(minimizers.smoothed, 3)}, not 0.`,
  minimizers.kinked === 0 ? "Under the kink of L1: exactly 0." : `Under the kink of L1: ${show(minimizers.kinked, 3)}.`,
];
"""
