"""What the interactive figures share: sliders, derived values, one size, and how a chart is shown in a notebook.

A chart computes in the reader's browser: sliders set parameters, and derived parameters and columns follow from them by
expressions that `exactzeros.book.vega` printed. Its parameter `words` says what is seen.
"""

import re
import sys

from .. import style
from ..vega import as_columns, vega
from . import VEGA_MIME

# Altair's checks would load a grammar of web addresses, not needed here, for longer than all the rest takes.
sys.modules.setdefault("rfc3987_syntax", None)
import altair as alt  # noqa: E402

WIDTH, LEFT, RIGHT, BELOW = 360, 50, 8, 40  # as wide as a phone's text column; the style sheet scales it up
LINE = 16  # the height of a line of the sentence above the panels
_LETTER = 6.4  # the width of a letter of the key, about


def slider(name, label, low, high, step, value):
    """Return a parameter that the reader sets with a slider."""
    return alt.param(name=name, value=value, bind=alt.binding_range(min=low, max=high, step=step, name=label))


def choice(name, label, options, labels, value):
    """Return a parameter that the reader chooses from a list."""
    return alt.param(name=name, value=value, bind=alt.binding_select(options=options, labels=labels, name=label))


def derived(name, expression):
    """Return a parameter that follows from others, by a SymPy expression or by one of Vega's."""
    return alt.param(name=name, expr=expression if isinstance(expression, str) else vega(expression))


def all_derived(definitions):
    """Return the parameters that follow by these definitions."""
    return [derived(symbol.name, expression) for symbol, expression in definitions]


def columns(chart, definitions, names):
    """Add definitions to a chart's rows as columns; `names` says what stands for the other symbols in them."""
    for name, expression in as_columns(definitions, names):
        chart = chart.transform_calculate(**{name: expression})
    return chart


def grid(name, low, high, steps):
    """Return a chart whose rows have numbers from `low` to `high` in the column `name`."""
    return alt.Chart(alt.sequence(0, steps + 1, as_="row")).transform_calculate(
        **{name: f"{low} + datum.row * {high - low} / {steps}"}
    )


def one_row(**values):
    """Return a chart with a single row, whose columns are these Vega expressions."""
    return alt.Chart(alt.Data(values=[{}])).transform_calculate(**values)


_POWER = "datum.value == 1 ? '1' : format(datum.value, '.0e')"


def axis(letter, field, title, low, high, **options):
    """Return the x or y encoding of a column on a scale that stays as it is."""
    powers = alt.Axis(values=[1, 1e-2, 1e-4, 1e-6, 1e-8], labelExpr=_POWER)
    ticks = powers if options.get("type") == "log" else alt.Undefined
    scale = alt.Scale(domain=[low, high], nice=False, **options)
    return {"x": alt.X, "y": alt.Y}[letter](f"{field}:Q", title=title, scale=scale, axis=ticks)


def stroke(name):
    """Return the stroke of the named penalty's line, as in the still figures."""
    dashes = {"-": [1, 0], "--": [6, 3], "-.": [6, 2, 1, 2]}
    color, line, _ = style.PENALTY[name]
    return {"color": color, "strokeDash": dashes[line], "strokeWidth": 1.8, "clip": True}


def dot(chart, **options):
    """Return a chart's rows as dots."""
    return chart.mark_point(**{"filled": True, "color": style.INK, "size": 70, "opacity": 1, "clip": True} | options)


def key(*names):
    """Return a line of text above a panel, each part in the colour of the line that it names."""
    place, marks = 0, []
    for text, color in names:
        marks.append(one_row().mark_text(text=text, color=color, x=place, y=-9, align="left", fontWeight="bold"))
        place += _LETTER * (len(text) + 1.5)
    return marks


def figure(panels, parameters, heights, lines=2):
    """Stack panels below their sentence, at fixed places: nothing moves when they are drawn anew.

    Parameters
    ----------
    panels : list of altair charts, without a size
    parameters : list of altair parameters
        One of them is called `words`, the sentence; `|` in it begins a new line.
    heights : list of int
        The panels' heights.
    lines : int
        How many lines the sentence has.
    """
    width, gap, top = WIDTH - LEFT - RIGHT, 56, lines * LINE + 30
    sentence = one_row().mark_text(
        text=alt.ExprRef("words"),
        lineBreak="|",
        lineHeight=LINE,
        fontSize=12.5,
        align="left",
        baseline="top",
        x=2 - LEFT,
        y=2 - top,
    )
    first, *others = panels
    sized = [
        panel.properties(width=width, height=height)
        for panel, height in zip([alt.layer(first, sentence), *others], heights, strict=True)
    ]
    size = {
        "width": width,
        "height": sum(heights) + gap * (len(heights) - 1),
        "padding": {"left": LEFT, "right": RIGHT, "top": top, "bottom": BELOW},
    }
    chart = alt.vconcat(*sized, bounds="flush", spacing=gap).add_params(*parameters)
    return chart.properties(usermeta=size).configure(**_LOOK)


_AXIS = {f"{part}Color": style.INK for part in ("domain", "tick", "label", "title")}
_AXIS |= {"grid": False, "tickCount": 5, "labelFontSize": 10, "titleFontSize": 11, "titleFontWeight": "normal"}
_LOOK = {
    "background": "transparent",
    "font": "-apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif",
    "view": alt.ViewConfig(stroke=None),
    "axis": alt.AxisConfig(**_AXIS),
    "axisY": alt.AxisConfig(minExtent=30, maxExtent=30),
    "text": alt.MarkConfig(color=style.INK, fontSize=11),
}


def compiled(chart):
    """Return the Vega specification of a chart from `figure`, as a dict."""
    import vl_convert

    spec = vl_convert.vegalite_to_vega(chart)
    return spec | spec.pop("usermeta") | {"autosize": "none", "$schema": "https://vega.github.io/schema/vega/v5.json"}


def bundle(chart):
    """Return what a notebook shows for a chart: the live figure, and a still picture of how it begins."""
    import vl_convert

    spec = compiled(chart)
    picture = vl_convert.vega_to_svg(spec)
    for number, name in enumerate(re.findall(r'id="(\w+)"', picture)):  # else they count on from figure to figure
        picture = re.sub(rf"\b{name}\b", f"part-{number}", picture)
    return {VEGA_MIME: spec, "image/svg+xml": picture, "text/plain": "an interactive figure"}


alt.renderers.register("book", bundle)
alt.renderers.enable("book")
