"""Figures of the index page and of the chapter "The L1 singularity"."""

import numpy as np

from .. import style
from ..examples import penalty

_WEIGHTS = np.linspace(-1.6, 1.6, 641)
_SLOPES = np.linspace(-2.5, 2.5, 501)


def _objective(name, slope, weights=_WEIGHTS):
    return slope * weights + weights**2 / 2 + penalty(name)(weights)


def _minimizer(name, slopes):
    return penalty(name).prox(-np.asarray(slopes, dtype=float))


@style.in_book_style
def tilt():
    """The question and its answer: a loss is tilted under ridge and under L1, and the minimum marked."""
    figure, axes = style.panels(2, 2, height=5.0, height_ratios=[1, 1])
    for ax, name in zip(axes[0], ("l2", "l1"), strict=True):
        _tilted(ax, name, (0.0, -0.5, -0.9, -1.8))
        ax.set(ylim=(-1.0, 1.5), xlabel="weight $w$", title=style.label(name))
    axes[0][0].set_ylabel("loss + penalty")
    grid = axes[1][0].get_gridspec()
    for ax in axes[1]:
        ax.remove()
    ax = figure.add_subplot(grid[1, :])
    for name in ("l2", "l1"):
        ax.plot(_SLOPES, _minimizer(name, _SLOPES), **style.of(name))
    _band(ax, "l1")
    style.zero_lines(ax)
    for name, by in (("l2", (0, -14)), ("l1", (4, 6))):
        style.write_on(ax, -2.3, _minimizer(name, [-2.3])[0], style.label(name), style.color(name), by=by)
    style.write_on(ax, 0, 0, "L1 is exactly 0\nfor all these slopes", style.color("l1"), by=(5, 10))
    ax.set(xlabel="slope $g$ of the loss at $w = 0$", ylabel="minimizer")
    return figure


@style.in_book_style
def absolute_value():
    """The absolute value and its derivative, which jumps over 0."""
    figure, axes = style.panels(1, 2, height=2.5)
    axes[0].plot(_WEIGHTS, np.abs(_WEIGHTS), **style.of("l1"))
    axes[0].set(xlabel="weight $w$", ylabel=r"$|w|$")
    for side in (-1, 1):
        axes[1].plot([0, side * 1.6], [side, side], **style.of("l1"))
        axes[1].plot(0, side, "o", markerfacecolor="white", markeredgecolor=style.color("l1"))
    axes[1].vlines(0, -0.9, 0.9, color=style.INK, linestyle=":", linewidth=1.2)
    axes[1].set(xlabel="weight $w$", ylabel="derivative of $|w|$", yticks=[-1, 0, 1])
    style.write_on(axes[1], 0.1, 0, "jump\nof 2:\nthe kink", style.INK, va="center")
    return figure


@style.in_book_style
def soft_threshold():
    """Minimizer against slope: the proximal operator of L1 beside the shrinkage of ridge."""
    figure, ax = style.panels(height=3.2)
    for name in ("l2", "l1"):
        ax.plot(_SLOPES, _minimizer(name, _SLOPES), **style.of(name))
    ax.plot(_SLOPES, -_SLOPES, color=style.LOSS, linewidth=1, linestyle=":")
    _band(ax, "l1")
    style.zero_lines(ax)
    for x, y, text, name in ((-2.45, 0.35, "ridge", "l2"), (-2.1, 1.2, "L1", "l1")):
        style.write_on(ax, x, y, text, style.color(name))
    style.write_on(ax, -1.55, 1.75, "no penalty", style.LOSS)
    ax.set(xlabel="slope $g$ of the loss at $w = 0$", ylabel="minimizer")
    return figure


@style.in_book_style
def edge():
    """At the edge of the zero interval the first order does not decide: two losses with the same slope `-beta`."""
    figure, axes = style.panels(1, 2, height=2.6, sharey=True)
    for ax, curvature, verdict in zip(axes, (0.5, -0.5), ("minimum", "no minimum"), strict=True):
        weights = np.linspace(-0.6, 1.0, 321)
        ax.plot(weights, -weights + curvature * weights**2 + penalty("l1")(weights), **style.of("l1"))
        ax.plot(0, 0, "o", color=style.INK)
        ax.set(title=f"$c = {curvature:g}$:\n{verdict} at 0", xlabel="weight $w$", ylim=(-0.6, 1.3))
        style.zero_lines(ax)
    axes[0].set_ylabel(r"$-\beta w + c w^2 + \beta|w|$")
    return figure


