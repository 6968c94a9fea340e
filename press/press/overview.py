"""A Sphinx extension: the directive `overview`, which makes cards of a list of pages.

Each item of the list is a link to a page, with the role `doc`, and what the page is worth in a sentence. Its card shows
the page's number, if it has one, and the first picture on the page.
"""

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective


class Overview(SphinxDirective):
    """The directive `overview`."""

    has_content = True

    def run(self):
        """Read the list, and remember the page of each item."""
        made = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, made)
        for item in made.findall(nodes.list_item):
            links = [link for link in item.findall(pending_xref) if link["reftype"] == "doc"]
            if not links:
                raise ExtensionError(f"{self.env.docname}: an item of an overview has no link to a page")
            item["page"] = links[0]["reftarget"].removeprefix("/")
        for each in made.findall(nodes.bullet_list):
            each["classes"].append("overview")
        return made.children


class Cards(SphinxPostTransform):
    """Give each item its number and its picture."""

    default_priority = 11  # after links have got their texts, before pictures are looked at
    formats = ("html",)

    def run(self, **kwargs):
        """Complete all overviews of a page."""
        for item in self.document.findall(lambda node: isinstance(node, nodes.list_item) and "page" in node):
            page, (paragraph, *_) = item.attributes.pop("page"), item
            link = next(paragraph.findall(nodes.reference))
            numbers = self.env.toc_secnumbers.get(page, {}).get("")
            if numbers:
                link.insert(0, nodes.Text(f"{'.'.join(map(str, numbers))}. "))
            picture = next(self.env.get_doctree(page).findall(_is_drawing), None)
            if picture is not None:
                shown = picture.deepcopy()
                shown["alt"] = ""  # the link beside it says more
                item.insert(0, shown)


def _is_drawing(node):
    return isinstance(node, nodes.image) and node["uri"].endswith(".svg")


def setup(app):
    """Register with Sphinx."""
    app.add_directive("overview", Overview)
    app.add_post_transform(Cards)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
