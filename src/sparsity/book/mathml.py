"""A Sphinx extension: formulas are set when the book is built, as MathML, and a page needs no script to show them.

Browsers draw MathML, and hand it to screen readers, without help. A formula that cannot be converted fails the build.
"""

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.errors import ExtensionError
from sphinx.util.math import get_node_equation_number

WORD_JOINER = "\N{WORD JOINER}"  # no line breaks here
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


def visit_inline(translator, node):
    """Write a formula within a line, and keep it together with what touches it, such as a comma."""
    place = node.parent.index(node)
    before = "".join(sibling.astext() for sibling in node.parent[:place])
    after = "".join(sibling.astext() for sibling in node.parent[place + 1 :])
    left = WORD_JOINER if before and not before[-1].isspace() else ""
    right = WORD_JOINER if after and not after[0].isspace() else ""
    translator.body.append(f'{left}<span class="math">{_set(node, display=False)}</span>{right}')
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
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
