"""Figures of the chapter "Count your zeros"."""

import numpy as np

from ...optimizers import SGD, Adam
from .. import optimizer_experiment as experiment
from .. import style

_MISSES = "#0072B2"
_COLORS = {"gradient descent": _MISSES, "momentum 0.9": "#7B3294", "Adam": "#A87900"}


@style.in_book_style
def band_widths(slope):
    """The width of the band in which one weight hovers, against the step, for three optimizers; `beta = 1`."""
    steps = np.geomspace(1e-4, 1e-1, 7)
    figure, ax = style.panels(height=3.6)
    optimizers = {"gradient descent": SGD(1), "momentum 0.9": SGD(1, 0.9), "Adam": Adam(1)}
    on_line = "gradient descent,\non the line of step\ntimes kink, $2 s \\beta$"
    notes = ((on_line, 2, (22, -2), "left"), ("momentum 0.9", 3, (-8, 2), "right"), ("Adam", 5, (4, -14), "left"))
    for (name, optimizer), marker, (note, at, by, side) in zip(optimizers.items(), "osD", notes, strict=True):
        widths = np.ptp(experiment.hovering(optimizer, steps, slope), axis=0)
        ax.plot(steps, widths, marker=marker, linestyle="none", color=_COLORS[name])
        style.write_on(ax, steps[at], widths[at], note, _COLORS[name], by=by, ha=side, va="top")
    ax.plot(steps, 2 * steps, color=style.INK, linewidth=1)
    ax.set(xscale="log", yscale="log", xlabel="step $s$", ylabel="width of the band")
    return figure


@style.in_book_style
def sizes(weights, threshold):
    """The sizes of all weights, sorted, one row per algorithm: filled where the optimum is 0, hollow where it is not.

    Parameters
    ----------
    weights : dict of str to numpy.ndarray
        All 50 computed weights of the chapter's problem, by the name of the algorithm.
    threshold : float
        Drawn across.
    """
    zero = experiment.problem().solution == 0.0
    figure, ax = style.panels(height=4.2)
    colors = (_MISSES, style.color("smoothed_l1"), "#7B3294")
    for (name, found), marker, color in zip(weights.items(), "osD", colors, strict=False):
        size = np.abs(found)
        order = np.argsort(size)
        for chosen, fill in ((zero, color), (~zero, "none")):
            places = np.flatnonzero(chosen[order])
            look = {"markersize": 4, "color": color, "markerfacecolor": fill}
            ax.plot(places + 1, size[order][places], marker, **look)
        middle = np.count_nonzero(zero) // 2
        style.write_on(ax, middle, size[order][middle], name, color, by=(0, 9), ha="center")
    ax.axhline(threshold, color=style.INK, linewidth=1, linestyle="--")
    text = f"threshold $10^{{{np.log10(threshold):g}}}$"
    style.write_on(ax, 1, threshold, text, style.INK, by=(0, 5))
    ax.set(
        yscale="log", ylim=(1e-13, 10), xlabel="all 50 weights, sorted by size", ylabel="size of the computed weight"
    )
    return figure


@style.in_book_style
def flicker(batches, shares):
    """The share of true zeros that are 0 with mini-batches, against the batch size.

    Parameters
    ----------
    batches : sequence of int
    shares : dict of str to sequence of float
        By the name of the optimizer, one share per batch size.
    """
    figure, ax = style.panels(height=3.6)
    colors = (_MISSES, "#008864", "#7B3294", "#A87900")
    places = ((1, (-6, 8), "right"), (1, (8, -10), "left"), (1, (0, 12), "center"), (1, (8, -12), "left"))
    looks = zip(shares.items(), places, "osD^", colors, ("-", "--", ":", "-."), strict=False)
    for (name, values), (at, by, side), marker, color, line in looks:
        ax.plot(batches, values, marker=marker, linestyle=line, color=color)
        style.write_on(ax, batches[at], values[at], name, color, by=by, ha=side)
    ax.set(xscale="log", ylim=(0, 1.15), xlabel="samples in a batch", ylabel="share of zeros that are 0.0")
    ax.set_xticks(batches, [f"{batch:g}" for batch in batches])
    ax.minorticks_off()
    return figure
