"""The fonts that come with the site, and those of the figures."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import press
from book import ROOT

SITE = Path(press.__file__).parent / "fonts" / "text"
FIGURES = ROOT / "src" / "exactzeros" / "book" / "fonts"
EVERY = sorted([*SITE.glob("*.woff2"), *FIGURES.glob("*.ttf")])


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.name)
def test_a_font_has_what_the_text_needs_under_a_name_of_its_own(path):
    font = TTFont(path)
    due = "abcXYZ äéïøß 0123 −×· – ‘’“” …" + ("" if "italic" in path.name else "ČěřŠ ±≤≥≠≈ ← → ²")
    due += "αβγλμρσω ΓΔΣΩ ∞√ ⁰¹⁹⁻ ₀₁₉ ℓ" if "sans" in path.name else ""
    assert not set(map(ord, due)) - set(font.getBestCmap())
    names = [record.toUnicode() for record in font["name"].names if record.nameID in (1, 4, 6)]
    assert names and not [name for name in names if "Source" in name]  # a name that its license reserves
    assert "Open Font License" in font["name"].getDebugName(13)


def test_a_page_loads_no_more_than_needed():
    assert sum(path.stat().st_size for path in SITE.glob("*.woff2")) < 75_000


def test_the_faces_of_pages_and_figures_agree():
    site, figures = TTFont(SITE / "sans.woff2"), TTFont(FIGURES / "sans.ttf")
    assert site.getBestCmap().keys() == figures.getBestCmap().keys()
    widths = [font["hmtx"][font.getBestCmap()[ord("n")]][0] for font in (site, figures)]
    assert abs(widths[0] - widths[1]) <= 1
    licenses = [(folder / "LICENSE-SANS").read_bytes() for folder in (SITE, FIGURES)]
    assert licenses[0] == licenses[1]
