"""Figures of the chapter "Mean, median, mode"."""

import numpy as np

from .. import style
from ..posterior import BELIEFS, implied_penalty, median, reach

_PRIORS = ("Laplace", "spike and slab")


@style.in_book_style
def three_losses(observation):
    """The expected squared, absolute and 0-1 loss of each answer, under a Laplace prior and under spike and slab."""
    figure, axes = style.panels(3, 1, height=7.2, sharex=True)
    answers = np.linspace(-1.5, 2.5, 801)
    for name in reversed(_PRIORS):  # Laplace last, on top
        belief = BELIEFS[name]
        look = style.of_prior(name)
        mean, middle = float(belief.mean(observation)), float(median(belief, observation))
        axes[0].plot(answers, (answers - mean) ** 2, **look)
        axes[0].plot(mean, 0, "o", color=look["color"])
        absolute = _absolute_loss(belief, observation, answers, middle)
        axes[1].plot(answers, absolute, **look)
        axes[1].plot(middle, 0, "o", color=look["color"])
    slab = (answers - 0.8 * observation) ** 2 / 1.6
    look = style.of_prior("spike and slab")
    axes[2].plot(answers, slab + 1.5, **look)
    axes[2].annotate("", (0, -0.5), (0, 0.9), arrowprops={"arrowstyle": "-|>", "color": look["color"], "linewidth": 2})
    style.write_on(axes[2], 0, 0, "spike:\nto $-\\infty$", look["color"], by=(-22, -10), ha="right")
    belief = BELIEFS["Laplace"]
    mode = float(belief.mode(observation))
    penalized = (answers - observation) ** 2 / 2 + np.abs(answers)
    lowest = (mode - observation) ** 2 / 2 + abs(mode)
    axes[2].plot(answers, penalized - lowest, **style.of_prior("Laplace"))
    axes[2].plot(mode, 0, "o", color=style.of_prior("Laplace")["color"])
    titles = ("squared loss: mean", "absolute loss: median", "0-1 loss, $-\\log$ density: mode")
    for ax, title, top in zip(axes, titles, (3, 1.4, 3.6), strict=True):
        ax.set(title=title, ylabel="above the least", ylim=(-0.08 * top if top < 3.5 else -0.6, top))
        ax.axvline(0, color=style.INK, linewidth=0.6, zorder=0)
    style.write_on(axes[0], 1.75, 1.0, "Laplace", style.color("l1"))
    style.write_on(axes[0], -0.85, 0.5, "spike\nand slab", look["color"], ha="right")
    axes[2].set_xlabel("answer $a$")
    return figure


def _absolute_loss(belief, y, answers, lowest):
    """Return `E|w - a|` above its least value, which is at `lowest`, by integrating its slope `P(w < a) - P(w > a)`."""
    size = np.abs(answers)
    slopes = np.where(answers > 0, 1 - 2 * belief.above(y, size), 2 * belief.above(-y, size) - 1)
    steps = np.diff(answers) * (slopes[1:] + slopes[:-1]) / 2
    loss = np.concatenate([[0.0], np.cumsum(steps)])
    return loss - np.interp(lowest, answers, loss)


@style.in_book_style
def halves():
    """The probabilities of either side of 0 against the observation: a Laplace prior above, spike and slab below."""
    figure, axes = style.panels(2, 1, height=5.0, sharex=True)
    y = np.linspace(-4, 4, 401)
    for ax, name in zip(axes, _PRIORS, strict=True):
        belief = BELIEFS[name]
        color = style.of_prior(name)["color"]
        ax.plot(y, belief.above(y, 0.0), color=color)
        ax.plot(y, belief.above(-y, 0.0), color=color, linestyle=":")
        ax.axhline(0.5, color=style.INK, linewidth=0.6)
        edge = reach(belief) if name == "spike and slab" else 0.0
        if edge:
            ax.axvspan(-edge, edge, color=color, alpha=0.15, linewidth=0)
        ax.plot([-edge, edge], [0.5, 0.5], "o", color=color)
        ax.set(title=name.capitalize(), ylabel="probability", ylim=(-0.03, 1.03))
        style.write_on(ax, 4.1, 0.6, "$P(w > 0 \\mid y)$", color, ha="right")
        style.write_on(ax, -4.1, 0.6, "$P(w < 0 \\mid y)$", color)
    axes[1].set_xlabel("observation $y$")
    return figure


