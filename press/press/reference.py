"""A Sphinx extension: a reference made from docstrings, and links to it from the whole book.

On the reference page autodoc and numpydoc write an entry for each object. Inline code anywhere in the book that names
one of these objects becomes a link to its entry, the first time it occurs in a section. A name may omit its leading
parts (`Shape.area` for `geometry.Shape.area`) if only one object has it. To keep code from becoming a link, write it
with the role `code`.

The directive `explained` holds a table of two columns: names, and where the book explains them. The text of the second
column is added to the entries of the names in the first. A module stands for all its entries without their own row.
"""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

OPEN = {"class", "exception", "function", "module"}  # kinds that one word may name; methods have everyday words
CALL = re.compile(r"([A-Za-z_][\w.]*)(\([^()]*\))?")

logger = logging.getLogger(__name__)


class explained(nodes.Element):  # docutils names its nodes in lower case
    """The table, until its rows have been moved to their entries."""


class Explained(SphinxDirective):
    """The directive `explained`."""

    has_content = True

    def run(self):
        """Read the table."""
        node = explained()
        self.set_source_info(node)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def is_entry(node):
    """Whether a node is the entry of a Python object."""
    return isinstance(node, addnodes.desc) and node.get("domain") == "py"


def full_name(entry):
    """Return the name of an entry's object, with its module."""
    signature = entry[0]
    return ".".join(filter(None, (signature["module"], signature["fullname"])))


def explain(app, doctree):
    """Move each row of the tables to the entries of its names."""
    tables = list(doctree.findall(explained))
    entries = {full_name(entry): entry for entry in doctree.findall(is_entry)} if tables else {}
    rows = {}
    for table in tables:
        for row in table.findall(nodes.row):
            names, place = row
            rows.update((name.astext(), (place, row)) for name in names.findall(nodes.literal))
        table.parent.remove(table)
    for name, entry in entries.items():
        place, _ = rows.pop(name, None) or rows.get(name.rpartition(".")[0], (None, None))
        if place is not None and place.children:
            line = nodes.paragraph("", "In the book: ", classes=["in-the-book"])
            line += [child.deepcopy() for child in place[0]]
            body = entry[-1]
            body.insert(next((i for i, part in enumerate(body) if is_entry(part)), len(body)), line)  # before methods
    modules = {entry[0]["module"] for entry in entries.values()}
    for name, (_, row) in rows.items():
        if name not in modules:
            logger.warning("there is no entry for %s", name, location=row)


def register_attributes(app, doctree):
    """Register what a class's docstring lists under "Attributes" as objects, so that links can lead there."""
    domain = app.env.get_domain("py")
    for entry in doctree.findall(is_entry):
        own = [part for part in entry[-1] if isinstance(part, nodes.field_list)]
        for field in (field for part in own for field in part if field[0].astext() == "Attributes"):
            for term in field.findall(nodes.term):
                for name in term[0].astext().split(", "):
                    full = f"{full_name(entry)}.{name}"
                    term["ids"].append(full)
                    domain.note_object(full, "attribute", full, location=term)


def let_signatures_break(app, doctree, docname):
    """Let the lines of a signature end after a point of its name and after its opening parenthesis."""
    for signature in doctree.findall(addnodes.desc_signature):
        for name in signature.findall(addnodes.desc_addname):
            words = name.astext().split(".")[:-1]
            name.children = [part for word in words for part in (nodes.Text(f"{word}."), _end())]
        for first in list(signature.findall(addnodes.desc_parameter))[:1]:
            first.insert(0, _end())


def _end():
    return nodes.raw("", "<wbr>", format="html")


class Names:
    """The ways to name the objects of the reference."""

    def __init__(self, env):
        self.domain, self.short = env.get_domain("py"), {}
        for full, entry in self.domain.objects.items():
            if entry.aliased:
                continue
            words = full.split(".")
            for start in range(1, len(words)):
                if start < len(words) - 1 or entry.objtype in OPEN:
                    self.short.setdefault(".".join(words[start:]), []).append(full)

    def find(self, name, scope="", module=""):
        """Return the full name of the one object that `name` means in the entry `scope` of a module, or ""."""
        while scope and scope.startswith(module):
            if f"{scope}.{name}" in self.domain.objects:
                return f"{scope}.{name}"
            scope = scope.rpartition(".")[0]
        if name in self.domain.objects:
            return name
        found = self.short.get(name, [])
        return found[0] if len(found) == 1 else ""


def link_names(app, doctree, docname):
    """Turn inline code on a page that names objects into links."""
    names, linked = Names(app.env), set()
    for literal in list(doctree.findall(nodes.literal)):
        text = CALL.fullmatch(literal.astext())
        place = _place(literal)
        if not text or place is None or "code" in literal["classes"]:
            continue
        scope, module = (full_name(place), place[0]["module"] or "") if is_entry(place) else ("", "")
        name = names.find(text[1], scope, module)
        if not name or name == scope or (id(place), name) in linked:
            continue
        linked.add((id(place), name))
        entry = names.domain.objects[name]
        link = make_refnode(app.builder, docname, entry.docname, entry.node_id, literal.deepcopy(), name)
        literal.parent.replace(literal, link)


def _place(node):
    """Return the section or the entry that a node is in, None within a link or a title."""
    while node := node.parent:
        if isinstance(node, (nodes.reference, nodes.title, addnodes.desc_signature, addnodes.pending_xref)):
            return None
        if isinstance(node, (nodes.section, nodes.document)) or is_entry(node):
            return node
    return None


def add_style(app, pagename, templatename, context, doctree):
    """Load the style sheet on pages with entries."""
    if doctree is not None and any(doctree.findall(is_entry)):
        app.add_css_file("reference.css")


def setup(app):
    """Register with Sphinx."""
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("numpydoc")
    app.add_node(explained)
    app.add_directive("explained", Explained)
    app.connect("doctree-read", explain)
    app.connect("doctree-read", register_attributes)
    app.connect("doctree-resolved", link_names)
    app.connect("doctree-resolved", let_signatures_break)
    app.connect("html-page-context", add_style)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
