"""Numbers and formulas in the text are those that were computed; anything else is refused."""

import pytest
import sympy as sp
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from exactzeros import catalog
from exactzeros.book import show


@pytest.fixture
def shown():
    """Call a function as a notebook would, and return its one output with the metadata."""
    InteractiveShell.instance()

    def call(function, *arguments):
        with capture_output() as captured:
            function(*arguments)
        (output,) = captured.outputs
        return output

    return call


def glued_text(output):
    assert output.metadata["scrapbook"]["mime_prefix"] == ""
    return output.data["text/plain"].strip("'")


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (1600, ",", "1,600"),
        (0.0, ".4f", "0.0000"),
        (-0.8333, ".3f", "\N{MINUS SIGN}0.833"),
        (sp.Rational(3, 10), ".1f", "0.3"),
        (sp.sqrt(2) / 2, ".4f", "0.7071"),
        (sp.Integer(0), "", "0"),
    ],
)
def test_number_is_shown_in_its_format(shown, value, form, text):
    output = shown(show.number, "key", value, form)
    assert output.metadata["scrapbook"]["name"] == "key"
    assert glued_text(output) == text


@pytest.mark.parametrize(
    ("value", "form", "formula"),
    [(1e-9, ".0e", "$10^{-9}$"), (2.34e-5, ".1e", r"$2.3 \cdot 10^{-5}$"), (-3e4, ".0e", r"$-3 \cdot 10^{4}$")],
)
def test_a_power_of_ten_is_a_formula(shown, value, form, formula):
    assert shown(show.number, "key", value, form).data["text/markdown"] == formula
    assert f"| {formula} |" in shown(show.table, ["value"], [(format(value, form),)]).data["text/markdown"]


@pytest.mark.parametrize("value", ["0.5", None, 1j, [1.0]])
def test_number_refuses_what_is_no_real_number(value):
    with pytest.raises(TypeError, match="value of key must be a real number"):
        show.number("key", value)


def test_number_refuses_an_expression_with_symbols():
    with pytest.raises(TypeError):
        show.number("key", sp.Symbol("x"))


def test_equation_is_latex_of_both_sides(shown):
    output = shown(show.equation, "key", "w", sp.Rational(1, 2))
    assert output.data["text/latex"] == r"$\displaystyle w = \frac{1}{2}$"


def test_slopes_are_those_of_the_penalty(shown):
    output = shown(show.slopes, "key", catalog.log_sum(), "F")
    assert output.data["text/latex"] == (
        r"$\displaystyle \bigl(F'(0^-),\; F'(0^+)\bigr) = "
        r"\left( - \frac{\beta}{\varepsilon}, \  \frac{\beta}{\varepsilon}\right)$"
    )


def test_table_has_a_row_for_each_and_no_stray_column(shown):
    rows = [("a", catalog.l1().expression, 2), ("b", sp.oo, -0.5), ("c-d", "+1,000", "-0.30")]
    lines = shown(show.table, ["name", "value", "number"], rows).data["text/markdown"].splitlines()
    assert [line.count("|") for line in lines] == [4] * 5
    assert lines[2] == r"| a | $\beta \left\vert {w}\right\vert $ | 2 |"
    assert lines[3] == "| b | $\\infty$ | \N{MINUS SIGN}0.5 |"
    assert lines[4] == "| c-d | +1,000 | \N{MINUS SIGN}0.30 |"
