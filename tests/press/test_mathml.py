"""Formulas as MathML."""

import re

import pytest
from docutils import nodes

from press.mathml import hold_together, mathml


def test_a_formula_becomes_one_element():
    assert mathml(r"\frac{1}{2}") == "<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>"
    assert mathml("w", display=True) == '<math display="block"><mi>w</mi></math>'


@pytest.mark.parametrize(
    "latex, shown",
    [
        ("f'", "<mi>f</mi>′"),
        (r"\rho''", "<mi>ρ</mi>″"),
        ("f_i'", "<msub><mi>f</mi><mi>i</mi></msub>′"),
        ("f'^2", "<msup><mrow><mi>f</mi>′</mrow><mrow><mn>2</mn></mrow></msup>"),
        (r"\frac{f'}{x}", "<mi>f</mi>′"),
    ],
)
def test_a_prime_is_as_large_as_what_it_belongs_to(latex, shown):
    assert shown in re.sub(r'<mo lspace="0" rspace="0">(.)</mo>', r"\1", mathml(latex))


@pytest.mark.parametrize("latex", [r"\bigl(x\bigr)^2", r"\Bigl(x\Bigr)_a^b", r"\bigl|x\bigr|_1"])
def test_a_large_parenthesis_stays_large_under_an_exponent(latex):
    made = mathml(latex)
    assert re.search(r"<m(sub|sup|subsup)><mrow><mo [^>]*minsize", made) and not re.search(
        r"<m\w*su[bp]><mo [^>]*minsize", made
    )


@pytest.mark.parametrize("latex", [r"\nosuchcommand", r"\frac{1}", r"\left( x"])
def test_what_is_no_formula_is_named(latex):
    with pytest.raises(ValueError, match="latex must be a formula, got"):
        mathml(latex)


@pytest.mark.parametrize(
    "before, after, held",
    [
        ("Let ", ", then", ["Let ", "<together>x,</together>", " then"]),
        ("one (", ") or two", ["one ", "<together>(x)</together>", " or two"]),
        ("the ", "-axis", ["the ", "<together>x-axis</together>", ""]),
        ("from ", " on", ["from ", "x", " on"]),
        (", ", ", ", [", ", "<together>x,</together>", " "]),
        ("", "", ["x"]),
    ],
)
def test_a_formula_is_held_together_with_what_touches_it(before, after, held):
    paragraph = nodes.paragraph()
    paragraph += [nodes.Text(text) for text in (before,) if text]
    paragraph += nodes.math("", "x")
    paragraph += [nodes.Text(text) for text in (after,) if text]
    hold_together(next(paragraph.findall(nodes.math)))
    shown = [
        f"<together>{each.astext()}</together>" if isinstance(each, nodes.inline) else each.astext()
        for each in paragraph
    ]
    assert shown == held
