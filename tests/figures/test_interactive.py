"""The live figures: what a notebook gets of them, what they say of themselves, and their numbers against NumPy."""

import json
import re
from functools import cache

import numpy as np
import pytest
from bs4 import BeautifulSoup
from py_mini_racer import MiniRacer

from exactzeros import catalog, losses, solvers
from exactzeros.book import interactive, posterior, style
from exactzeros.book import optimizer_experiment as experiment
from exactzeros.book.balls import nearest, share_on_axis
from exactzeros.book.examples import diabetes, symbolic
from exactzeros.book.interactive import diamond, live
from exactzeros.book.interactive.factors import STEP, induced
from exactzeros.book.interactive.optimizers import rounded_problem
from exactzeros.optimizers import SGD, Adam, trajectory

pytestmark = pytest.mark.slow  # they draw every figure

FINITE = "(_, value) => typeof value === 'number' && !isFinite(value) ? String(value) : value"


@cache
def figure(name):
    return getattr(interactive, name)()


class Computed:
    """A figure, and what its model computes."""

    def __init__(self, name, engine):
        self.figure, self.engine = figure(name), engine
        engine.eval(self.figure.script)

    def values(self, **changed):
        """Return the model's values where the settings differ from the first ones."""
        settings = json.dumps(self.figure.settings | changed)
        model = f"liveFigure.definitions[{json.dumps(self.figure.name)}].model({settings}, liveFigure.show)"
        return json.loads(self.engine.eval(f"JSON.stringify({model}, {FINITE})"))

    def places(self):
        """Yield settings with each slider at its ends and in its middle, and each choice."""
        for control in self.figure.drawing["controls"]:
            if control["kind"] == "slider":
                low, high = control["low"], control["high"]
                middle = np.sqrt(low * high) if control.get("log") else (low + high) / 2
                yield from ({control["name"]: float(value)} for value in (low, middle, high))
            elif control["kind"] == "choice":
                yield from ({control["name"]: value} for value, _ in control["options"])
            else:
                yield from ({control["name"]: value} for value in (False, True))
        yield from (dict(changed) for _, changed in self.figure.drawing.get("steps", ()))
        yield from (dict(changed) for _, changed in self.figure.drawing.get("presets", ()))


@pytest.fixture(scope="module")
def engine():
    with MiniRacer() as running:
        running.eval(live.runtime()["figure.js"])
        yield running


@pytest.fixture(scope="module", params=interactive.__all__)
def computed(request, engine):
    return Computed(request.param, engine)


@pytest.fixture(scope="module")
def page(computed):
    return BeautifulSoup(computed.figure.html(), "html.parser")


def test_a_notebook_and_the_press_get_the_same_figure(computed):
    bundle = computed.figure._repr_mimebundle_()
    assert list(bundle) == [live.MIME, "text/html", "text/plain"]
    content = bundle[live.MIME]
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert set(content["runtime"]) == {"figure.js", "figure.css"}
    frame = BeautifulSoup(bundle["text/html"], "html.parser").iframe["srcdoc"]
    assert content["html"] in frame and content["script"] in frame


def test_the_same_figure_is_the_same_twice(computed):
    again = getattr(interactive, computed.figure.name)()
    assert (again.script, again.html()) == (computed.figure.script, computed.figure.html())


def test_the_figure_says_how_it_stands(computed, page):
    (said, *_) = page.select("[role=img]")
    words = computed.values()["words"]
    assert said["aria-label"].endswith(" ".join(words)) and len(said["aria-label"]) > 120
    assert re.search("exactly 0|Exact zeros", " ".join(words))


def test_no_dot_is_cut_by_the_edge_of_its_panel(page):
    for plot in page.select(".live-plot[style*=height]"):
        height = int(re.search(r"height:(\d+)px", plot["style"])[1])
        for dot in plot.select("path[style*='linecap:round']"):
            radius = float(re.search(r"stroke-width:([\d.]+)px", dot["style"])[1]) / 2
            for place in re.findall(r"M\S+ ([-\d.]+)h0", dot["d"]):
                edges = (float(place) * height / 1000, height - float(place) * height / 1000)
                assert min(edges) >= radius or min(edges) <= -radius


