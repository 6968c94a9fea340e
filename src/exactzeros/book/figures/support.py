"""Figures of the chapter "How many zeros, and which?"."""

import numpy as np
from matplotlib.ticker import NullFormatter, NullLocator

from ... import losses, solvers
from .. import style
from ..examples import penalty


@style.in_book_style
def degrees_of_freedom(strengths, found):
    """The mean number of non-zero weights against the strength, and the degrees of freedom that a covariance measures.

    Parameters
    ----------
    strengths : array_like
    found : types.SimpleNamespace
        From `examples.degrees_of_freedom`.
    """
    figure, ax = style.panels(height=3.2)
    ax.plot(strengths, found.count, "-o", color=style.color("l1"), markersize=5)
    ax.errorbar(
        strengths,
        found.covariance,
        2 * found.covariance_error,
        fmt="D",
        color=style.INK,
        markersize=3.5,
        elinewidth=1.2,
    )
    ax.set(xscale="log", xlabel=r"strength $\beta$", ylabel="number of weights", ylim=(0, 10.5))
    ax.set_xticks(strengths, [f"{beta:g}" for beta in strengths])
    ax.xaxis.set(minor_locator=NullLocator(), minor_formatter=NullFormatter())
    style.write_on(ax, strengths[2], found.count[2] + 2.4, "mean number of\nnon-zero weights", style.color("l1"))
    style.write_on(ax, min(strengths), 4, "covariance of fit\nand targets", style.INK)
    return figure


@style.in_book_style
def share_or_swap(first, second, beta):
    """The weights of two features against their correlation: they share, then one is exactly 0, then it is negative.

    Parameters
    ----------
    first, second : float
        The features' correlations with the targets, `first > second > beta`.
    beta : float
    """
    correlations = np.arange(39) / 40
    l1 = penalty("l1", beta=float(beta))
    weights = []
    for r in correlations:
        X = np.sqrt(2) * np.linalg.cholesky([[1, r], [r, 1]]).T
        loss = losses.LeastSquares(X, np.linalg.solve(X.T, [2 * first, 2 * second]))
        weights.append(solvers.coordinate_descent(loss, l1).solution)
    figure, ax = style.panels(height=3.0)
    edges = [(second - beta) / (first - beta), min((second + beta) / (first - beta), 1)]
    ax.axvspan(*edges, color=style.color("l1"), alpha=0.18, linewidth=0)
    for values, line in zip(np.transpose(weights), ("-", "--"), strict=True):
        ax.plot(correlations, values, color=style.color("l1"), linestyle=line)
    ax.axhline(0, color=style.INK, linewidth=0.6, zorder=0)
    ax.set(xlabel="correlation $r$ of the two features", ylabel="lasso weight", xlim=(0, 1), ylim=(-0.35, 0.95))
    style.write_on(ax, 0.05, weights[0][0] + 0.05, "$w_1$", style.color("l1"))
    style.write_on(ax, 0.02, weights[0][1] - 0.16, "$w_2$", style.color("l1"))
    style.write_on(ax, np.mean(edges), 0.12, "$w_2$ exactly 0", style.INK, ha="center")
    return figure


@style.in_book_style
def stability(frequency, names, threshold):
    """How often half of the data selects each feature: the real ones by name, and permuted ones without influence.

    Parameters
    ----------
    frequency : array_like
        The features with a name come first.
    names : list of str
    threshold : float
    """
    real, permuted = np.split(np.asarray(frequency), [len(names)])
    order = np.argsort(real)
    figure, ax = style.panels(height=3.6)
    rows = np.arange(len(names))
    ax.plot(real[order], rows, "o", color=style.color("l1"))
    ax.plot(np.sort(permuted), np.linspace(-2.6, -1.4, permuted.size), ".", color=style.LOSS, markersize=4)
    ax.axvline(threshold, color=style.INK, linewidth=1.2)
    ax.set(
        yticks=[-2, *rows],
        yticklabels=[f"{permuted.size} permuted", *(names[i] for i in order)],
        xlabel="share of the half samples that select it",
        ylabel="feature",
        xlim=(-0.04, 1.04),
    )
    style.write_on(ax, threshold, rows[len(rows) // 2], "threshold", style.INK, by=(-5, 0), ha="right")
    return figure


@style.in_book_style
def three_wishes():
    """The minimizer against the observation: ridge is never 0, L1 keeps its distance, a root jumps."""
    points = np.linspace(0, 4, 801)
    figure, ax = style.panels(height=3.6)
    ax.plot(points, points, ":", color=style.LOSS, linewidth=1.2)
    style.write_on(ax, 1.5, 1.5, "no penalty", style.LOSS, by=(-9, 4), ha="right")
    for name, height in {"l2": 0, "l1": 0, "lp(1/2)": -5, "mcp": 4}.items():
        found = penalty(name).prox(points)
        jump = np.flatnonzero(np.diff(found) > 0.5) + 1
        ax.plot(np.insert(points, jump, np.nan), np.insert(found, jump, np.nan), **style.of(name))
        style.write_on(ax, 4, found[-1], style.label(name), style.color(name), by=(4, height), va="center")
    ax.set(xlabel="observation $v$", ylabel="minimizer", xlim=(0, 4.6), ylim=(-0.1, 4.1), xticks=range(5))
    return figure
