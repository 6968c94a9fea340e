"""Figures of the chapter "L2 gives no sparsity"."""

import numpy as np

from ... import catalog
from .. import style
from ..examples import diabetes, lasso_path, penalty, ridge_path


@style.in_book_style
def coefficient_paths():
    """Coefficients on the diabetes data against `beta`: ridge above, the lasso below, with exact zeros marked."""
    data = diabetes()
    betas = np.geomspace(0.02, 100, 160)
    figure, axes = style.panels(2, 1, height=5.4, sharex=True, sharey=True)
    for ax, name, path in zip(axes, ("l2", "l1"), (ridge_path, lasso_path), strict=True):
        coefficients = path(data.X, data.y, betas)
        for feature, values in zip(data.names, coefficients.T, strict=True):
            ax.plot(betas, values, color=style.color(name), linewidth=1.4)
            zeros = values == 0.0
            ax.plot(betas[zeros], values[zeros], "o", markersize=3, color=style.INK)
            if feature in ("bmi", "sex", "bp"):
                style.write_on(ax, betas[0], values[0], feature, style.INK, by=(-3, 0), ha="right", va="center")
        ax.axhline(0, color=style.INK, linewidth=0.6, zorder=0)
        ax.set(xscale="log", ylabel="coefficient", xlim=(0.006, 110))
        zeros = int(np.count_nonzero(coefficients == 0.0))
        ax.set_title(
            f"{'Ridge' if name == 'l2' else 'Lasso'}: {zeros:,} exact zeros on {coefficients.size:,} points",
            color=style.color(name),
        )
    axes[1].set_xlabel(r"strength $\beta$")
    return figure


@style.in_book_style
def ridge_crossing(ratio, correlation):
    """Both ridge coefficients of two correlated features against `beta`; the second crosses 0 at one value.

    Parameters
    ----------
    ratio, correlation : float
        `c2/c1` of the features' correlations with the target, and the features' correlation with each other.
    """
    betas = np.geomspace(0.01, 30, 400)
    gram, target = np.array([[1, correlation], [correlation, 1]]), np.array([1, ratio])
    path = np.array([np.linalg.solve(gram + 2 * beta * np.eye(2), target) for beta in betas])
    crossing = (correlation / ratio - 1) / 2
    figure, ax = style.panels(height=3.2)
    for values, text in zip(path.T, ("$w_1$", "$w_2$"), strict=True):
        ax.plot(betas, values, **style.of("l2"))
        style.write_on(ax, betas[0], values[0], text, style.color("l2"), by=(0, 9))
    ax.plot(crossing, 0, "o", color=style.INK)
    style.write_on(ax, crossing, 0, f"exactly 0, here only:\n$\\beta$ = {crossing:g}", style.INK, by=(8, -30))
    ax.axhline(0, color=style.INK, linewidth=0.6, zorder=0)
    ax.set(xscale="log", xlabel=r"strength $\beta$", ylabel="ridge coefficient")
    return figure


@style.in_book_style
def powers():
    """The size of the minimizer against the slope of the loss for `|w|**p` on log axes: for p > 1 it is never zero."""
    slopes = np.geomspace(1e-3, 1, 60)
    figure, ax = style.panels(height=3.4)
    for p in (2, 1.5, 1.2, 1.1):
        sizes = np.abs(catalog.lp(p).at(beta=0.1).prox(-slopes))
        ax.plot(slopes, sizes, color=style.color("lp(3/2)"))
        height = {2: 4, 1.5: -3}.get(p, 0)  # these two lines end close together
        color = style.color("lp(3/2)")
        style.write_on(ax, slopes[0], sizes[0], f"$p = {p}$", color, by=(-4, height), ha="right", va="center")
    lasso = penalty("l1", beta=0.1).prox(-slopes)
    ax.plot(slopes[lasso != 0], np.abs(lasso[lasso != 0]), **style.of("l1"))
    text = "$p = 1$: exactly 0\nwhere $|g| \\leq \\beta = 0.1$,\nso no line there"
    style.write_on(ax, 0.95, 1e-9, text, style.color("l1"), ha="right", va="top")
    ax.set(
        xscale="log",
        yscale="log",
        xlim=(2.5e-4, 1.2),
        xlabel="size of the loss’s slope $|g|$",
        ylabel="size of the minimizer $|w|$",
    )
    return figure