def test_no_setting_leaves_a_hole_in_the_words(computed):
    for settings in computed.places():
        words = computed.values(**settings)["words"]
        assert all(words) and not re.search("NaN|undefined|null|object", " ".join(words)), settings


def test_every_control_has_a_label_and_starts_on_one_of_its_steps(computed, page):
    inputs = page.select("input, select")
    assert len(inputs) == len(computed.figure.drawing["controls"])
    for field in inputs:
        assert len(field.find_parent("label").select_one(".live-name").get_text()) > 4
    for field in page.select("input[type=range]"):
        low, high, start, step = (float(field[name]) for name in ("min", "max", "value", "step"))
        assert low <= start <= high and (high - low) / step >= 10


def test_colors_are_the_books(computed, page):
    known = {color.lower() for color, *_ in (style.PENALTY | style.PRIOR).values()} | {style.LOSS.lower()}
    colors = re.findall(r"light-dark\((#\w+)", str(page))
    assert colors and {color.lower() for color in colors} <= known


def test_a_number_is_written_as_zero_only_if_it_is_zero(engine):
    shown = {
        value: engine.eval(f"liveFigure.show({value})") for value in ("0", "-0.5", "1e-7", "1/0", "-3e-12", "2.345")
    }
    assert list(shown.values()) == ["0", "−0.50", "1 · 10⁻⁷", "∞", "−3 · 10⁻¹²", "2.35"]


def tilt(penalty, g, c, beta):
    found = symbolic(penalty)
    found = found.at(beta=beta) if found.parameters else found
    left, right = found.numeric_slopes_at_zero
    return {"minimum": found.prox([-g / c], step=1 / c)[0], "low": -right, "high": -left}


def scroll(g):
    return {"lowest": [catalog.l1().at(beta=1).prox([-g])[0]]}


def smooth(eps, g):
    smoothed, kinked = catalog.smoothed_l1().at(beta=1, eps=eps), catalog.l1().at(beta=1)
    return {"smoothedAt": [g, smoothed.prox([-g])[0]], "kinkedAt": [g, kinked.prox([-g])[0]]}


def narrow(s, b, y):
    gauss, laplace = catalog.l2().at(beta=1 / (2 * s**2)), catalog.l1().at(beta=1 / b)
    return {
        "gaussPoint": [y, gauss.prox([y], step=0.7**2)[0]],
        "laplacePoint": [y, laplace.prox([y], step=0.7**2)[0]],
        "peaks": [gauss.prior(0.0), laplace.prior(0.0)],
    }


def correlate(r, beta):
    gram, target = np.array([[1, r], [r, 1]]), np.array([1, 0.5])
    X = np.sqrt(2) * np.linalg.cholesky(gram).T
    loss = losses.LeastSquares(X, np.linalg.solve(X.T, 2 * target))
    lasso = solvers.coordinate_descent(loss, catalog.l1().at(beta=beta)).solution
    return {"lasso": lasso, "ridge": np.linalg.solve(gram + 2 * beta * np.eye(2), target)}


def polished_lasso(gram, moments, beta, found):
    """The weights with the support and signs of a solution, from the equations that they solve, to full accuracy."""
    support, weights = found != 0, np.zeros(len(found))
    if support.any():
        chosen = np.ix_(support, support)
        weights[support] = np.linalg.solve(gram[chosen], (moments - beta * np.sign(found))[support])
    return weights


def walk(beta, follow):
    data = diabetes()
    loss = losses.LeastSquares(data.X, data.y)
    found = solvers.coordinate_descent(loss, catalog.l1().at(beta=beta)).solution
    count = len(data.y)
    weights = polished_lasso(data.X.T @ data.X / count, data.X.T @ data.y / count, beta, found)
    support = weights != 0
    slopes = loss.gradient(weights)
    return {
        "coefficients": weights,
        "slopes": slopes,
        "count": np.count_nonzero(~support),
        "least": (beta - np.abs(slopes))[~support].min(initial=np.inf),
    }