@style.in_book_style
def gallery(names=tuple(style.PENALTY)):
    """Minimizer against slope, one panel for each penalty, and the zero interval shaded.

    Parameters
    ----------
    names : sequence of str
        Keys of `catalog.every()`.
    """
    rows = (len(names) + 1) // 2
    figure, axes = style.panels(rows, 2, height=1.6 * rows, sharex=True, sharey=True)
    for ax, name in zip(axes.flat, names, strict=False):
        ax.plot(_SLOPES, _without_jumps(_minimizer(name, _SLOPES)), **style.of(name))
        _band(ax, name)
        style.zero_lines(ax)
        ax.set_title(style.label(name), color=style.color(name))
        ax.set(xlim=(-2.5, 2.5), ylim=(-2.6, 2.6))
    for ax in axes.flat[len(names) - 2 : len(names)]:  # the last one of each column
        ax.set_xlabel("slope $g$ at $w = 0$")
        ax.tick_params(labelbottom=True)
    for ax in axes.flat[len(names) :]:
        ax.axis("off")
        style.write_on(ax, 0, 0, "shaded:\nthe zero interval", style.INK, ha="center", va="center")
    for ax in axes[:, 0]:
        ax.set_ylabel("minimizer")
    return figure


@style.in_book_style
def jointly():
    """Two objectives for which each coordinate alone is at its minimum, but both together are not."""
    figure, axes = style.panels(1, 2, height=2.9)
    for ax, (objective, point, span, title) in zip(axes, _joint_examples(), strict=True):
        first, second = np.meshgrid(np.linspace(*span, 161), np.linspace(*span, 161))
        values = objective(first, second)
        levels = np.quantile(values, np.linspace(0.01, 0.9, 11))
        ax.contour(first, second, values, levels=np.unique(levels), colors=style.color("l1"), linewidths=0.9)
        ax.axhline(point[1], color=style.INK, linewidth=0.6)
        ax.axvline(point[0], color=style.INK, linewidth=0.6)
        ax.plot(*point, "o", color=style.INK)
        ax.set(xlabel="$w_1$", ylabel="$w_2$", title=title, aspect="equal")
    return figure


def saddle_of_two(first, second, beta=1.0):
    """A loss plus `beta*(|w1| + |w2|)` with a saddle at (1, 1) that each coordinate alone takes for a minimum."""
    a, b = first - 1, second - 1
    return (a**2 + b**2) / 2 + 2 * a * b - beta * (a + b) + beta * (np.abs(first) + np.abs(second))


def product_fit(first, second, beta=0.25):
    """`(w1*w2 - 1)**2 + beta*(|w1| + |w2|)`: at 0 each coordinate alone is at its global minimum."""
    return (first * second - 1) ** 2 + beta * (np.abs(first) + np.abs(second))


def _joint_examples():
    return (
        (saddle_of_two, (1, 1), (0, 2), "\na saddle"),
        (product_fit, (0, 0), (-1.6, 1.6), "only a local\nminimum"),
    )


def _tilted(ax, name, slopes):
    for shade, slope in zip((0.35, 0.55, 0.75, 1.0), slopes, strict=True):
        ax.plot(_WEIGHTS, _objective(name, slope), color=style.color(name), alpha=shade, linewidth=1.4)
        point = _minimizer(name, [slope])
        height = _objective(name, slope, point)
        ax.plot(point, height, "o", markersize=5, color=style.INK)
    style.write_on(ax, point[0], height[0], f"$g = {slope:g}$", style.INK, by=(0, -7), ha="center", va="top")
    style.write_on(ax, 0, 0, "$g = 0$", style.INK, by=(-7, -2), ha="right", va="top")


def _band(ax, name):
    left, right = penalty(name).numeric_slopes_at_zero
    low, high = np.clip([-right, -left], -2.5, 2.5)
    if high > low:
        ax.axvspan(low, high, color=style.color(name), alpha=0.13, linewidth=0)


def _without_jumps(values):
    """Break the line where the minimizer jumps, so that nothing is drawn there."""
    broken = values.copy()
    broken[1:][np.abs(np.diff(values)) > 0.2] = np.nan
    return broken
