"""The look of the still figures, for live ones."""

from .. import style

EDGES = [[-1, "−β"], [0, "0"], [1, "β"]]  # the ticks of an axis of slopes, in units of the strength
_DASHES = {"-": "", "--": "7 4", "-.": "7 3 1.5 3"}
_FORMULAS = {"lp(3/2)": "power 3/2 of |w|", "lp(1/2)": "square root of |w|", "nonnegative": "constraint w ≥ 0"}


def stroke(name, **options):
    """Return color and dashes of the named penalty's line, as in the still figures."""
    color, line, _ = style.PENALTY[name]
    return {"color": color, "dash": _DASHES[line]} | options


def prior_stroke(name, **options):
    """Return color and dashes of the named prior's line, as in the still figures."""
    color, line = style.PRIOR[name]
    return {"color": color, "dash": _DASHES[line]} | options


def zero_interval(along="x"):
    """Return the marks of the zero interval of L1, from `lowEdge` to `highEdge` on an axis, with the lines `edges`."""
    color = style.color("l1")
    band = {"band": ["lowEdge", "highEdge"], "axis": along, "color": color, "opacity": 0.18}
    return [band, {"line": "edges", "color": color, "width": 1.5}]


def ring(points, color, width=13, hole=8):
    """Return the marks of dots with a hole."""
    return [{"dot": points, "color": color, "width": width}, {"dot": points, "color": "#ffffff", "width": hole}]


def label(name):
    """Return the penalty's label without LaTeX."""
    return _FORMULAS.get(name, style.label(name))
