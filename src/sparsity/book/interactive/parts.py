"""What the interactive figures share: sliders, derived values, one size, and how a chart is shown in a notebook.

A chart computes in the reader's browser: sliders set parameters, and derived parameters and columns follow from them by
expressions that `sparsity.book.vega` printed. Its parameter `words` says what is seen.
"""

import json
import sys

import sympy as sp

from .. import style
from ..vega import as_columns, vega

sys.modules.setdefault("rfc3987_syntax", None)  # a grammar of addresses, needless here, that takes longer to load than all the rest
import altair as alt  # noqa: E402

VEGA = "application/vnd.vega.v5+json"  # what JupyterLab draws itself
WIDTH, LEFT, RIGHT = 360, 44, 8  # as wide as a phone's text column; the style sheet scales it up
LINE = 15  # of the sentence above the chart
g, c, beta, eps = sp.Symbol("g", real=True), sp.Symbol("c", positive=True), sp.Symbol("beta", positive=True), sp.Symbol("eps", positive=True)


def slider(name, label, low, high, step, value):
    """Return a parameter that the reader sets with a slider."""
    return alt.param(name=name, value=value, bind=alt.binding_range(min=low, max=high, step=step, name=label))


def choice(name, label, options, labels, value):
    """Return a parameter that the reader chooses from a list."""
    return alt.param(name=name, value=value, bind=alt.binding_select(options=options, labels=labels, name=label))


def derived(name, expression):
    """Return a parameter that follows from others, by a SymPy expression or by one of Vega's."""
    return alt.param(name=name, expr=expression if isinstance(expression, str) else vega(expression))


def columns(chart, definitions, names):
    """Add definitions to a chart's rows as columns; `names` says what stands for the other symbols in them."""
    for name, expression in as_columns(definitions, names):
        chart = chart.transform_calculate(**{name: expression})
    return chart


def line_of(name):
    """Return the stroke of the named penalty's line, as in the still figures."""
    dashes = {"-": [1, 0], "--": [6, 3], "-.": [6, 2, 1, 2]}
    color, line, _ = style.PENALTY[name]
    return {"color": color, "strokeDash": dashes[line]}


def figure(panels, parameters, heights, lines=2, gap=44, below=40):
    """Stack panels below their sentence, at fixed places: nothing moves when they are drawn anew.

    Parameters
    ----------
    panels : list of altair charts, without a size
    parameters : list of altair parameters
        One of them is called `words`; `|` in it begins a new line.
    heights : list of int
        The panels' heights.
    lines : int
        How many lines the longest sentence has.
    gap, below : int
        The room between the panels and under the last one, for the names of the axes.
    """
    width, top = WIDTH - LEFT - RIGHT, lines * LINE + 12
    chart = alt.vconcat(*(panel.properties(width=width, height=height) for panel, height in zip(panels, heights, strict=True)),
                        bounds="flush", spacing=gap)
    padding = {"left": LEFT, "right": RIGHT, "top": top, "bottom": below}
    height = sum(heights) + gap * (len(heights) - 1)
    return chart.add_params(*parameters).properties(
        title=alt.Title(text=alt.ExprRef("split(words, '|')"), anchor="start", frame="group", offset=10, lineHeight=LINE),
        usermeta={"width": width, "height": height, "padding": padding},
    ).configure(**_LOOK)


_TEXT = {"labelColor": style.INK, "titleColor": style.INK, "labelFontSize": 10, "titleFontSize": 11, "titleFontWeight": "normal"}
_LOOK = {
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "view": alt.ViewConfig(stroke=None),
    "axis": alt.AxisConfig(grid=False, domainColor=style.INK, tickColor=style.INK, tickCount=5, **_TEXT),
    "title": alt.TitleConfig(color=style.INK, fontSize=11.5, fontWeight="normal"),
    "text": alt.MarkConfig(color=style.INK, fontSize=11),
}


def compiled(chart):
    """Return the Vega specification of a chart from `figure`, as a dict."""
    import vl_convert

    spec = json.loads(json.dumps(vl_convert.vegalite_to_vega(chart)))
    return spec | spec.pop("usermeta") | {"autosize": "none", "$schema": "https://vega.github.io/schema/vega/v5.json"}


def bundle(chart):
    """Return what a notebook shows for a chart: the live figure, and a still picture of how it begins."""
    import vl_convert

    spec = compiled(chart)
    return {VEGA: spec, "image/svg+xml": vl_convert.vega_to_svg(spec), "text/plain": "an interactive figure"}


alt.renderers.register("book", bundle)
alt.renderers.enable("book")
alt.data_transformers.disable_max_rows()
