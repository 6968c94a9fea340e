"""Every figure of the book can be drawn, names its axes, and marks as zero only what is zero."""

import io
import re
from functools import cache
from types import SimpleNamespace

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from exactzeros import audit, catalog
from exactzeros.book import examples, figures, style

pytestmark = pytest.mark.slow  # it draws every figure, most of them twice

STRENGTHS = np.array([0.5, 1.0])
SHARES = examples.predicted_and_measured(
    ("l1", "elastic_net", "l2", "smoothed_l1"), STRENGTHS, spread=1.0, problems=1000
)
REPORT = audit([0.0, 2.0, 0.0], [0.25, -1.0, 1.5], catalog.l1().at(beta=1))
DRAWS = np.random.default_rng(0).normal([0.1, 1.0], size=(100, 2))
EXACT = SimpleNamespace(mean=np.array([0.1, 1.0]), median=np.array([0.0, 1.0]), zero=np.array([0.8, 0.1]))
DRAWN = SimpleNamespace(
    count=np.array([2.0, 4.0, 6.0]),
    covariance=np.array([2.1, 3.9, 6.0]),
    count_error=np.array([0.1, 0.1, 0.1]),
    covariance_error=np.array([0.2, 0.2, 0.2]),
)
ARGUMENTS = {
    "band_widths": (0.3,),
    "bootstrap": ([0.5, 0.0, 0.1], [0.9, 0.1, 0.5], ["a", "b", "c"]),
    "caught": (np.random.default_rng(0).normal(scale=1.3, size=(60, 2)), (1, 1.1)),
    "degrees_of_freedom": ((20, 5, 1), DRAWN),
    "equality_and_inequality": (1.2,),
    "fan": ((0, 500, 1000), np.geomspace(1, 1e-150, 150).reshape(3, 50), 65),
    "flicker": ((5, 20), {"a": (0.2, 0.4), "b": (0.3, 0.5)}),
    "map_against_observation": ((1, 0.5), 0.5, 0.7),
    "prediction": (STRENGTHS, *SHARES),
    "regression_posteriors": (["a", "b"], DRAWS, np.array([0.0, 1.0]), EXACT),
    "ridge_crossing": (0.5, 0.8),
    "share_or_swap": (1, 0.5, 0.2),
    "sizes": ({"a": np.geomspace(1e-12, 1e-3, 50)}, 1e-8),
    "slopes_in_intervals": (REPORT,),
    "smoothing_away": ((1, 0.1),),
    "three_losses": (0.8,),
    "stability": ([0.2, 1.0, 0.5, 0.0, 0.1, 0.0], ["a", "b"], 0.75),
    "two_priors": (0.3,),
    "units": (np.geomspace(1e-12, 0.2, 50), np.arange(50) % 3 == 0),
}


def draw(name):
    return getattr(figures, name)(*ARGUMENTS.get(name, ()))


drawn = cache(draw)


def svg(figure):
    buffer = io.StringIO()
    with matplotlib.rc_context(style.SETTINGS):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


@pytest.mark.parametrize("name", figures.__all__)
def test_figure_is_drawn_the_same_way_twice_and_has_no_background(name):
    figure = drawn(name)
    assert figure.get_figwidth() == style.WIDTH
    picture = svg(figure)
    assert picture == svg(draw(name))
    assert "<dc:date>" not in picture
    assert not re.search(r'id="patch_1">\s*<path[^>]*style="fill: #fff', picture)


@pytest.mark.parametrize("name", figures.__all__)
def test_axes_are_named(name):
    axes = drawn(name).axes
    shared_x = [ax.get_shared_x_axes().get_siblings(ax) for ax in axes]
    shared_y = [ax.get_shared_y_axes().get_siblings(ax) for ax in axes]
    assert all(any(sibling.get_xlabel() for sibling in siblings) for siblings in shared_x)
    assert any(ax.get_ylabel() for ax in axes)
    assert all(
        any(sibling.get_ylabel() for sibling in siblings) or ax.get_title()
        for ax, siblings in zip(axes, shared_y, strict=True)
    )


def test_every_catalog_penalty_has_a_look_of_its_own():
    assert list(style.PENALTY) == list(catalog.every())
    looks = {(color, line) for color, line, _ in style.PENALTY.values()}
    assert len(looks) == len(style.PENALTY) == len({label for _, _, label in style.PENALTY.values()})


def contrast_with_white(color):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return 1.05 / (np.dot([0.2126, 0.7152, 0.0722], linear) + 0.05)


COLORS = [*(color for color, *_ in (style.PENALTY | style.PRIOR).values()), style.INK, style.LOSS]


@pytest.mark.parametrize("color", COLORS)
def test_colors_stand_out_from_white(color):
    assert contrast_with_white(color) >= 3  # WCAG 2.2, graphical objects


