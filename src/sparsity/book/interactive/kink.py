"""Interactive figures of the index page and of the chapter "The L1 singularity"."""

import sympy as sp

from .. import style
from ..examples import symbolic
from ..vega import minimizer, vega
from ..vega import w as weight
from .parts import LEFT, RIGHT, WIDTH, alt, beta, c, choice, derived, figure, g, slider

_SLOPES = (-2, 2)
_WEIGHTS = (-2.2, 2.2)
_VALUES = (-2.2, 3)


def tilt():
    """Tilt a loss under one of the catalog's penalties; see the minimum, and the zero interval with the slope in it."""
    penalties = {name: symbolic(name) for name in style.PENALTY}
    parameters = [
        choice("penalty", "penalty", list(penalties), [_plain(style.label(name)) for name in penalties], "l1"),
        slider("g", "slope g of the loss", *_SLOPES, 0.05, -0.5),
        slider("c", "curvature of the loss", 1, 3, 0.1, 1),
        slider("beta", "strength β", 0.1, 2, 0.05, 1),
    ]
    for name, penalty in penalties.items():
        key = "".join(filter(str.isalnum, name))
        definitions = minimizer(penalty, g, c, key)
        parameters += [derived(symbol.name, expression) for symbol, expression in definitions]
    keys = {name: "".join(filter(str.isalnum, name)) for name in penalties}
    ends = {name: tuple(-slope for slope in reversed(penalty.slopes_at_zero)) for name, penalty in penalties.items()}
    parameters += [
        derived("minimum", _chosen(keys)),
        derived("low", _chosen({name: vega(low) for name, (low, _) in ends.items()})),
        derived("high", _chosen({name: vega(high) for name, (_, high) in ends.items()})),
        derived("color", _chosen({name: f"'{style.color(name)}'" for name in penalties})),
        derived("words", _WORDS),
    ]
    penalty_at = {name: vega(penalty.expression, {weight: "datum.w"}) for name, penalty in penalties.items()}
    return figure([_curves(penalty_at), _band()], parameters, heights=[190, 26], lines=3)


_WORDS = (
    "(minimum == 0 ? 'Minimum at exactly 0.' : 'Minimum at ' + format(minimum, '.4f') + '.') + '|' + "
    "'The zero interval is ' + (low == high ? '{0}, one point' : "
    "(isFinite(low) ? '[' + format(low, '.2f') : '(−∞') + ', ' + (isFinite(high) ? format(high, '.2f') + ']' : '∞)')) + ';|' + "
    "'the slope ' + format(g, '.2f') + (g >= low && g <= high ? (minimum == 0 ? ' lies inside it.' : "
    "' lies inside, but another minimum is lower.') : ' lies outside.')"
)


def _chosen(by_name):
    """Return the Vega expression that picks what belongs to the chosen penalty."""
    *others, last = by_name.items()
    return "".join(f"penalty == '{name}' ? ({expression}) : " for name, expression in others) + f"({last[1]})"


def _plain(label):
    return label.replace("$", "").replace(r"\sqrt{|w|}", "√|w|").replace("|w|^{3/2}", "|w|^(3/2)").replace(r"\geq", "≥")


def _curves(penalty_at):
    low, high = _WEIGHTS
    chart = alt.Chart(alt.sequence(0, 441, as_="row")).transform_calculate(
        w=f"{low} + datum.row * {(high - low) / 440}"
    ).transform_calculate(
        loss="g * datum.w + c * datum.w * datum.w / 2", penalty=_chosen(penalty_at)
    ).transform_calculate(objective="datum.loss + datum.penalty")
    x = alt.X("w:Q", title="weight w", scale=alt.Scale(domain=_WEIGHTS, nice=False))

    def line(name, **options):
        y = alt.Y(f"{name}:Q", title="value", scale=alt.Scale(domain=_VALUES, nice=False))
        return chart.mark_line(clip=True, **options).encode(x=x, y=y, order="w:Q")

    dot = alt.Chart(alt.Data(values=[{}])).transform_calculate(
        w="minimum", objective=f"g * minimum + c * minimum * minimum / 2 + ({_chosen(penalty_at).replace('datum.w', 'minimum')})"
    ).mark_point(filled=True, color=style.INK, size=70, opacity=1).encode(x=x, y="objective:Q")
    names = [("loss", 52, style.LOSS), ("+", 84, style.INK), ("penalty", 116, alt.ExprRef("color")), ("=", 150, style.INK),
             ("objective", 188, style.INK)]
    key = [alt.Chart(alt.Data(values=[{}])).mark_text(text=text, color=color, x=place, y=6, fontWeight="bold").encode()
           for text, place, color in names]
    return alt.layer(
        line("loss", color=style.LOSS, strokeDash=[5, 3], strokeWidth=1.4),
        line("penalty", color=alt.ExprRef("color"), strokeWidth=1.4),
        line("objective", color=style.INK, strokeWidth=2.2),
        dot, *key,
    )


def _band():
    x = alt.X("low:Q", title="slope g of the loss at w = 0, and the zero interval", scale=alt.Scale(domain=[-2.1, 2.1], nice=False))
    interval = alt.Chart(alt.Data(values=[{}])).transform_calculate(
        low="clamp(low, -2.1, 2.1)", high="clamp(high, -2.1, 2.1)", here="g"
    )
    return alt.layer(
        interval.mark_rect(color=alt.ExprRef("color"), opacity=0.35).encode(x=x, x2="high:Q"),
        interval.mark_rule(color=alt.ExprRef("color"), strokeWidth=2).encode(x="low:Q"),
        interval.mark_rule(color=alt.ExprRef("color"), strokeWidth=2).encode(x="high:Q"),
        interval.mark_point(filled=True, color=style.INK, size=70, opacity=1).encode(x="here:Q"),
    )