def decoy(c, beta, truth):
    gram = np.array([[1, 0, c], [0, 1, c], [c, c, 1]])
    true = np.array([1.0, 1.0 if truth == "same" else -1.0, 0.0])
    X = np.sqrt(3) * np.linalg.cholesky(gram).T
    loss = losses.LeastSquares(X, X @ true)
    found = solvers.coordinate_descent(loss, catalog.l1().at(beta=beta), tolerance=1e-12).solution
    inner = np.linalg.solve(gram[:2, :2], true[:2])  # the signs are the weights
    return {"weights": polished_lasso(gram, gram @ true, beta, found), "shareHere": [c, -gram[2, :2] @ inner]}


def miss(optimizer, batch, s, proximal, step):
    problem, steps = rounded_problem(), int(step)
    kinds = {"sgd": SGD(s), "momentum": SGD(s, momentum=0.9), "adam": Adam(s)}
    every = experiment.full_gradient(problem.X, problem.y)
    gradient = every if batch == "200" else experiment.batch_gradient(problem.X, problem.y, int(batch))
    objective = gradient if proximal else experiment.with_sign(gradient, experiment.BETA)
    prox = problem.penalty.prox if proximal else None
    found = trajectory(objective, kinds[optimizer], problem.start, range(steps + 1), prox)[:, problem.zeros]
    return {
        "all": found[-1],
        "count": np.count_nonzero(found[-1] == 0.0),
        "passed": [[k, weight] for k, weight in enumerate(found[:, 0])],
    }


def aim(p, r, y1, y2):
    power, target = float(p), np.array([y1, y2])
    numbers = np.arange(60)
    sizes, turns = np.sqrt(-2 * np.log(1 - (numbers + 0.5) / 60)), numbers * np.pi * (3 - np.sqrt(5))
    normal = sizes * [np.cos(turns), np.sin(turns)] / np.sqrt([[1 + r], [1 - r]])
    cloud = target + diamond.SPREAD * normal.T @ np.array([[1, 1], [1, -1]]) / np.sqrt(2)
    return {
        "cloud": cloud,
        "point": nearest([target], power, r)[0],
        "count": np.count_nonzero(nearest(cloud, power, r)[:, 1] == 0.0),
        "share": share_on_axis(target, diamond.SPREAD, r) if power == 1 else 0.0,
    }


def estimate(kind, y, q):
    beliefs = posterior.BELIEFS | {"spike and slab": posterior.spike_and_slab(q, 2.0)}
    if kind == "median":
        found = [posterior.median(belief, y) for belief in beliefs.values()]
    else:
        found = [getattr(belief, kind)(np.array(y)) for belief in beliefs.values()]
    return {"estimates": found, "edge": posterior.reach(beliefs["spike and slab"]) if q else 0.0}


def multiply(g, beta, depth, u, v, steps):
    k = int(depth)
    penalty = induced(k).at(beta=beta)

    def gradient(factors):  # of the loss of u**(k - 1)*v plus weight decay, in one of the k - 1 factors u, and in v
        first, second = factors
        slope = g + first ** (k - 1) * second
        return np.array([beta * first + slope * first ** (k - 2) * second, beta * second + slope * first ** (k - 1)])

    record = round(steps)
    (end,) = trajectory(gradient, SGD(STEP), [u, v], [record])
    (by_hand,) = trajectory(lambda w: g + w, SGD(STEP), [u ** (k - 1) * v], [2000], penalty.prox)
    return {
        "here": end,
        "weight": end[0] ** (k - 1) * end[1],
        "minimum": penalty.prox([-g])[0],
        "reached": by_hand[0],
    }


EXPECTED = {
    "aim": aim,
    "estimate": estimate,
    "miss": miss,
    "multiply": multiply,
    "tilt": tilt,
    "scroll": scroll,
    "smooth": smooth,
    "narrow": narrow,
    "correlate": correlate,
    "decoy": decoy,
    "walk": walk,
}
EXPECTED["hold"] = walk


