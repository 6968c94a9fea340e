"""Interactive figures of the index page and of the chapter "The L1 singularity"."""

import sympy as sp

from ... import catalog, w
from .. import style
from ..examples import symbolic
from ..vega import minimizer, vega
from .parts import all_derived, alt, axis, choice, derived, dot, figure, grid, key, one_row, slider, stroke

g, c = sp.Symbol("g", real=True), sp.Symbol("c", positive=True)


def tilt():
    """Tilt a loss under one of the catalog's penalties; see the minimum and the zero interval."""
    penalties = {name: symbolic(name) for name in style.PENALTY}
    prefix = {name: "".join(filter(str.isalnum, name)) for name in penalties}
    minima = [minimizer(penalty, g, c, prefix[name]) for name, penalty in penalties.items()]
    edges = {name: tuple(-slope for slope in reversed(penalty.slopes_at_zero)) for name, penalty in penalties.items()}
    parameters = [
        choice("penalty", "penalty", list(penalties), list(map(_plain, penalties)), "l1"),
        slider("g", "slope g of the loss", -2, 2, 0.05, -0.5),
        slider("c", "curvature of the loss", 1, 3, 0.1, 1),
        slider("beta", "strength β", 0.1, 2, 0.05, 1),
        *all_derived([row for rows in minima for row in rows]),
        derived("minimum", _chosen(prefix)),
        derived("low", _chosen({name: vega(low) for name, (low, _) in edges.items()})),
        derived("high", _chosen({name: vega(high) for name, (_, high) in edges.items()})),
        derived("color", _chosen({name: f"'{style.color(name)}'" for name in penalties})),
        derived("words", _TILT_WORDS),
    ]
    return figure([_curves(penalties), _band()], parameters, heights=[180, 26], lines=3)


_TILT_WORDS = """(minimum == 0 ? 'Minimum at exactly 0.' : 'Minimum at ' + format(minimum, '.4f') + '.')
+ '|The zero interval is ' + (low == high ? 'the one point 0' :
(isFinite(low) ? '[' + format(low, '.2f') : '(−∞') + ', ' +
(isFinite(high) ? format(high, '.2f') + ']' : '∞)')) + ';'
+ '|the slope ' + format(g, '.2f') + (g < low || g > high ? ' lies outside.' : minimum == 0 ? ' lies in it.' :
' lies in it; another minimum is lower.')""".replace("\n", " ")


def _plain(name):
    """The penalty's label without LaTeX."""
    formulas = {"lp(3/2)": "power 3/2 of |w|", "lp(1/2)": "square root of |w|", "nonnegative": "constraint w ≥ 0"}
    return formulas.get(name, style.label(name))


def _chosen(by_name):
    """Return the Vega expression that picks what belongs to the chosen penalty."""
    *others, (_, last) = by_name.items()
    return "".join(f"penalty == '{name}' ? ({expression}) : " for name, expression in others) + f"({last})"


def _objective(penalties, at):
    """Return the Vega expressions of the loss and of the chosen penalty, at `at`."""
    loss = vega(g * w + c * w**2 / 2, {w: at})
    return loss, _chosen({name: vega(penalty.expression, {w: at}) for name, penalty in penalties.items()})


def _curves(penalties):
    color = alt.ExprRef("color")
    loss, penalty = _objective(penalties, "datum.w")
    chart = grid("w", -2.2, 2.2, 220).transform_calculate(loss=loss, penalty=penalty)
    chart = chart.transform_calculate(objective="datum.loss + datum.penalty")
    minimum = one_row(w="minimum", objective=" + ".join(f"({part})" for part in _objective(penalties, "minimum")))
    x, limits = axis("x", "w", "weight w", -2.2, 2.2), ("value", -2.2, 3)

    def line(field, **options):
        return chart.mark_line(clip=True, **options).encode(x=x, y=axis("y", field, *limits))

    return alt.layer(
        line("loss", color=style.LOSS, strokeDash=[5, 3], strokeWidth=1.4),
        line("penalty", color=color, strokeWidth=1.6),
        line("objective", color=style.INK, strokeWidth=2.2),
        dot(minimum).encode(x=x, y=axis("y", "objective", *limits)),
        *key(("loss", style.LOSS), ("+", style.INK), ("penalty", color), ("=", style.INK), ("objective", style.INK)),
    )


