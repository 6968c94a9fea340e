"""A Sphinx extension: formulas are set when the book is built, as MathML, and a page needs no script to show them.

Browsers draw MathML, and hand it to screen readers, without help. A formula that cannot be converted fails the build.
"""

import re

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.math import get_node_equation_number

_converter = LatexToMathML(fancy_error=False)


def mathml(latex, display=False):
    r"""Return LaTeX as a MathML element, on a line of its own if `display`.

    Raises
    ------
    ValueError
        If the LaTeX is not understood.

    Examples
    --------
    >>> mathml(r"\beta w")
    '<math><mi>β</mi><mi>w</mi></math>'
    """
    try:
        return _converter.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        raise ValueError(f"latex must be a formula, got {latex!r}: {error}") from error


def _set(node, display):
    try:
        return mathml(node.astext(), display)
    except ValueError as error:
        raise ExtensionError(f"{node.source}:{node.line}: {error}") from error


class HoldTogether(SphinxPostTransform):
    """Let no line end between a formula and what touches it, such as a comma."""

    default_priority = 900  # after references have their texts
    formats = ("html",)

    def run(self, **kwargs):
        """Do it for a whole page."""
        for formula in list(self.document.findall(nodes.math)):
            hold_together(formula)


def hold_together(formula):
    """Put a formula and the text that touches it, if any, into an element of their own."""
    parent, place = formula.parent, formula.parent.index(formula)
    before, after = _text(parent[:place][-1:]), _text(parent[place + 1 :][:1])
    left, right = re.search(r"\S*$", before)[0], re.match(r"\S*", after)[0]
    if left:
        parent[place - 1] = nodes.Text(before.removesuffix(left))
    if right:
        parent[place + 1] = nodes.Text(after.removeprefix(right))
    if left or right:
        parent[place] = together = nodes.inline(classes=["together"])
        together += [nodes.Text(left), formula, nodes.Text(right)]


def _text(siblings):
    return "".join(str(each) for each in siblings if isinstance(each, nodes.Text))


def visit_inline(translator, node):
    """Write a formula within a line."""
    translator.body.append(f'<span class="math">{_set(node, display=False)}</span>')
    raise nodes.SkipNode


def visit_block(translator, node):
    """Write a formula on a line of its own, and its number."""
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    translator.body.append(f'<div class="formula">{_set(node, display=True)}</div>')
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app):
    """Register with Sphinx as the renderer that `html_math_renderer: mathml` names."""
    app.add_post_transform(HoldTogether)
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
