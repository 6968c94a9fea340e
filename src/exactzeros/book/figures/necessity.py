"""Figures of the chapter "Singularities are necessary"."""

import numpy as np

from ... import catalog
from .. import style
from ..examples import penalty


@style.in_book_style
def equality_and_inequality(spread):
    """The density of the loss's slope: there is an area over an interval of slopes, and none over a single slope.

    Parameters
    ----------
    spread : float
        Standard deviation of the slope.
    """
    slopes = np.linspace(-3.5, 3.5, 701)
    density = catalog.l2().at(beta=1 / (2 * spread**2)).prior(slopes)
    figure, axes = style.panels(1, 2, height=2.7, sharey=True)
    for ax, name in zip(axes, ("l2", "l1"), strict=True):
        ax.plot(slopes, density, color=style.LOSS)
        left, right = penalty(name).numeric_slopes_at_zero
        inside = (-right <= slopes) & (slopes <= -left)
        ax.fill_between(slopes[inside], density[inside], color=style.color(name), alpha=0.35, linewidth=0)
        ax.set(xlabel="slope $g$ of the loss", title=style.label(name), ylim=(0, 1.5 * density.max()))
    axes[0].vlines(0, 0, density.max(), color=style.color("l2"))
    for ax, name, text in zip(axes, ("l2", "l1"), ("one slope:\nno area", "an interval:\nan area"), strict=True):
        style.write_on(ax, 0, 1.08 * density.max(), text, style.color(name), ha="center")
    axes[0].set_ylabel("density")
    return figure


@style.in_book_style
def smoothing_away(scales):
    """The minimizer against the tilt, with the kink smoothed at each of `scales`, and the tilts that give exactly 0."""
    tilts = np.linspace(-2, 2, 801)
    shades = np.linspace(0.55, 1, len(scales))
    figure, axes = style.panels(2, 1, height=5.2, sharex=True, height_ratios=[3, 2])
    for row, (scale, shade) in enumerate(zip(scales, shades, strict=True)):
        smooth = penalty("smoothed_l1", eps=scale)
        axes[0].plot(tilts, smooth.prox(tilts), color=style.color("smoothed_l1"), alpha=shade, linewidth=1.3)
        if row == 0:
            text, color = rf"$\varepsilon = {scale:g}$", style.color("smoothed_l1")
            style.write_on(axes[0], 2, smooth.prox([2.0])[0], text, color, by=(3, 0), va="center")
        zeros = tilts[smooth.prox(tilts) == 0.0]
        axes[1].plot(zeros, np.full_like(zeros, row), "o", color=style.color("smoothed_l1"))
    kinked = penalty("l1").prox(tilts)
    axes[0].plot(tilts, kinked, **style.of("l1"))
    style.write_on(axes[0], 2, kinked[-1], r"$\varepsilon = 0$", style.color("l1"), by=(3, -4), va="center")
    zeros = tilts[kinked == 0.0]
    axes[1].plot(
        [zeros.min(), zeros.max()], [len(scales)] * 2, color=style.color("l1"), linewidth=6, solid_capstyle="butt"
    )
    style.zero_lines(axes[0])
    axes[0].set(ylabel="minimizer", xlim=(-2, 2.5))
    axes[1].set(
        yticks=range(len(scales) + 1),
        yticklabels=[f"{scale:g}" for scale in scales] + ["0"],
        ylim=(-0.6, len(scales) + 0.6),
        xlabel="tilt $t$ of the loss",
        ylabel=r"smoothing $\varepsilon$",
    )
    style.write_on(axes[1], -1.9, 2, "tilts whose\nminimizer is\nexactly 0", style.INK, va="center")
    return figure


@style.in_book_style
def prediction(strengths, predicted, measured):
    """How often a weight is exactly 0, against the strength: predictions from the zero interval, and simulations.

    Parameters
    ----------
    strengths : array_like of float
    predicted : dict from penalty name to the predicted probabilities
    measured : dict from penalty name to the frequencies, with `frequency`, `low` and `high`
    """
    figure, ax = style.panels(height=3.8)
    for name, probabilities in predicted.items():
        ax.plot(strengths, probabilities, **style.of(name))
        frequency, low, high = (
            np.array([getattr(run, key) for run in measured[name]]) for key in ("frequency", "low", "high")
        )
        ax.errorbar(
            strengths,
            frequency,
            yerr=[frequency - low, high - frequency],
            fmt="o",
            markersize=4,
            color=style.color(name),
        )
    for height, names in _labels_by_height({name: values[-1] for name, values in predicted.items()}):
        text = ",\n".join(map(style.label, names))
        style.write_on(ax, strengths[-1], height, text, style.color(names[0]), by=(8, 0), va="center")
    ax.set(
        xlabel=r"strength $\beta$",
        ylabel="share of weights exactly 0",
        ylim=(-0.08, 1.03),
        xlim=(0, strengths[-1] * 1.35),
    )
    return figure


def _labels_by_height(heights):
    """Group the names whose lines end within 0.05 of each other, to keep their labels from overlapping."""
    groups = []
    for name, height in sorted(heights.items(), key=lambda item: item[1]):
        if groups and height - groups[-1][0] < 0.05:
            groups[-1][1].append(name)
        else:
            groups.append((height, [name]))
    return groups
