"""Figures of the chapter "Auditing a real model", and the picture of any audit."""

import numpy as np

from .. import style

_MOST = 30  # weights in one figure


@style.in_book_style
def slopes_in_intervals(report):
    """Each weight's slope and zero interval: zeros lie inside it, other weights where the penalty balances the slope.

    Parameters
    ----------
    report : Audit
        With at most 30 weights.

    Raises
    ------
    ValueError
        If there are more weights.
    """
    size = report.weights.size
    if size > _MOST:
        raise ValueError(f"report must have at most {_MOST} weights to be legible, got {size}")
    figure, ax = style.panels(height=1.2 + 0.26 * size)
    rows, slopes = np.arange(size), report.slopes.ravel()
    low, high = report.low.ravel(), report.high.ravel()
    reach = 1.15 * max(np.abs(each[np.isfinite(each)]).max(initial=1e-9) for each in (slopes, low, high))
    ax.hlines(rows, np.maximum(low, -reach), np.minimum(high, reach), color=style.color("l1"), linewidth=7, alpha=0.3)
    for chosen, look in (
        (report.certified_zeros.ravel(), {"marker": "o", "color": style.INK}),
        (report.violations.ravel(), {"marker": "X", "color": style.INK, "markersize": 8}),
        (
            ~(report.certified_zeros | report.violations).ravel(),
            {"marker": "|", "color": style.color("l1"), "markersize": 11, "markeredgewidth": 2.5},
        ),
    ):
        ax.plot(slopes[chosen], rows[chosen], linestyle="none", **look)
    ax.axvline(0, color=style.INK, linewidth=0.6, zorder=0)
    ax.set(
        yticks=rows,
        yticklabels=[report.row(i).name for i in rows],
        xlim=(-reach, reach),
        ylabel="weight",
        xlabel="slope $g$ of the loss",
    )
    ax.invert_yaxis()
    return figure


@style.in_book_style
def bootstrap(share, frequency, names):
    """The frequency of an exact zero in resamples against the slack in the original data.

    Parameters
    ----------
    share : array_like of shape (p,)
        The slack as a share of `beta`; 0 for weights that are not zero.
    frequency : array_like of shape (p,)
    names : list of str
    """
    figure, ax = style.panels(height=3.2)
    zero = np.asarray(share) > 0
    for chosen, marker, color in ((zero, "o", style.INK), (~zero, "D", style.color("l1"))):
        ax.plot(np.asarray(share)[chosen], np.asarray(frequency)[chosen], marker, color=color)
    points = [point for point in zip(share, frequency, names, strict=True) if point[0] > 0]
    for x, y, name in points:
        is_beside = any(0 < right - x < 0.15 and abs(up - y) < 0.1 for right, up, _ in points)  # then no room there
        place = {"by": (-6, -4), "ha": "right"} if is_beside else {"by": (6, -4)}
        style.write_on(ax, x, y, name, style.INK, **place)
    style.write_on(ax, 0, 0, "not zero", style.color("l1"), by=(10, 4))
    ax.set(
        xlabel=r"slack of the zero / $\beta$",
        ylabel="share of resamples\nwith an exact zero",
        xlim=(-0.03, 1.05),
        ylim=(-0.05, 1.05),
    )
    return figure
