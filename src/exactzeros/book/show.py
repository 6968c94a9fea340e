"""Results in the text: a SymPy result as a numbered equation, a number as text, a table."""

import numbers
import re

import sympy as sp
from IPython.display import Markdown, Math, display

from ..penalty import to_latex

_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?(e[+-]\d+)?")


def glue(name, value):
    """Show a value and keep it under a name, for `{glue:...}` in the text.

    This is what `myst_nb.glue` does, whose import would take as long as several figures of a page.
    """
    display(value, metadata={"scrapbook": {"name": name, "mime_prefix": ""}})


def equation(name, left, right, relation="="):
    """Show `left = right`, or another relation of the two, and glue it, for `{glue:math}` in the text.

    Parameters
    ----------
    name : str
        The key by which the text refers to it.
    left, right : sympy object, tuple of them, or str of LaTeX
    relation : str of LaTeX
    """
    glue(name, Math(rf"{_latex(left)} {relation} {_latex(right)}"))


def slopes(name, penalty, function=r"\rho"):
    """Show the one-sided slopes at 0 of a `Penalty` called `function` and glue them, for `{glue:math}`."""
    equation(name, rf"\bigl({function}'(0^-),\; {function}'(0^+)\bigr)", penalty.slopes_at_zero)


def number(name, value, form=""):
    """Show a number and glue it as text, for `{glue:text}`, in Python's format `form` (such as ".3f" or ",").

    A power of ten, from a format such as ".0e", is a formula, for `{glue:md}`.

    Raises
    ------
    TypeError
        If `value` is not a real number.
    """
    if isinstance(value, sp.Basic):
        value = int(value) if value.is_Integer else float(value)
    if not isinstance(value, numbers.Real):
        raise TypeError(f"value of {name} must be a real number, got {value!r}")
    plain = value.item() if hasattr(value, "item") else value
    text = format(plain, form)
    glue(name, Markdown(_as_printed(text)) if "e" in text else _as_printed(text))


def _as_printed(number):
    """Return a number in one of Python's formats as Markdown, with a minus sign and its power of ten as a formula."""
    digits, _, power = number.partition("e")
    if not power:
        return number.replace("-", "\N{MINUS SIGN}")
    factor = "" if digits == "1" else rf"{digits} \cdot "
    return f"${factor}10^{{{int(power)}}}$"


def table(header, rows):
    """Show a table. A SymPy object in a cell becomes a formula; text that is no number stays as it is."""
    lines = [_row(header), _row("---" for _ in header), *map(_row, rows)]
    display(Markdown("\n".join(lines)))


def _row(cells):
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(value):
    if isinstance(value, numbers.Real) and not isinstance(value, sp.Basic):
        value = f"{value:g}"
    if isinstance(value, str):
        return _as_printed(value) if _NUMBER.fullmatch(value) else value
    return f"${_latex(value)}$".replace("|", r"\vert ")


def _latex(value):
    return value if isinstance(value, str) else to_latex(value)
