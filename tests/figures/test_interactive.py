"""The interactive figures as charts: what they show in a notebook, and the sentences that describe them."""

import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from exactzeros.book import interactive, style
from exactzeros.book.interactive import VEGA_MIME
from exactzeros.book.interactive.parts import WIDTH, alt


@pytest.fixture(scope="module", params=interactive.__all__)
def outputs(request):
    """What a cell shows for a figure, twice."""
    draw = getattr(interactive, request.param)
    chart = draw()
    assert isinstance(chart, alt.VConcatChart)
    return chart._repr_mimebundle_(), draw()._repr_mimebundle_()


def test_a_notebook_gets_the_live_figure_and_a_still_picture(outputs):
    bundle, _ = outputs
    assert list(bundle) == [VEGA_MIME, "image/svg+xml", "text/plain"]
    spec, picture = bundle[VEGA_MIME], ElementTree.fromstring(bundle["image/svg+xml"])
    height = spec["height"] + spec["padding"]["top"] + spec["padding"]["bottom"]
    assert [float(picture.get(side)) for side in ("width", "height")] == [WIDTH, height]
    assert spec["$schema"].endswith("/v5.json")  # the version that JupyterLab has


def test_the_same_figure_is_the_same_twice(outputs):
    one, other = outputs
    assert one["image/svg+xml"] == other["image/svg+xml"]


def test_every_slider_has_a_label_a_range_and_a_start_on_one_of_its_steps(outputs):
    bundle, _ = outputs
    bound = [signal for signal in bundle[VEGA_MIME]["signals"] if "bind" in signal]
    ranges = [signal for signal in bound if signal["bind"]["input"] == "range"]
    assert ranges and all(len(signal["bind"]["name"]) > 5 for signal in bound)
    for signal in ranges:
        bind = signal["bind"]
        assert bind["min"] <= signal["value"] <= bind["max"]
        assert abs(np.remainder((signal["value"] - bind["min"]) / bind["step"] + 0.5, 1) - 0.5) < 1e-9


def test_the_sentence_follows_from_the_sliders_and_stands_in_the_picture(outputs):
    bundle, _ = outputs
    (words,) = [signal for signal in bundle[VEGA_MIME]["signals"] if signal["name"] == "words"]
    assert "exactly 0" in words["update"]
    assert "exactly 0" in bundle["image/svg+xml"]


def test_colors_are_the_books(outputs):
    bundle, _ = outputs
    known = {color.lower() for color, _, _ in style.PENALTY.values()} | {style.INK.lower(), style.LOSS.lower()}
    colors = {value.lower() for value in strings(bundle[VEGA_MIME]["marks"]) if value.startswith("#")}
    assert colors <= known


def strings(value):
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []


def test_the_specification_is_json_without_surprises(outputs):
    bundle, _ = outputs
    assert json.loads(json.dumps(bundle[VEGA_MIME], allow_nan=False)) == bundle[VEGA_MIME]