def _band():
    interval = one_row(low="max(low, -2.1)", high="min(high, 2.1)", slope="g")
    edges = {"low": "datum.low > -2.1", "high": "datum.high < 2.1"}  # an infinite interval has no edge
    limits = "slope g of the loss at w = 0, and the zero interval", -2.1, 2.1
    color = alt.ExprRef("color")
    return alt.layer(
        interval.mark_rect(color=color, opacity=0.35).encode(x=axis("x", "low", *limits), x2="high:Q"),
        *(
            interval.transform_filter(finite).mark_rule(color=color, strokeWidth=2).encode(x=axis("x", edge, *limits))
            for edge, finite in edges.items()
        ),
        dot(interval).encode(x=axis("x", "slope", *limits)),
    )


def smooth():
    """Smooth the kink at a scale from 1 down to a millionth; see that the minimizer is small and not 0."""
    smoothed, kinked = catalog.smoothed_l1().at(beta=1), catalog.l1().at(beta=1)
    parameters = [
        slider("exponent", "ε, as a power of ten", -6, 0, 0.1, -1),
        slider("g", "slope g of the loss", -2, 2, 0.05, -0.5),
        derived("eps", "pow(10, exponent)"),
        *all_derived(minimizer(smoothed, g, sp.S.One, "smoothed")),
        *all_derived(minimizer(kinked, g, sp.S.One, "kinked")),
        derived("words", _SMOOTH_WORDS),
    ]
    curve = (
        grid("order", -201, 201, 402)
        .transform_filter("datum.order != 0")
        .transform_calculate(
            u="(datum.order < 0 ? -1 : 1) * pow(10, abs(datum.order) / 20 - 9.7)"  # minimizers of every size, up to 2.2
        )
        .transform_calculate(
            smoothed_slope=vega(-w - smoothed.derivative, {w: "datum.u"}),  # where u is stationary
            kinked_slope=vega(-w - kinked.derivative, {w: "datum.u"}),
            size="abs(datum.u)",
            side="datum.u < 0",
        )
    )
    looks = {"kinked": "l1", "smoothed": "smoothed_l1"}
    title = "slope g of the loss at w = 0"

    def panel(field, title_of_y, low, high, positive, **scale):
        y = axis("y", field, title_of_y, low, high, **scale)
        layers = []
        for which, look in looks.items():
            x = axis("x", f"{which}_slope", title, -2, 2)
            line = curve.mark_line(**stroke(look)).encode(x=x, y=y, order="order:Q")
            here = one_row(slope="g", u=which, size=f"abs({which})")
            layers.append(line.encode(detail="side:N") if positive else line)
            here = here.transform_filter("datum.size > 0") if positive else here
            layers.append(dot(here, color=style.color(look)).encode(x=axis("x", "slope", title, -2, 2), y=y))
        return layers

    upper = panel("u", "minimizer", -1.1, 1.1, positive=False)
    upper += key(("smoothed", style.color("smoothed_l1")), ("L1, ε = 0", style.color("l1")))
    lower = panel("size", "its size", 1e-8, 2, positive=True, type="log")
    return figure([alt.layer(*upper), alt.layer(*lower)], parameters, heights=[130, 110], lines=3)


_SMOOTH_WORDS = """'ε = ' + format(eps, '.3~g') + ', slope ' + format(g, '.2f') + ':'
+ '|smoothed minimum at ' + (smoothed == 0 ? 'exactly 0, at this one slope;' :
replace('' + smoothed, regexp('-', 'g'), '−') + ', not 0;')
+ '|under the kink, ε = 0, at ' + (kinked == 0 ? 'exactly 0.' : format(kinked, '.2f') + '.')""".replace("\n", " ")
