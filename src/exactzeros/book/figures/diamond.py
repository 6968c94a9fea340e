"""Figures of the chapter "The diamond, corrected"."""

import numpy as np

from .. import style
from ..balls import boundary, nearest
from ..examples import diabetes, lasso_path

_LOOKS = {1: "l1", 1.1: "lp(3/2)", 2: "l2"}
_CALLED = {1: "diamond", 1.1: "ball with $p = 1.1$", 2: "disk"}


@style.in_book_style
def textbook():
    """The picture of the textbooks: contours of one loss that touch a disk off the axis, and a diamond at a corner."""
    figure, axes = style.panels(1, 2, height=2.5, sharey=True)
    target, correlation = np.array([1.7, 0.6]), 0.3
    for ax, p in zip(axes, (2, 1), strict=True):
        _ball(ax, p)
        (point,) = nearest([target], p, correlation)
        gap = target - point
        reach = np.sqrt(gap @ gap + 2 * correlation * gap[0] * gap[1])
        for share in (0.35, 0.7, 1, 1.3):
            ax.plot(*_ellipse(target, share * reach, correlation), color=style.LOSS, linewidth=0.9)
        ax.plot(*target, "+", color=style.INK)
        ax.plot(*point, "o", color=style.INK)
        _frame(ax, (-1.3, 3.2), (-1.3, 2.4))
        ax.set_title(f"{_CALLED[p]}:\n$w_2$ {'is 0' if point[1] == 0.0 else 'is not 0'}", color=_color(p))
    return figure


@style.in_book_style
def lookalikes():
    """The diamond, the ball of `p = 1.1` around it, and the circle that both touch at their four outermost points."""
    figure, ax = style.panels(height=3.3)
    turns = np.linspace(0, 2 * np.pi, 241)
    ax.plot(np.cos(turns), np.sin(turns), color=style.LOSS, linewidth=1, linestyle=":")
    for p in (1, 1.1):
        _ball(ax, p, opacity=0)
    ax.plot([1, -1, 0, 0], [0, 0, 1, -1], "o", color=style.INK, markersize=4)
    line = {"arrowprops": {"arrowstyle": "-", "linewidth": 0.8}, "textcoords": "data"}
    style.write_on(ax, 0.6, 0.4, "diamond", _color(1), xytext=(0.1, 0.2), **line)
    style.write_on(ax, 0.4, 0.657, "$p = 1.1$", _color(1.1), xytext=(0.85, 0.95), **line)
    style.write_on(ax, -0.72, 0.75, "circle", style.LOSS, ha="right")
    _frame(ax, (-1.4, 1.4), (-1.15, 1.15))
    return figure


@style.in_book_style
def normals():
    """The targets that land on some points of the boundary: rays, and at the diamond's corners whole cones."""
    figure, axes = style.panels(1, 2, height=2.6, sharey=True)
    for ax, p in zip(axes, (1, 1.1), strict=True):
        _ball(ax, p)
        if p == 1:
            for corner in ((1, 0), (0, 1)):
                ax.fill(*_cone(corner), color=_color(p), alpha=0.22, linewidth=0)
                ax.plot(*corner, "o", color=style.INK, markersize=3)
            points = np.array([[share, 1 - share] for share in (0.25, 0.5, 0.75)])
            directions = np.ones((3, 2))
        else:
            turns = np.radians(np.arange(0, 91, 7.5))
            directions = np.column_stack([np.cos(turns), np.sin(turns)]).clip(0)
            points = directions ** (1 / (p - 1))  # the gradient of |w_1|^p + |w_2|^p points in this direction there
            points /= np.linalg.norm(points, ord=p, axis=1)[:, None]
        for point, direction in zip(points, directions, strict=True):
            ax.plot(*np.transpose([point, point + 4 * direction]), color=_color(p), linewidth=1)
            ax.plot(*point, "o", color=style.INK, markersize=3)
        _frame(ax, (-1.2, 2.4), (-1.2, 2.4))
        ax.set_title(_CALLED[p], color=_color(p))
    return figure


@style.in_book_style
def caught(targets, p):
    """The same targets for several sets: dark where the target lands on a point with `w_2 == 0.0`, with a count.

    Parameters
    ----------
    targets : ndarray of shape (m, 2)
    p : tuple of float
        The powers of the balls, one panel each.
    """
    figure, axes = style.panels(1, len(p), height=2.6, sharey=True)
    for ax, power in zip(axes, p, strict=True):
        zero = nearest(targets, power)[:, 1] == 0.0
        if power == 1:
            for corner in ((1, 0), (-1, 0)):
                ax.fill(*_cone(corner), color=_color(power), alpha=0.22, linewidth=0)
        _ball(ax, power)
        ax.plot(*targets[~zero].T, ".", color=style.LOSS, markersize=2, alpha=0.6)
        ax.plot(*targets[zero].T, ".", color=style.INK, markersize=3)
        _frame(ax, (-3, 3), (-3, 3))
        ax.set_title(f"{_CALLED[power]}:\n{np.count_nonzero(zero)} of {len(targets)}", color=_color(power))
    return figure


@style.in_book_style
def exchange():
    """The size `t` of the lasso solution on the diabetes data against the strength `beta`: it falls, and ends at 0."""
    data = diabetes()
    betas = np.geomspace(0.02, 100, 160)
    sizes = np.abs(lasso_path(data.X, data.y, betas)).sum(axis=1)
    figure, ax = style.panels(height=2.7)
    ax.plot(betas, sizes, **style.of("l1"))
    zero = sizes == 0.0
    ax.plot(betas[zero], sizes[zero], "o", markersize=3, color=style.INK)
    style.write_on(ax, betas[zero][0], 14, "$t = 0$\nfrom here on", style.INK)
    ax.set(xscale="log", xlabel=r"strength $\beta$", ylabel=r"$t = \Vert w \Vert_1$", xlim=(0.015, 600))
    return figure


def _ball(ax, p, opacity=0.12):
    outline = boundary(p).T
    ax.fill(*outline, color=_color(p), alpha=opacity, linewidth=0)
    ax.plot(*outline, **style.of(_LOOKS[p]))


def _color(p):
    return style.color(_LOOKS[p])


def _cone(corner, reach=6):
    """Return the outline of the targets that land on a corner of the diamond, up to a distance."""
    (a, b), turned = corner, (-corner[1], corner[0])
    sides = [(a + reach * (a + sign * turned[0]), b + reach * (b + sign * turned[1])) for sign in (1, -1)]
    return np.transpose([corner, *sides])


def _ellipse(center, size, correlation):
    turns = np.linspace(0, 2 * np.pi, 121)
    along, across = np.cos(turns) / np.sqrt(1 + correlation), np.sin(turns) / np.sqrt(1 - correlation)
    return center[0] + size * (along + across) / np.sqrt(2), center[1] + size * (along - across) / np.sqrt(2)


def _frame(ax, across, up):
    ax.set(xlim=across, ylim=up, aspect="equal", xlabel="$w_1$")
    if ax.get_subplotspec().is_first_col():
        ax.set_ylabel("$w_2$")
    style.zero_lines(ax)
