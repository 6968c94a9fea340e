"""Interactive figure of the chapter "Priors"."""

import sympy as sp

from ... import Penalty, catalog, w
from .. import style
from ..vega import minimizer, vega
from .parts import all_derived, alt, axis, columns, derived, dot, figure, grid, key, one_row, slider, stroke

_NOISE = sp.Rational(7, 10)  # the standard deviation of the observation's noise, as in the still figure


def narrow():
    """Narrow a Gaussian and a Laplace prior; see the densities, and both MAP estimates from one observation."""
    s, b, y = sp.Symbol("s", positive=True), sp.Symbol("b", positive=True), sp.Symbol("y", real=True)
    strengths = {"l2": 1 / (2 * s**2), "l1": 1 / b}
    penalties = {"l2": catalog.l2(), "l1": catalog.l1()}
    densities = {name: penalty.prior.density.subs(catalog.beta, strengths[name]) for name, penalty in penalties.items()}
    estimates = {}
    for name, estimate in (("l2", "gauss"), ("l1", "laplace")):
        penalty = Penalty(penalties[name].expression.subs(catalog.beta, strengths[name]))
        estimates[name] = minimizer(penalty, -y / _NOISE**2, 1 / _NOISE**2, estimate)
    parameters = [
        slider("exponent", "Gaussian: s, as a power of ten", -3, 0.3, 0.05, -0.5),
        slider("b", "Laplace: scale b", 0.1, 2, 0.05, 0.5),
        slider("y", "observation y", -3, 3, 0.05, 0.8),
        derived("s", "pow(10, exponent)"),
        *(parameter for definitions in estimates.values() for parameter in all_derived(definitions)),
        *(derived(f"{name}_peak", density.subs(w, 0)) for name, density in densities.items()),
        derived("words", _WORDS),
    ]
    panels = [_densities(densities), _estimates(estimates, y)]
    return figure(panels, parameters, heights=[110, 130], lines=3)


_WORDS = """'Gaussian of width s = ' + format(s, '.3~g') + ', height ' + format(l2_peak, '.2f') + ':'
+ '|estimate ' + (gauss == 0 ? 'exactly 0, for this one observation.' : format(gauss, '.5~g') + ', not 0.')
+ '|Laplace, height ' + format(l1_peak, '.2f') + ': estimate '
+ (laplace == 0 ? 'exactly 0.' : format(laplace, '.5~g') + '.')""".replace("\n", " ")


def _densities(densities):
    chart = grid("u", -1, 1, 300).transform_calculate(w="3 * pow(datum.u, 5)")  # close together around 0
    chart = chart.transform_calculate(**{name: vega(density, {w: "datum.w"}) for name, density in densities.items()})
    x = axis("x", "w", "weight w", -3, 3)
    lines = [chart.mark_line(**stroke(name)).encode(x=x, y=axis("y", name, "density", 0, 2)) for name in densities]
    return alt.layer(*lines, *key(("Gaussian", style.color("l2")), ("Laplace", style.color("l1"))))


def _estimates(estimates, y):
    x = axis("x", "y", "observation y", -3, 3)
    layers = []
    for name, definitions in estimates.items():
        last = definitions[-1][0].name
        height = axis("y", last, "MAP estimate", -3, 3)
        line = columns(grid("y", -3, 3, 120), definitions, {y: "datum.y"})
        layers.append(line.mark_line(**stroke(name)).encode(x=x, y=height))
        layers.append(dot(one_row(y="y", **{last: last}), color=style.color(name)).encode(x=x, y=height))
    return alt.layer(*layers)