def numbers(value):
    return np.array(list(value.values()) if isinstance(value, dict) else value, dtype=float).ravel()


def test_the_models_numbers_are_the_packages(computed):
    for settings in computed.places():
        assert_as_package(computed, settings)


def assert_as_package(computed, settings):
    expected, found = EXPECTED[computed.figure.name](**computed.figure.settings | settings), computed.values(**settings)
    for name, value in expected.items():
        ours = numbers(found[name])[: np.size(value)]
        value = np.ravel(value)
        assert (np.equal(ours, 0) == np.equal(value, 0)).all(), (name, settings)
        np.testing.assert_allclose(ours, value, rtol=1e-9, atol=1e-12, err_msg=f"{name} at {settings}")


@pytest.mark.parametrize("p", ["1", "1.1", "1.5", "2", "Infinity"])
def test_targets_land_as_in_the_package(p, engine):
    computed, seen = Computed("aim", engine), set()
    for r in (-0.9, 0, 0.55):
        for y1, y2 in [(1.7, 0.6), (-2.5, 0.1), (0.3, -2), (0.05, 0), (0, 1.35), (-0.4, 0.45), (2, 0)]:
            settings = {"p": p, "r": r, "y1": y1, "y2": y2}
            assert_as_package(computed, settings)
            found = computed.values(**settings)
            assert (found["point"][1] == 0) == found["words"][0].startswith("w₂ is exactly 0")
            seen.add(found["point"][1] == 0)
    assert seen == {True, False}


@pytest.mark.parametrize("truth", ["same", "opposite"])
@pytest.mark.parametrize("c", [-0.62, -0.51, -0.3, 0.49, 0.55, 0.66])
def test_the_decoy_is_left_out_or_preferred_as_in_the_package(c, truth, engine):
    computed = Computed("decoy", engine)
    for beta in (0.02, 0.4, 0.95, 1.05, 1.3):
        assert_as_package(computed, {"c": c, "beta": beta, "truth": truth})
        left_out = computed.values(c=c, beta=beta, truth=truth)["weights"][2] == 0
        assert left_out == (truth == "opposite" or abs(c) < 0.5 or beta >= 2 * abs(c))


@pytest.fixture(scope="module")
def tilted(engine):
    return Computed("tilt", engine)


@pytest.mark.parametrize("penalty", list(catalog.every()))
def test_tilt_it_under_each_penalty(penalty, tilted):
    for slope in (-3, -1.5, -0.95, -0.3, 0, 0.6, 2.95):
        settings = {"penalty": penalty, "g": slope, "c": 1.5, "beta": 1.05}
        assert_as_package(tilted, settings)
        found = tilted.values(**settings)
        assert (found["minimum"] == 0) == found["words"][0].startswith("Minimum at exactly 0")
        outside = slope < float(found["low"]) or slope > float(found["high"])
        assert ("outside" in found["words"][1]) == outside


@pytest.mark.parametrize("strength", [0.1, 1, 2])
@pytest.mark.parametrize("name", list(style.PENALTY))
def test_the_slope_can_leave_every_bounded_interval_of_tilt_it(name, strength, tilted):
    (reach,) = (control["high"] for control in tilted.figure.drawing["controls"] if control["name"] == "g")
    penalty = symbolic(name)
    slopes = (penalty.at(beta=strength) if penalty.parameters else penalty).numeric_slopes_at_zero
    assert all(abs(slope) < reach for slope in slopes if np.isfinite(slope))


@pytest.mark.parametrize("proximal", [False, True])
@pytest.mark.parametrize("batch", ["200", "20", "5"])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_optimizers_run_as_in_the_package(optimizer, batch, proximal, engine):
    computed = Computed("miss", engine)
    for step_size in (0.002, 0.05):
        settings = {"optimizer": optimizer, "batch": batch, "proximal": proximal, "s": step_size}
        assert_as_package(computed, settings)
        if not proximal:
            assert computed.values(**settings)["count"] == 0
