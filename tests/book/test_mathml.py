"""Formulas as MathML."""

import pytest

from sparsity.book.mathml import mathml


def test_a_formula_becomes_one_element():
    assert mathml(r"\frac{1}{2}") == "<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>"
    assert mathml("w", display=True) == '<math display="block"><mi>w</mi></math>'


@pytest.mark.parametrize("latex", [r"\nosuchcommand", r"\frac{1}", r"\left( x"])
def test_what_is_no_formula_is_named(latex):
    with pytest.raises(ValueError, match="latex must be a formula, got"):
        mathml(latex)
