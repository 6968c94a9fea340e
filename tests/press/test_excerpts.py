"""What cards show and the search reads."""

import pytest
from bs4 import BeautifulSoup

from press.excerpts import excerpts
from press.formulas import in_a_line
from press.mathml import mathml

FORMULA = "<math><msubsup><mi>w</mi><mi>i</mi><mn>2</mn></msubsup><mo>+</mo><mfrac><mn>1</mn><mn>2</mn></mfrac></math>"
PAGE = f"""
<section id="place"><h2>A place</h2><p>Here is <span class="math">{FORMULA}</span>.</p><pre>code</pre></section>
<div class="math" id="sum">{FORMULA}<span class="eqno">(1.1)<a class="headerlink" href="#sum">#</a></span></div>
<dl class="glossary"><dt id="one">car<a class="headerlink">#</a></dt>
<dt id="two">automobile</dt><dd><p>It drives.</p></dd></dl>
<dl class="py"><dt id="car.speed"><strong>speed</strong><span class="classifier">float</span></dt>
<dd><p>How fast it is.</p></dd></dl>
"""


@pytest.mark.parametrize(
    ("place", "kind", "title", "text"),
    [
        ("place", "section", "A place", "Here is w_i^2+1/2."),
        ("sum", "equation", "Equation (1.1)", ""),
        ("one", "term", "car, automobile", "It drives."),
        ("two", "term", "car, automobile", "It drives."),
        ("car.speed", "object", "car.speed", "speed float How fast it is."),
    ],
)
def test_what_the_search_reads(place, kind, title, text):
    (found,) = [each for each in excerpts(PAGE, "page") if place in each["ids"]]
    assert (found["kind"], found["title"], found["text"]) == (kind, title, text)


@pytest.mark.parametrize(
    ("latex", "line"),
    [
        (r"d_i g_i", "d_i g_i"),
        (r"gw + 2w^2", "gw+2w^2"),
        (r"\sqrt{w^2 + \varepsilon^2} - \varepsilon", "√(w^2+ε^2)−ε"),
        (r"s/\sqrt{w}", "s/√w"),
        (r"\sqrt[3]{w}", "w^(1/3)"),
        (r"\hat{y}, y", "ŷ,y"),
        (r"\frac{|w|}{2\gamma}", "|w|/(2γ)"),
        (r"w^{-1} \log w", "w^(−1) log w"),
        (r"\sum_{j=1}^n x_{ij}", "∑_(j=1)^n x_(ij)"),
        (r"\rho'(0^+)", "ρ′(0^+)"),
        (r"\begin{cases} w & \text{for } w > 0 \\ 0 & \text{otherwise} \end{cases}", "{w for w>0; 0 otherwise"),
    ],
)
def test_a_formula_becomes_a_line_of_text(latex, line):
    assert " ".join(in_a_line(BeautifulSoup(mathml(latex), "html.parser")).split()) == line
