"""The look of the still figures, for live ones."""

from .. import style

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


def label(name):
    """Return the penalty's label without LaTeX."""
    return _FORMULAS.get(name, style.label(name))