def test_use_sets_the_style_and_svg_for_a_notebook():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    with matplotlib.rc_context(style.SETTINGS):
        style.use()
    formatter = shell.display_formatter.formatters["image/svg+xml"]
    assert formatter(draw("edge")).lstrip().startswith("<?xml")


def test_the_diamonds_zeros_are_counted_and_the_lookalike_has_none():
    diamond, ball = draw("caught").axes
    dark = [[line for line in ax.lines if line.get_marker() == "."][1] for ax in (diamond, ball)]
    marked = [line.get_xdata().size for line in dark]
    assert marked[0] > 5 and marked[1] == 0
    assert [ax.get_title().splitlines()[1] for ax in (diamond, ball)] == [f"{count} of 60" for count in marked]


def test_the_textbooks_contours_touch_the_diamond_at_its_corner():
    disk, diamond = draw("textbook").axes
    assert "not 0" in disk.get_title() and "is 0" in diamond.get_title()
    touched = [line.get_xydata() for ax in (disk, diamond) for line in ax.lines if line.get_marker() == "o"]
    assert touched[0][0, 1] > 0.1 and touched[1].tolist() == [[1, 0]]


def test_coefficient_paths_state_the_zeros_they_mark():
    ridge, lasso = draw("coefficient_paths").axes
    assert "Ridge: 0 exact zeros" in ridge.get_title()
    marked = sum(line.get_xdata().size for line in lasso.lines if line.get_marker() == "o")
    assert marked > 0
    assert f"Lasso: {marked} exact zeros" in lasso.get_title()


def test_smoothing_leaves_one_tilt_and_the_kink_an_interval():
    tilts = draw("smoothing_away").axes[1].lines
    assert [line.get_xdata().size for line in tilts[:-1]] == [1, 1]
    assert np.allclose(tilts[-1].get_xdata(), [-1, 1])


def test_ridge_crossing_marks_a_zero():
    crossing = (0.8 / 0.5 - 1) / 2
    gram = np.array([[1, 0.8], [0.8, 1]]) + 2 * crossing * np.eye(2)
    assert abs(np.linalg.solve(gram, [1, 0.5])[1]) < 1e-15
    (marker,) = [line for line in draw("ridge_crossing").axes[0].lines if line.get_marker() == "o"]
    assert marker.get_xdata()[0] == pytest.approx(crossing)


def test_joint_examples_are_what_the_chapter_says():
    from exactzeros.book.figures.kink import product_fit, saddle_of_two

    steps = np.linspace(-0.5, 0.5, 101)
    assert (saddle_of_two(1 + steps, 1.0) >= saddle_of_two(1.0, 1.0)).all()
    assert (saddle_of_two(1.0, 1 + steps) >= saddle_of_two(1.0, 1.0)).all()
    assert saddle_of_two(1.1, 0.9) < saddle_of_two(1.0, 1.0)
    wide = np.linspace(-5, 5, 1001)
    assert (product_fit(wide, 0.0) >= product_fit(0.0, 0.0)).all()
    assert (product_fit(0.0, wide) >= product_fit(0.0, 0.0)).all()
    assert product_fit(1.0, 1.0) < product_fit(0.0, 0.0)


def test_band_is_no_wider_than_step_times_kink():
    descent, _, _, bound = draw("band_widths").axes[0].lines
    widths, limits = descent.get_ydata(), bound.get_ydata()
    assert (widths <= limits * (1 + 1e-9)).all()
    assert (widths >= 0.5 * limits).all()


def test_share_or_swap_shades_where_the_second_weight_is_zero():
    ax = draw("share_or_swap").axes[0]
    first, second = (line.get_ydata() for line in ax.lines[:2])
    correlations = ax.lines[0].get_xdata()
    shaded = ax.patches[0].get_extents().transformed(ax.transData.inverted())
    inside = (correlations >= shaded.x0) & (correlations <= shaded.x1)
    assert ((second == 0) == inside).all() and second[0] > 0 > second[-1] and (first > 0).all()


def test_three_wishes_has_one_jump_and_three_flat_stretches():
    lines = {line.get_color(): line.get_ydata() for line in draw("three_wishes").axes[0].lines[1:]}
    assert [np.isnan(lines[style.color(name)]).sum() for name in ("l2", "l1", "lp(1/2)", "mcp")] == [0, 0, 1, 0]
    assert [(lines[style.color(name)] == 0).sum() > 9 for name in ("l2", "l1", "lp(1/2)", "mcp")] == [
        False,
        *[True] * 3,
    ]


def test_audit_picture_tells_certified_zeros_from_violations():
    certified, violated, rest = (line.get_xdata().tolist() for line in draw("slopes_in_intervals").axes[0].lines[:3])
    assert (certified, violated, rest) == ([0.25], [1.5], [-1.0])


def test_audit_picture_refuses_what_nobody_could_read():
    with pytest.raises(ValueError, match="report must have at most 30 weights to be legible, got 31"):
        figures.slopes_in_intervals(audit(np.zeros(31), np.zeros(31), catalog.l1().at(beta=1)))