@style.in_book_style
def implied_penalties():
    """The penalty under which the posterior mean is the MAP estimate, beside the penalty |w| of the Laplace prior."""
    figure, ax = style.panels(height=3.4)
    y = np.linspace(-8, 8, 1601)
    for name in reversed(_PRIORS):
        ax.plot(*implied_penalty(BELIEFS[name], y), **style.of_prior(name))
    weights = np.linspace(-3, 3, 601)
    ax.plot(weights, np.abs(weights), color=style.LOSS, linestyle=":")
    style.write_on(ax, -2.6, 2.6, "$|w|$", style.LOSS, by=(8, 0))
    spike = style.of_prior("spike and slab")["color"]
    style.write_on(ax, 1.65, 0.3, "for the mean\nunder Laplace", style.color("l1"))
    leader = {"arrowprops": {"arrowstyle": "-", "linewidth": 0.8, "color": spike}, "textcoords": "data"}
    style.write_on(ax, 1.2, 0.8, "for the mean\nunder spike\nand slab", spike, xytext=(-0.6, 1.7), **leader)
    ax.set(xlabel="weight $w$", ylabel="penalty", xlim=(-3, 3), ylim=(0, 3))
    return figure


@style.in_book_style
def regression_posteriors(names, draws, mode, exact):
    """Mean, median and mode of each weight of a regression: Laplace priors above, spike and slab below.

    Parameters
    ----------
    names : list of str
        The features.
    draws, mode : array
        Draws from the posterior under Laplace priors, one row each; its mode, the lasso.
    exact : types.SimpleNamespace
        `mean`, `median` and `zero` (the probability of 0) of each weight under spike-and-slab priors.
    """
    figure, axes = style.panels(2, 1, height=7.0, sharex=True, sharey=True)
    rows = np.arange(len(names))[::-1]
    looks = [style.of_prior(name)["color"] for name in _PRIORS]
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    axes[0].hlines(rows, low, high, color=looks[0], linewidth=1.4, alpha=0.6)
    _estimates(axes[0], rows, draws.mean(axis=0), "mean", looks[0])
    _estimates(axes[0], rows, mode, "mode", looks[0])
    _estimates(axes[1], rows, exact.mean, "mean", looks[1])
    _estimates(axes[1], rows, exact.median, "median", looks[1])
    for row, zero in zip(rows, exact.zero, strict=True):
        style.write_on(axes[1], 40, row, f"{zero:.2f}", looks[1], va="center", ha="right")
    style.write_on(axes[1], 40, rows[0] + 1, "$P(w = 0 \\mid y)$", looks[1], va="center", ha="right")
    for ax, name in zip(axes, ("Laplace priors", "Spike-and-slab priors"), strict=True):
        ax.vlines(0, -0.8, len(names) + 0.5, color=style.INK, linewidth=0.6, zorder=0)  # above the legend
        ax.set(title=name, yticks=rows, yticklabels=names, ylim=(-2, len(names) + 0.5), xlim=(None, 40))
        ax.legend(loc="lower left", ncols=3, fontsize=style.SMALL, handletextpad=0, columnspacing=0.4, borderpad=0)
        ax.set_ylabel("feature")
    axes[1].set_xlabel("weight")
    return figure


_MARKERS = {"mean": ("D", 4), "median": ("o", 7), "mode": ("o", 7)}


def _estimates(ax, rows, values, name, color):
    """Draw one estimate of each weight; an exact zero is filled with ink."""
    marker, size = _MARKERS[name]
    face = "none" if name != "mean" else color
    ax.plot(values, rows, marker, markersize=size, color=color, markerfacecolor=face, label=name)
    zeros = values == 0.0
    if zeros.any():
        ax.plot(values[zeros], rows[zeros], marker, markersize=size, color=style.INK, label=f"{name} = 0, exactly")
