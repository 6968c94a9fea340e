"""A Sphinx extension: replaces markup that fails without scripts, on a phone or in a screen reader."""

import ast
import functools
import re
from html import escape
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node, solution_node
from sphinx_proof.nodes import NODE_TYPES, proof_node

from .folds import fold

LONG = 150  # words of a proof that is folded
LONG_CODE = 24  # characters in a line of text; what is longer may end a line inside
SENTENCE = 40  # characters; a column in which nothing is shorter is never as narrow as a word
TOKEN = re.compile(r'<span class="(pre|[a-z]{1,2}\d?)">([^<]*)</span>')
POWER = r"(?:[\d.]+ \\cdot )?10\^\{-?\d+\}"  # of ten, in LaTeX
NUMBER = re.compile(rf"[+\-\u2212]?\d[\d,]*(?:\.\d+)?%?|{POWER}")


class Markup(SphinxPostTransform):
    """Rearrange the nodes of statements, exercises, solutions and tables."""

    default_priority = 900  # after numbers and titles have been filled in
    formats = ("html",)

    def run(self, **kwargs):
        """Rearrange a whole page."""
        for kind in (exercise_node, exercise_enumerable_node, solution_node, *NODE_TYPES.values()):
            for statement in list(self.document.findall(kind)):
                # The inner sections of all statements of a page have the same id.
                for section in [child for child in statement if isinstance(child, nodes.section)]:
                    statement.replace(section, section.children)
                if kind not in (solution_node, proof_node):
                    _add_permalink(statement)
        for solution in self.document.findall(solution_node):
            solution["heading"] = solution.pop(0).astext()
        for proof in list(self.document.findall(proof_node)):
            proof[0]["ids"] = []  # all proofs of a page have the same id
            if len(proof.astext().split()) > LONG:
                _fold(proof)
        for cell in list(self.document.findall(_is_plumbing)):
            folded = HideCodeCellNode(prompt_show="Show the imports")
            folded.append(cell.children[0])
            cell.children = [folded]
        for code in self.document.findall(nodes.literal):
            if len(code.astext()) > LONG_CODE:
                code["classes"].append("long")
        if getattr(self.config, "bibtex_reference_style", "") == "author_year":
            for entry in self.document.findall(nodes.citation):
                entry.pop(0)  # the label, which the text does not use
        for table in list(self.document.findall(nodes.table)):
            _arrange(table)
            wide = nodes.container(classes=["wide"])
            table.parent.replace(table, wide)
            wide += table


def _add_permalink(statement):
    """Let the title of a statement or an exercise end with a link to it, as headings do."""
    link = nodes.reference("", "#", refid=statement["ids"][0], internal=True, classes=["headerlink"])
    link["reftitle"] = f"Link to this {statement.get('realtype', 'exercise')}"
    next(statement.findall(nodes.title)).append(link)


def _fold(proof):
    words = len(proof.astext().split())
    folded = fold("", *proof.children, title=f"Proof, in {words} words", classes=["long"])
    proof.children = [folded]
    folded.parent = proof


def _is_plumbing(node):
    """Whether a node is a cell that shows nothing, and has only imports and calls without a result."""
    if not (isinstance(node, nodes.container) and node.get("nb_element") == "cell_code" and len(node) == 1):
        return False
    if node.get("hide_mode") or node[0].get("nb_element") != "cell_code_source":
        return False
    try:
        statements = ast.parse(node[0].astext()).body
    except SyntaxError:  # a line for the notebook alone
        return False
    kinds = [type(statement) for statement in statements]
    return ast.ImportFrom in kinds and set(kinds) <= {ast.Import, ast.ImportFrom, ast.Expr}


def _arrange(table):
    """Make the first column the headers of the rows, if it has words, align numbers, and mark columns of sentences."""
    (group,) = table.findall(nodes.tgroup)
    heads = [row for head in group.findall(nodes.thead) for row in head]
    rows = [row for body in group.findall(nodes.tbody) for row in body]
    columns = [spec for spec in group if isinstance(spec, nodes.colspec)]
    if any(len(row) != len(columns) for row in [*heads, *rows]):
        return
    for i, spec in enumerate(columns):
        entries = [row[i] for row in rows]
        texts = {entry: entry.astext() for entry in entries if entry.astext()}
        if texts and all(map(NUMBER.fullmatch, texts.values())):
            if not any("^" in text for text in texts.values()):
                _pad(texts)
            for entry in [*entries, *(row[i] for row in heads)]:
                entry["classes"].append("number")
        elif i == 0 and all(map(_has_words, [*entries, *(row[i] for row in heads)])):
            spec["stub"] = 1
        if entries and min(len(entry.astext()) for entry in entries) > SENTENCE:
            for entry in entries:
                entry["classes"].append("sentence")


