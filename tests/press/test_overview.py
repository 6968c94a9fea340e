"""The small pictures on the cards of pages."""

import io
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure

from press.overview import TALLEST, small

pytestmark = pytest.mark.slow  # they draw pictures

SVG = "{http://www.w3.org/2000/svg}"


def drawn(width, height, rows=1):
    figure = Figure(figsize=(width, height), layout="constrained")
    for ax in figure.subplots(rows, 2).flat:
        ax.plot([1, 2], [3, 4], "o-", label="line")
        ax.set(title="title", xlabel="across", ylabel="up")
        ax.legend()
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg")
    return buffer.getvalue()


def test_letters_and_ticks_go_and_what_is_drawn_stays():
    before, after = (ElementTree.fromstring(text) for text in (drawn(4, 2), small(drawn(4, 2))))
    names = [group.get("id", "") for group in after.iter(f"{SVG}g")]
    assert not [name for name in names if name.startswith(("text_", "xtick_", "ytick_", "legend_"))]
    assert len([name for name in names if name.startswith("axes_")]) == 2
    assert len(list(after.iter(f"{SVG}use"))) == 4  # two markers on each line
    assert float(after.get("viewBox").split()[2]) < float(before.get("viewBox").split()[2])


def test_the_picture_is_cut_to_the_axes_and_shows_them_whole():
    left, top, width, height = map(float, ElementTree.fromstring(small(drawn(4, 2))).get("viewBox").split())
    assert 0 < left < 60 and 0 < top < 40
    assert 200 < width < 288 and 70 < height < 144


def test_a_tall_picture_is_cut_to_its_upper_row():
    _, top, width, height = map(float, ElementTree.fromstring(small(drawn(4, 8, rows=3))).get("viewBox").split())
    assert 0 < top < 40 and 200 < width < 288 and 100 < height < 8 * 72 / 3


def test_a_picture_with_tall_axes_is_left_out():
    assert small(drawn(2, 8)) is None


@pytest.mark.parametrize(("height", "is_taken"), [(100 * TALLEST, True), (100 * TALLEST + 1, False)])
def test_a_picture_of_another_program_stays_as_it_is(height, is_taken):
    other = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 {height:g}"><text>A</text></svg>'
    found = small(other)
    assert (found is not None) == is_taken
    if is_taken:
        assert ElementTree.fromstring(found).get("viewBox") == f"0 0 100 {height:g}" and "<text>A</text>" in found
