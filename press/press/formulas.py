"""Formulas as lines of text, for the search."""

import re
import unicodedata

INVISIBLE = dict.fromkeys((0x2061, 0x2062, 0x2063, 0x2064))
# What stands before the second part of a formula, and the third.
SIGNS = {"msub": "_", "munder": "_", "msup": "^", "mover": "^", "msubsup": "_^", "munderover": "_^", "mfrac": "/"}
BETWEEN = {"mtable": "; ", "mtr": " "}
ACCENTS = {"ˆ": "\u0302", "^": "\u0302", "~": "\u0303", "˜": "\u0303", "¯": "\u0304", "˙": "\u0307"}
FENCED = re.compile(r"[(|‖⟨\[][^()|‖⟨⟩\[\]]*[)|‖⟩\]]")


def in_a_line(formula) -> str:
    """Return MathML, an element of Beautiful Soup, as a line of text.

    Examples
    --------
    >>> from bs4 import BeautifulSoup
    >>> root = "<math><msqrt><msub><mi>w</mi><mi>i</mi></msub><mo>+</mo><mn>1</mn></msqrt></math>"
    >>> in_a_line(BeautifulSoup(root, "html.parser"))
    '√(w_i+1)'
    """
    name, parts = formula.name, formula.find_all(True, recursive=False)
    if not parts:
        return " " if formula.get("width") else formula.get_text().translate(INVISIBLE)
    if name in BETWEEN:
        return BETWEEN[name].join(map(in_a_line, parts))
    if formula.get("accent") or formula.get("accentunder"):
        base, accent = map(in_a_line, parts)
        return unicodedata.normalize("NFC", base + ACCENTS.get(accent, ""))
    if name in SIGNS:
        base, *others = parts
        first = _as_one(base) if name == "mfrac" else in_a_line(base)
        return first + "".join(sign + _as_one(each) for sign, each in zip(SIGNS[name], others, strict=True))
    if name == "mroot":
        return f"{_as_one(parts[0])}^(1/{in_a_line(parts[1])})"
    return f"√{_as_one(formula)}" if name == "msqrt" else _row(parts)


def _as_one(formula):
    """Return a part of a formula as text, in brackets if it has several parts of its own."""
    parts = formula.find_all(True, recursive=False)
    line = _row(parts) if formula.name == "msqrt" else in_a_line(formula)
    while formula.name in ("mrow", "msqrt") and len(parts) == 1:
        formula, parts = parts[0], parts[0].find_all(True, recursive=False)
    one = not parts or formula.name in SIGNS.keys() - {"mfrac"} or FENCED.fullmatch(line)
    return line if one else f"({line})"


def _row(parts):
    """Return parts side by side as text, with a space where names would run into one: d_i g_i, but gw."""
    line, last = "", ""
    for text in filter(None, map(in_a_line, parts)):
        if line[-1:].isalnum() and text[0].isalnum() and not last.isnumeric() and len(last + text) > 2:
            line += " "
        line, last = line + text, text
    return line
