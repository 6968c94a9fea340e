"""The parts of a live figure, and how it is shown on the book's site and in a notebook.

A figure has a *model*, JavaScript that turns the reader's settings into named values, and a drawing that uses these
names. `runtime/figure.js` draws it twice: here, in an engine without a browser, as the picture that a page shows before
any script runs; then in the reader's browser. So there is only one drawing code, and the values come from the same
expressions.
"""

import json
from html import escape
from importlib.resources import files

MIME = "application/vnd.live-figure+json"  # the press puts such output on a page


def runtime():
    """Return the script and the style sheet of all live figures, by file name."""
    folder = files(__package__) / "runtime"
    return {name: (folder / name).read_text(encoding="utf-8") for name in ("figure.js", "figure.css")}


class LiveFigure:
    """A figure that the reader sets, as a script that defines it.

    Parameters
    ----------
    name : str
        A name that no other figure of the book has.
    about : str
        What the figure shows, for readers who cannot see it; the model's `words` follow and describe its present state.
    controls : list of dict
        From `slider`, `choice` and `switch`.
    panels : list of dict
        From `panel`.
    model : str
        From `model`.
    **options
        `presets`, pairs of a label and settings; `columns` of the panels, in CSS; `play`, the slider that a button
        moves; `steps`, pairs of HTML and settings, which a page shows one after another; `more` settings.
    """

    def __init__(self, name, about, controls, panels, model, **options):
        settings = {each["name"]: each["start"] for each in controls} | options.pop("more", {})
        drawing = {"about": about, "state": settings, "controls": controls, "panels": panels} | options
        text = json.dumps(drawing, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        self.name, self.settings, self.drawing = name, settings, drawing
        self.script = f'liveFigure.define("{name}", {{...{text}, model: {model}}});\n'

    def html(self):
        """Return the figure in its initial state, as HTML."""
        from py_mini_racer import MiniRacer

        with MiniRacer() as engine:
            engine.eval(runtime()["figure.js"])
            engine.eval(self.script)
            return engine.eval(f"liveFigure.html({json.dumps(self.name)})")

    def _repr_mimebundle_(self, include=None, exclude=None):
        html, shared = self.html(), runtime()
        return {
            MIME: {"name": self.name, "html": html, "script": self.script, "runtime": shared},
            "text/html": _frame(self.name, html, self.script, shared),
            "text/plain": f"a live figure: {self.drawing['about']}",
        }


def _frame(name, html, script, shared):
    """Return a frame that contains only the figure and has its height."""
    fit = "frameElement.style.height = document.documentElement.offsetHeight + 'px'"
    page = (
        f"<!DOCTYPE html><html lang='en' style='color-scheme: light'><meta charset='utf-8'>"
        f"<style>{shared['figure.css']}</style>"
        f"<body style='margin: 0 0.5rem; max-width: 36rem; background: #fff'>"
        f"<div class='live' data-figure='{name}'>{html}</div>"
        f"<script>{shared['figure.js']}{script}new ResizeObserver(() => {{ {fit} }}).observe(document.body)</script>"
    )
    return f'<iframe srcdoc="{escape(page)}" style="width: 100%; height: 40rem; border: 0"></iframe>'


def slider(name, label, low, high, step, start, digits=2, log=False):
    """Return a slider for a setting, which shows `digits` digits; on a `log` scale `step` is in decades."""
    control = {"kind": "slider", "name": name, "label": label, "low": low, "high": high, "step": step, "start": start}
    return control | {"digits": digits} | ({"log": True} if log else {})


def choice(name, label, options, start):
    """Return a drop-down list for a setting; `options` gives the label of each value."""
    options = [[value, text] for value, text in options.items()]
    return {"kind": "choice", "name": name, "label": label, "options": options, "start": start}


def switch(name, label, start):
    """Return a checkbox for a setting that is on or off."""
    return {"kind": "switch", "name": name, "label": label, "start": start}


def axis(low, high, ticks=(), title="", log=False):
    """Return an axis; `ticks` are numbers, or pairs of a number and its label."""
    found = {"low": low, "high": high} | ({"log": True} if log else {})
    return found | ({"ticks": list(ticks)} if ticks else {}) | ({"title": title} if title else {})


def panel(x, y, *marks, height, key=(), **options):
    """Return a panel with two axes, `height` in pixels, and its marks.

    Parameters
    ----------
    x, y : dict
        From `axis`.
    *marks : dict
        `line` (a function or points), `area`, `band`, `dot`, `text` at points; and `handle`, a ring that the reader
        drags in the plane of both axes, where `by` turns its place into settings. Each uses names of values of the
        model. A color that begins with `=` is such a name, too.
    key : list of (str, str)
        Words above the panel, and their colors.
    **options
        `left`, the space for the numbers of the y axis; `place` in the columns; `drag`, a function that sets what
        follows the reader's pointer; `follow` to choose a row of the y axis by its name; `shape` instead of a height.
    """
    found = {"x": x, "y": y, "marks": marks, "height": height, "key": key} | options
    return {name: value for name, value in found.items() if value}


def model(settings, code, values, once=""):
    """Return a model: JavaScript that computes, by `code`, these `values` from these settings.

    Parameters
    ----------
    settings, values : str
        Names, separated by commas: of the settings that the code uses, and of the values, among them `words`, a list.
    code, once : str
        The code that runs for each setting, and the code that runs only once.
    """
    body = f"(settings, show) => {{ const {{{settings}}} = settings; {code} return {{{values}}}; }}"
    return f"(() => {{ {once} return {body}; }})()" if once else body


def data(**arrays):
    """Return constants with these lists of numbers."""
    return " ".join(f"const {name} = {json.dumps(values, separators=(',', ':'))};" for name, values in arrays.items())
