"""The audit of problems made by hand, in which every verdict is known, and of bad input."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from exactzeros import Penalty, audit, catalog, w
from exactzeros.auditing.report import VERDICTS

L1 = catalog.l1().at(beta=0.5)
ROOT = catalog.lp(0.5).at(beta=1)
DEAD_ZONE = Penalty(sp.Max(sp.Abs(w) - sp.Rational(1, 2), 0))


@pytest.mark.parametrize(
    ("penalty", "weight", "slope", "verdict", "slack"),
    [
        (L1, 0.0, 0.25, "certified zero", 0.25),
        (L1, -0.0, -0.375, "certified zero", 0.125),
        (L1, 0.0, 0.5, "on the edge", 0.0),
        (L1, 0.0, -0.75, "zero, not stationary", -0.25),
        (L1, 2.0, -0.5, "stationary", 0.0),
        (L1, -2.0, -0.5, "not stationary", -1.0),
        (L1, 2.0, 0.25, "not stationary", -0.75),
        (L1, 1e-3, 0.25, "should be zero", -0.75),
        (L1, 5e-324, 0.25, "should be zero", -0.75),
        (L1, 1e-3, 0.75, "not stationary", -1.25),
        (L1, 1e-3, -0.5, "stationary", 0.0),
        (catalog.l2().at(beta=1), 0.0, 0.0, "on the edge", 0.0),
        (catalog.l2().at(beta=1), 0.0, 0.125, "zero, not stationary", -0.125),
        (catalog.l2().at(beta=1), 0.5, -1.0, "stationary", 0.0),
        (catalog.mcp().at(beta=1, gamma=2), 0.0, 0.5, "certified zero", 0.5),
        (catalog.mcp().at(beta=1, gamma=2), 4.0, 0.0, "stationary", 0.0),
        (catalog.mcp().at(beta=1, gamma=2), 1.0, -0.5, "stationary", 0.0),
        (ROOT, 0.0, 1e9, "certified zero", np.inf),
        (ROOT, 4.0, -0.25, "stationary", 0.0),
        (catalog.nonnegative(), 0.0, 3.0, "certified zero", 3.0),
        (catalog.nonnegative(), 0.0, -3.0, "zero, not stationary", -3.0),
        (catalog.nonnegative(), 2.0, 0.0, "stationary", 0.0),
        (catalog.nonnegative(), -2.0, 0.0, "not stationary", -np.inf),
        (catalog.one_sided().at(beta=2), 0.0, -1.0, "certified zero", 1.0),
        (DEAD_ZONE, 0.5, -0.25, "stationary", 0.25),
        (DEAD_ZONE, 0.5, 0.25, "not stationary", -0.25),
        (None, 3.0, 0.0, "stationary", 0.0),
        (None, 3.0, 0.5, "not stationary", -0.5),
    ],
)
def test_every_verdict(penalty, weight, slope, verdict, slack):
    report = audit([weight, 8.0], [slope, 0.0], [penalty, None], tolerance=0, absolute=0)
    assert report.verdicts.tolist() == [verdict, "stationary"]
    assert report.slack[0] == slack
    assert report.residual[0] == max(-slack, 0)
    assert report.certified_zeros.tolist() == [verdict == "certified zero", False]
    assert report.violations.tolist() == [verdict in VERDICTS[3:], False]


def mixed():
    weights = [[2.0, 0.0, 0.0, 1e-6], [0.0, 0.0, -3.0, 1.5]]
    slopes = [[-0.5, 0.2, 0.7, 0.1], [0.5, -0.1, 0.5, 0.25]]
    return audit(weights, slopes, [[L1] * 4, [L1] * 3 + [None]])


def test_a_report_counts_and_names_the_worst():
    report = mixed()
    assert report.counts == {
        "certified zero": 2, "on the edge": 1, "stationary": 2, "should be zero": 1,
        "zero, not stationary": 1, "not stationary": 1,
    }  # fmt: skip
    assert dict(audit([0.0], [0.0], L1).counts) == {"certified zero": 1}
    assert (report.worst.name, report.worst.weight, report.worst.verdict) == ("0, 3", 1e-6, "should be zero")
    assert report.worst.slack == report.slack.min() == pytest.approx(-0.6)
    assert report.slack.shape == report.verdicts.shape == report.low.shape == (2, 4)
    assert report.low[1].tolist() == [-0.5, -0.5, -0.5, 0.0]
    np.testing.assert_allclose(report.least_share, [[np.nan, 0.4, np.nan, np.nan], [np.nan, 0.2, np.nan, np.nan]])


def test_tables():
    report = mixed()
    text = str(report)
    assert text.splitlines()[0].startswith("8 weights: 2 certified zero, 1 on the edge")
    assert len(text.splitlines()) == 2 + 1 + 8
    assert all(verdict in text for verdict in VERDICTS)
    page = report._repr_html_()
    assert page.count("<tr>") == 9
    assert "<th>slope g</th>" in page


def test_a_long_table_shows_violations_first_and_then_the_least_slack():
    slopes = np.linspace(0, 0.4, 1000)
    slopes[500] = 3.0
    lines = str(audit(np.zeros(1000), slopes, L1)).splitlines()
    assert len(lines) == 2 + 1 + 20 + 1
    assert lines[3].startswith("500 ")
    assert lines[4].startswith("999 ")
    assert lines[-1].startswith("... and 980 more")


def test_names_are_those_of_the_columns():
    report = audit([[2.0, 0.0], [0.0, 0.0]], [[-0.5, 0.2], [0.7, 0.1]], L1, names=("age", "bmi"))
    assert [report.row(i).name for i in range(4)] == ["0, age", "0, bmi", "1, age", "1, bmi"]
    assert audit(0.0, 0.25, L1, names=["only"]).weights.shape == ()
    for names in (["age"], ["age", "bmi", "sex"], []):
        with pytest.raises(
            ValueError, match=rf"^names must have one name for each of the 2 columns, got {len(names)}$"
        ):
            audit([0.0, 0.0], [0.0, 0.0], L1, names=names)
    with pytest.raises(TypeError, match=r"^names must be a list of 2 names, got 'xy' of type str$"):
        audit([0.0, 0.0], [0.0, 0.0], L1, names="xy")


def test_names_are_escaped_in_html():
    from dataclasses import replace

    page = replace(mixed(), name_of=lambda column: "<b>")._repr_html_()
    assert "<b>" not in page
    assert "&lt;b&gt;" in page


@pytest.mark.slow
@settings(max_examples=12)
@given(st.floats(-0.49, 0.49), st.sampled_from(["l1", "elastic_net", "mcp", "scad", "log_sum"]))
def test_a_zero_is_certified_down_to_its_least_share_of_the_strength(slope, name):
    others = (
        {"a": 3.0}
        if name == "scad"
        else {"a": 1 - 2**-20}
        if name == "elastic_net"
        else {"gamma": 2.0}
        if name == "mcp"
        else {}
    )
    others |= {"eps": 1.0} if name == "log_sum" else {}
    at = catalog.every()[name].at
    share = float(audit([0.0], [slope], at(beta=0.5, **others)).least_share[0])
    if share > 1e-6:
        assert audit([0.0], [slope], at(beta=0.5 * share * 1.001, **others), tolerance=0).certified_zeros.all()
        assert not audit([0.0], [slope], at(beta=0.5 * share * 0.999, **others), tolerance=0).certified_zeros.any()


def test_tolerance_is_relative_to_the_penalty_and_absolute_is_added():
    slopes = [0.5 + 4e-3, 0.5 - 4e-3]
    assert audit([0, 0], slopes, L1, tolerance=0.01).verdicts.tolist() == ["on the edge"] * 2
    assert audit([0, 0], slopes, L1, tolerance=0, absolute=0.005).verdicts.tolist() == ["on the edge"] * 2
    assert audit([0, 0], slopes, L1, tolerance=0.001).verdicts.tolist() == ["zero, not stationary", "certified zero"]
    assert audit([0, 0], slopes, L1, tolerance=0.01, absolute=0.25).threshold == pytest.approx(0.255)


def test_numbers_without_shape_and_integers():
    report = audit(0, 0.25, L1)
    assert report.verdicts.shape == ()
    assert bool(report.certified_zeros)
    assert audit([1, 0], [0, 0], None).verdicts.tolist() == ["stationary", "on the edge"]


def test_the_input_is_not_changed():
    weights, slopes = np.array([0.0, 1.0]), np.array([0.1, -0.5])
    audit(weights, slopes, L1)
    assert (weights.tolist(), slopes.tolist()) == ([0.0, 1.0], [0.1, -0.5])


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (([np.nan], [0.0], L1), ValueError, "weights must be finite"),
        (([0.0], [np.inf], L1), ValueError, "loss_gradient must be finite"),
        (([0.0, 1.0], [0.0], L1), ValueError, r"loss_gradient must have shape \(2,\)"),
        (([], [], L1), ValueError, "weights must not be empty"),
        ((["a"], [0.0], L1), TypeError, "weights must hold real numbers"),
        (([0.0], [None], L1), TypeError, "loss_gradient must hold real numbers"),
        (([0.0], [0.0], "l1"), TypeError, "penalty must be a Penalty"),
        (([0.0], [0.0], catalog.l1()), ValueError, "penalty must have numbers"),
        (([0.0, 1.0], [0.0, 0.0], [L1]), ValueError, "one for each of the 2 weights, got 1"),
        (([0.0, 1.0], [0.0, 0.0], [L1, 0.5]), TypeError, "penalty must be a Penalty"),
    ],
)
def test_bad_input(arguments, kind, message):
    with pytest.raises(kind, match=message):
        audit(*arguments)


@pytest.mark.parametrize("name", ["tolerance", "absolute"])
@pytest.mark.parametrize(
    ("value", "kind"),
    [(-1e-9, ValueError), (np.nan, ValueError), (np.inf, ValueError), ("1", TypeError), (None, TypeError)],
)
def test_bad_tolerance(name, value, kind):
    with pytest.raises(kind, match=f"{name} must "):
        audit([0.0], [0.0], L1, **{name: value})
