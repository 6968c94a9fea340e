"""A Sphinx extension: converts formulas to MathML when the book is built, so that a page needs no script to show them.

Browsers draw MathML, and pass it to screen readers, without help. A formula that cannot be converted fails the build.
"""

import re
from html import unescape
from xml.etree import ElementTree

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.math import get_node_equation_number

_converter = LatexToMathML(fancy_error=False)
PRIMES = ("′", "″", "‴", "⁗")
# Browsers shrink the large parenthesis of `\\bigr)^2`, unless it is a group.
_LARGE_BASE = re.compile(r"(<m(?:sub|sup|subsup)>)(<mo [^>]*minsize[^>]*>[^<]*</mo>)")
SHORT = 8  # characters: such a formula fits on every line, and browsers lay out what cannot scroll sooner


def mathml(latex, display=False):
    r"""Return LaTeX as a MathML element, for a displayed formula if `display`.

    Raises
    ------
    ValueError
        If the LaTeX cannot be converted.

    Examples
    --------
    >>> mathml(r"\beta w")
    '<math><mi>β</mi><mi>w</mi></math>'
    """
    try:
        made = _converter.convert_with_local_state(latex, displaystyle=display)
        return _with_large_primes(_LARGE_BASE.sub(r"\1<mrow>\2</mrow>", made))
    except LatexError as error:
        raise ValueError(f"latex must be a formula, got {latex!r}: {error}") from error


def _with_large_primes(formula):
    """Set primes beside what they belong to: the font has raised them already, and a superscript shrinks them again."""
    if not any(prime in formula for prime in PRIMES):
        return formula
    named = r"&(?!(?:amp|lt|gt|quot|apos);)\w+;"  # characters that HTML names, and XML does not
    tree = ElementTree.fromstring(re.sub(named, lambda name: unescape(name[0]), formula))
    for raised in [*tree.iter("msup"), *tree.iter("msubsup")]:
        *base, above = raised
        prime = above[0] if above.tag == "mrow" else above
        if prime.tag == "mo" and prime.text in PRIMES:
            raised[:] = [_element("mrow", _element("msub", *base) if len(base) == 2 else base[0], prime)]
            prime.attrib.update(lspace="0", rspace="0")
            if prime is above:
                raised.tag = "mrow"
            else:
                raised.tag = "msup"
                above.remove(prime)
                raised.append(above)
    return ElementTree.tostring(tree, encoding="unicode", short_empty_elements=False)


def _element(tag, *children):
    made = ElementTree.Element(tag)
    made.extend(children)
    return made


def _set(node, display):
    try:
        return mathml(node.astext(), display)
    except ValueError as error:
        raise ExtensionError(f"{node.source}:{node.line}: {error}") from error


class HoldTogether(SphinxPostTransform):
    """Prevent a line break between a formula and what touches it, such as a comma."""

    default_priority = 900  # after the texts of references have been filled in
    formats = ("html",)

    def run(self, **kwargs):
        """Hold together all formulas of a page."""
        for formula in list(self.document.findall(nodes.math)):
            hold_together(formula)


def hold_together(formula):
    """Wrap a formula and the text that touches it, if any, in one element."""
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
    """Write an inline formula."""
    formula = _set(node, display=False)
    scrolls = len(unescape(re.sub("<[^>]*>", "", formula))) > SHORT
    translator.body.append(f'<span class="math long">{formula}</span>' if scrolls else formula)
    raise nodes.SkipNode


def visit_block(translator, node):
    """Write a displayed formula and its number."""
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
