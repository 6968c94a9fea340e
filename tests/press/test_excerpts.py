"""What cards show and the search reads."""

import pytest

from press.excerpts import excerpts

FORMULA = "<math><msubsup><mi>w</mi><mi>i</mi><mn>2</mn></msubsup><mo>+</mo><mfrac><mn>1</mn><mn>2</mn></mfrac></math>"
PAGE = f"""
<section id="place"><h2>A place</h2><p>Here is <span class="math">{FORMULA}</span>.</p><pre>code</pre></section>
<div class="math" id="sum">{FORMULA}<span class="eqno">(1.1)<a class="headerlink" href="#sum">#</a></span></div>
<dl class="glossary"><dt id="one">car<a class="headerlink">#</a></dt>
<dt id="two">automobile</dt><dd><p>It drives.</p></dd></dl>
"""


@pytest.mark.parametrize(
    ("place", "kind", "title", "text"),
    [
        ("place", "section", "A place", "Here is w_i^2+1/2."),
        ("sum", "equation", "Equation (1.1)", ""),
        ("one", "term", "car, automobile", "It drives."),
        ("two", "term", "car, automobile", "It drives."),
    ],
)
def test_what_the_search_reads(place, kind, title, text):
    (found,) = [each for each in excerpts(PAGE, "page") if place in each["ids"]]
    assert (found["kind"], found["title"], found["text"]) == (kind, title, text)
