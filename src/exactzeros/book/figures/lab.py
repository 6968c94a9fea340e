"""Figure of the page "The penalty lab"."""

import numpy as np

from ...lab.answers import pictures, with_numbers
from ...lab.examples import EXAMPLES
from .. import style

_EXAMPLE, _LOOK = "Log sum", "log_sum"


@style.in_book_style
def lab_pictures():
    """Two pictures of the lab: a penalty with the wedge of its slopes at zero, and the minimizer against the slope."""
    _, *penalty = next(each for each in EXAMPLES if each[0] == _EXAMPLE)
    drawn = pictures(with_numbers(*penalty))
    x, rho, minimizer = np.array(drawn["x"]), drawn["penalty"], drawn["prox"][::-1]
    color, (low, high) = style.color(_LOOK), drawn["flat"]
    figure, (above, below) = style.panels(2, 1, height=4.4)
    above.plot(x, rho, **style.of(_LOOK))
    left, right = (slope * x for slope in drawn["slopes"])
    above.fill_between(x, np.maximum(left, right), np.minimum(left, right), color=color, alpha=0.2, linewidth=0)
    above.set(xlabel="weight $w$", ylabel="penalty", ylim=(-0.15 * max(rho), 1.05 * max(rho)))
    style.write_on(above, x[320], rho[320], "log-sum", color, va="top", xytext=(6, -6), textcoords="offset points")
    style.write_on(above, x[0], 0, " wedge of slopes", style.INK, va="bottom")
    below.plot(x, minimizer, **style.of(_LOOK))
    below.axvspan(-high, -low, color=color, alpha=0.2, linewidth=0)
    style.zero_lines(below)
    below.set(xlabel="slope $g$ of the loss at $w = 0$", ylabel="minimizer")
    style.write_on(below, 0, 0, "exactly 0", color, va="bottom", by=(6, 6))
    return figure
