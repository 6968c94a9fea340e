"""Figures of the chapter "Zeros by multiplication"."""

import numpy as np

from .. import optimizer_experiment as experiment
from .. import style

_TINIEST = 5e-324  # the smallest number above 0 that a double holds


@style.in_book_style
def fan(steps, weights, arrival):
    """The sizes of all weights against the steps of gradient descent on their factors, on a logarithmic axis.

    Parameters
    ----------
    steps : sequence of int
    weights : numpy.ndarray of shape (len(steps), 50)
        The products of the factors.
    arrival : int
        The step after which proximal gradient descent has all zeros.
    """
    zero = experiment.problem().solution == 0.0
    figure, ax = style.panels(height=4.4)
    for chosen, color in ((zero, style.color("l1")), (~zero, style.INK)):
        ax.plot(steps, np.log10(np.abs(weights[:, chosen])), color=color, linewidth=0.8)
    ax.axhline(np.log10(_TINIEST), color=style.INK, linewidth=1, linestyle="--")
    last, low = steps[-1], np.log10(_TINIEST)
    style.write_on(ax, 0, low, "smallest number of the computer", style.INK, by=(2, 5))
    style.write_on(ax, last, 0, "not zero", style.INK, ha="right", by=(0, 4))
    style.write_on(ax, 0, -240, "should be\nzero", style.color("l1"), by=(2, 0))
    ax.plot(arrival, 28, "v", color=style.INK)
    style.write_on(ax, arrival, 28, f"proximal steps: all zeros after {arrival}", style.INK, by=(8, -4))
    ticks = np.arange(-300, 1, 100)
    ax.set_yticks(ticks, ["1" if tick == 0 else f"$10^{{{tick}}}$" for tick in ticks])
    ax.set_xticks([0, last / 2, last], [f"{tick:,.0f}" for tick in (0, last / 2, last)])
    ax.set(ylim=(-335, 45), xlabel="step of gradient descent on the factors", ylabel="size of the weight")
    return figure


@style.in_book_style
def units(sizes, zero):
    """The sizes of the units of a trained network, sorted: filled where the exact output layer is zero.

    Parameters
    ----------
    sizes : numpy.ndarray
        `|a_j|*||b_j||` for each unit.
    zero : numpy.ndarray of bool
        Which units the exact minimum over the output weights leaves out.
    """
    figure, ax = style.panels(height=3.2)
    order, color = np.argsort(sizes), style.color("l1")
    for chosen, fill in ((zero, color), (~zero, "none")):
        places = np.flatnonzero(chosen[order])
        ax.plot(places + 1, sizes[order][places], "o", markersize=4.5, color=color, markerfacecolor=fill)
    note = "filled: zero at the minimum\nover the output weights"
    style.write_on(ax, len(sizes), sizes.min(), note, color, ha="right", by=(0, 10))
    ax.set(yscale="log", xlabel="all units, sorted by size", ylabel=r"size $|a_j| \cdot \Vert b_j \Vert$")
    return figure
