"""One look for all figures: legible on a phone, in dark mode and for color-blind readers; the same in every build."""

from pathlib import Path

import matplotlib
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

for _file in sorted(Path(__file__).with_name("fonts").glob("*.ttf")):  # the sans face of the site
    fontManager.addfont(_file)

WIDTH = 4.0  # inches: a phone's text column is 0.9 of it, so a label of 10.2 points has 12 pixels there
SMALL = 10.2  # points
SANS = "Book Sans"

# Okabe & Ito's hues, darkened to at least 3:1 against white; each penalty has its own color and line style.
PENALTY = {
    "l2": ("#0072B2", "-", "ridge"),
    "lp(3/2)": ("#2A8FBD", "--", r"$\vert w \vert^{3/2}$"),
    "huber": ("#5B5EA6", "-.", "Huber"),
    "smoothed_l1": ("#7A7A7A", "--", "smoothed L1"),
    "l1": ("#D55E00", "-", "L1"),
    "elastic_net": ("#A87900", "-.", "elastic net"),
    "mcp": ("#B0528A", "--", "MCP"),
    "scad": ("#7B3294", "-", "SCAD"),
    "log_sum": ("#008864", "-", "log-sum"),
    "lp(1/2)": ("#00634A", "--", r"$\sqrt{\vert w \vert}$"),
    "one_sided": ("#A0522D", "-.", "one-sided"),
    "nonnegative": ("#4D4D4D", "-", "$w \\geq 0$"),
}
# A prior that belongs to a penalty has the penalty's look.
PRIOR = {
    "Gaussian": PENALTY["l2"][:2],
    "Laplace": PENALTY["l1"][:2],
    "horseshoe": ("#B5345F", "--"),
    "spike and slab": ("#5C6B00", "-."),
}
INK = "#222222"
LOSS = "#6E6E6E"

SETTINGS = {
    "font.family": SANS,
    "font.size": 10.5,
    "axes.titlesize": 10.5,
    "axes.labelsize": 10.5,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "lines.linewidth": 1.8,
    "lines.markersize": 6,
    "legend.frameon": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "mathtext.fontset": "custom",
    **{f"mathtext.{kind}": SANS for kind in ("rm", "bf", "sf", "tt", "cal")},
    **{f"mathtext.{kind}": f"{SANS}:italic" for kind in ("it", "bfit")},
    "mathtext.fallback": "stixsans",
    "svg.hashsalt": "exactzeros",  # keeps element ids the same in every build
}


in_book_style = matplotlib.rc_context(SETTINGS)  # a decorator for figure functions


def use():
    """Show this notebook's figures as SVG in the book's look, without a date in the file."""
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    matplotlib.rcParams.update(SETTINGS)
    set_matplotlib_formats("svg", bbox_inches=None, metadata={"Date": None})


def panels(rows=1, columns=1, height=3.0, **options):
    """Return a new figure, `height` inches high, and its axes (an array where there are several)."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, figure.subplots(rows, columns, **options)


def of(name):
    """Return the keyword arguments `color` and `linestyle` of the named penalty's line."""
    color, linestyle, _ = PENALTY[name]
    return {"color": color, "linestyle": linestyle}


def of_prior(name):
    """Return the keyword arguments `color` and `linestyle` of the named prior's line."""
    color, linestyle = PRIOR[name]
    return {"color": color, "linestyle": linestyle}


def color(name):
    """Return the named penalty's color."""
    return PENALTY[name][0]


def label(name):
    """Return the named penalty's short label."""
    return PENALTY[name][2]


def zero_lines(axes):
    """Draw thin lines through the origin."""
    axes.axhline(0, color=INK, linewidth=0.6, zorder=0)
    axes.axvline(0, color=INK, linewidth=0.6, zorder=0)


def write_on(axes, x, y, text, color, by=(0, 0), **options):
    """Write a label, in its line's color, and move it `by` so many points to the right and up."""
    options = {"xytext": by, "textcoords": "offset points"} | options
    axes.annotate(text, (x, y), color=color, fontsize=SMALL, **options)
