"""Figures of the chapter "Priors"."""

import numpy as np
import sympy as sp

from ... import Prior, catalog, w
from .. import style


def gaussian(scale):
    """Return the Gaussian prior of standard deviation `scale`, derived from the penalty `w**2/(2*scale**2)`."""
    return catalog.l2().at(beta=1 / (2 * scale**2)).prior


def laplace(scale):
    """Return the Laplace prior of scale `scale`, derived from the penalty `|w|/scale`."""
    return catalog.l1().at(beta=1 / scale).prior


@style.in_book_style
def two_priors(narrow):
    """Gaussian and Laplace densities of variance 1, and the Laplace with a Gaussian of standard deviation `narrow`."""
    figure, axes = style.panels(2, 1, height=5.0, sharex=True)
    weights = np.linspace(-3, 3, 1201)
    for ax, scale in zip(axes, (1.0, narrow), strict=True):
        for name, prior in (("l2", gaussian(scale)), ("l1", laplace(1 / np.sqrt(2)))):
            ax.plot(weights, prior(weights), **style.of(name))
        peak = gaussian(scale)(0.0)
        ax.set(ylabel="density", ylim=(0, None))
        text = f"Gaussian,\nstandard deviation {scale:g}"
        style.write_on(ax, scale, gaussian(scale)(scale), text, style.color("l2"), by=(8, 4))
        height = laplace(1 / np.sqrt(2))(-0.35)
        style.write_on(ax, -0.35, height, "Laplace,\nvariance 1", style.color("l1"), by=(-10, 4), ha="right")
        ax.plot(0, peak, "o", color=style.color("l2"))
    axes[1].set_xlabel("weight $w$")
    return figure


@style.in_book_style
def map_against_observation(scales, laplace_scale, noise):
    """MAP estimate against one observation: Gaussian priors of several widths, and one Laplace prior.

    Parameters
    ----------
    scales : sequence of float
        Standard deviations of the Gaussian priors.
    laplace_scale, noise : float
        Scale of the Laplace prior; standard deviation of the observation's noise.
    """
    observations = np.linspace(-3, 3, 601)
    figure, ax = style.panels(height=3.4)
    for scale in scales:
        estimate = catalog.l2().at(beta=1 / (2 * scale**2)).prox(observations, step=noise**2)
        ax.plot(observations, estimate, **style.of("l2"))
        style.write_on(ax, 3, estimate[-1], f"$s = {scale:g}$", style.color("l2"), by=(3, -3))
    estimate = catalog.l1().at(beta=1 / laplace_scale).prox(observations, step=noise**2)
    ax.plot(observations, estimate, **style.of("l1"))
    style.write_on(ax, -0.1, 0, "Laplace", style.color("l1"), by=(0, 6), ha="right")
    style.zero_lines(ax)
    ax.set(xlabel="observation $y$", ylabel="MAP estimate", xlim=(-3, 3.7))
    return figure


@style.in_book_style
def no_kink():
    """Three priors whose behavior at 0 is not a kink of a finite log density: a pole, a zero, an atom."""
    figure, axes = style.panels(1, 3, height=2.4)
    weights = np.linspace(-2, 2, 400)  # an even number: 0 itself is not drawn
    pole = Prior(sp.exp(-sp.Abs(w)) / sp.sqrt(sp.Abs(w)))
    zero = Prior(sp.Abs(w) * sp.exp(-sp.Abs(w)))
    for ax, prior, title in zip(axes, (pole, zero), ("a pole", "a zero"), strict=False):
        ax.plot(weights, prior(weights), color=style.INK)
        ax.set(title=title, ylim=(0, 1.2 if title == "a pole" else 0.3), xlabel="$w$")
    axes[0].set_ylabel("density")
    axes[2].plot(weights, gaussian(1.0)(weights) / 2, color=style.INK)
    axes[2].annotate("", (0, 0.5), (0, 0), arrowprops={"arrowstyle": "-|>", "color": style.INK, "linewidth": 2})
    axes[2].set(title="an atom", ylim=(0, 0.6), xlabel="$w$")
    style.write_on(axes[2], 0, 0.4, "mass\n1/2", style.INK, by=(7, 0))
    return figure