def _pad(texts):
    """Make the numbers of a column as wide as if they had the digits after the point, and the point, of the others."""
    digits = {entry: len(text.partition(".")[2].rstrip("%")) for entry, text in texts.items()}
    for entry, own in digits.items():
        missing = max(digits.values()) - own
        if missing:
            last = next(entry.findall(nodes.paragraph))
            last += nodes.Text(("" if own else "\u2008") + "\u2007" * missing)


def _has_words(entry):
    """Whether a cell contains text besides formulas, which axe-core does not count as the text of a header."""
    return any(not isinstance(text.parent, nodes.math) and text.strip() for text in entry.findall(nodes.Text))


def visit_solution(translator, node):
    """Begin a solution. With the class `dropdown` it is folded, and its title opens it."""
    outer, inner = ("details", "summary") if _folds(node) else ("div", "p")
    translator.body.append(translator.starttag(node, outer))
    translator.body.append(f'<{inner} class="admonition-title">{escape(node["heading"])}</{inner}>\n')


def depart_solution(translator, node):
    """End a solution."""
    translator.body.append("</details>\n" if _folds(node) else "</div>\n")


def _folds(solution):
    return "dropdown" in solution["classes"]


def visit_hidden(translator, node):
    """Begin the folded code of a cell, with one label instead of two that a script would swap."""
    classes = " ".join(["hide", *node["classes"]])
    translator.body.append(f'<details class="{escape(classes)}">\n<summary>{escape(node["prompt_show"])}</summary>\n')


def depart_hidden(translator, node):
    """End the folded code of a cell."""
    translator.body.append("</details>\n")


def visit_image(translator, node):
    """Write a picture with its size, so that nothing moves when it loads, which is when the reader comes near."""
    size = _size(Path(translator.builder.srcdir, node["uri"]))
    HTML5Translator.visit_image(translator, node)
    translator.body[-1] = translator.body[-1].replace("<img ", f'<img loading="lazy" {size}', 1)


def _size(path):
    if path.suffix != ".svg":
        return ""
    width, height = ElementTree.parse(path).getroot().attrib["viewBox"].split()[2:]
    return f'width="{float(width):.0f}" height="{float(height):.0f}" '


def visit_citation(translator, node):
    """Begin an entry of the bibliography, as an item of the list that docutils opens before the first."""
    if not isinstance(node.previous_sibling(), nodes.citation):
        translator.body.append('<div role="list" class="citation-list">\n')
    translator.body.append(translator.starttag(node, "div", classes=["citation"], role="listitem"))


@functools.cache
def _styled():
    """Return the names of Pygments' kinds of tokens that the style sheets color."""
    styles = "".join(path.read_text(encoding="utf-8") for path in (Path(__file__).parent / "styles").glob("*.css"))
    return set(re.findall(r"\.(?:highlight|doctest) \.(\w+)", styles))


def lighten(html):
    """Take out the elements around words of code that no style sheet names: they are a third of a long page.

    Examples
    --------
    >>> lighten('<span class="k">def</span> <span class="n"><span class="pre">f</span></span>')
    '<span class="k">def</span> f'
    """
    for _ in range(2):  # one may stand in another
        html = TOKEN.sub(lambda token: token[0 if token[1] in _styled() else 2], html)
    return html


def lighten_page(app, pagename, templatename, context, doctree):
    """Take out such elements of a page before anything else reads it."""
    for part in ("body", "toc"):
        if context.get(part):
            context[part] = lighten(context[part])


def setup(app):
    """Register with Sphinx."""
    app.add_post_transform(Markup)
    app.connect("html-page-context", lighten_page, priority=100)
    app.add_node(solution_node, override=True, html=(visit_solution, depart_solution))
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden, depart_hidden))
    app.add_node(nodes.image, override=True, html=(visit_image, HTML5Translator.depart_image))
    app.add_node(nodes.citation, override=True, html=(visit_citation, HTML5Translator.depart_citation))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
