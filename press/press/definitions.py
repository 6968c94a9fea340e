"""A Sphinx extension: on wide screens the margin shows what a term of the glossary means, where a page first uses it.

The first uses of terms (the role `term`) in the running text count, at most `MOST` on a page. A term gets no note where
the margin is taken: beside a note of the author, or a short paragraph before something that may be wide.
"""

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.transforms.post_transforms import SphinxPostTransform

MOST = 4
LONG = 45  # words of a paragraph that is about as high as a note
WIDE = (nodes.figure, nodes.table, nodes.container, nodes.literal_block, nodes.sidebar)  # cells of code are containers


class Definitions(SphinxPostTransform):
    """Add the notes to a page."""

    default_priority = 9  # before links are resolved, so that those in the notes are, too
    formats = ("html",)

    def run(self, **kwargs):
        """Go through all uses of terms."""
        terms, seen, notes = self.env.domaindata["std"]["terms"], set(), 0
        for use in [link for link in self.document.findall(pending_xref) if link["reftype"] == "term"]:
            page, name = terms.get(use["reftarget"].lower(), (self.env.docname, ""))
            if page == self.env.docname or notes == MOST:
                continue
            names, meaning = self._entry(page, name)
            if names[0] in seen:
                continue
            seen.add(names[0])
            paragraph = use.parent
            while isinstance(paragraph, nodes.TextElement) and not isinstance(paragraph, nodes.paragraph):
                paragraph = paragraph.parent
            if has_space(paragraph):
                note = nodes.sidebar("", nodes.title("", ", ".join(names)), meaning, classes=["margin", "meaning"])
                paragraph.parent.insert(paragraph.parent.index(paragraph), note)
                notes += 1

    def _entry(self, page, name):
        """Return the names of an entry of a glossary, and the first paragraph of its definition."""
        for item in self.env.get_doctree(page).findall(nodes.definition_list_item):
            terms = list(item.findall(nodes.term))
            if any(name in term["ids"] for term in terms):
                meaning = next(item.findall(nodes.paragraph)).deepcopy()
                for link in meaning.findall(pending_xref):
                    link["refdoc"] = self.env.docname
                return [term.astext() for term in terms], meaning
        raise LookupError(name)


def has_space(paragraph) -> bool:
    """Return whether the margin beside a paragraph of the running text is empty."""
    if not isinstance(paragraph, nodes.paragraph) or not isinstance(paragraph.parent, nodes.section):
        return False
    siblings, here = paragraph.parent, paragraph.parent.index(paragraph)
    before, after = siblings[max(here - 1, 0)], siblings[here + 1 : here + 2]
    if isinstance(before, nodes.sidebar):
        return False
    return len(paragraph.astext().split()) >= LONG or not any(isinstance(each, WIDE) for each in after)


def setup(app):
    """Register with Sphinx."""
    app.add_post_transform(Definitions)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
