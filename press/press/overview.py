"""A Sphinx extension: the directive `overview`, which makes cards of a list of pages.

Each item of the list is a link to a page, with the role `doc`, and what the page is worth in a sentence. Its card shows
the page's number, if it has one, and the first drawing on the page, without its letters and numbers, which would be too
small there. Of a tall drawing it shows the upper row. In an SVG of Matplotlib texts and ticks are groups with names, as
are the axes.
"""

import re
from pathlib import Path
from xml.etree import ElementTree

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
            pictures = [self.small(picture) for picture in self.env.get_doctree(page).findall(_is_drawing)]
            picture = next(filter(None, pictures), None)
            if picture:
                # The link beside it says more.
                item.insert(0, nodes.image("", uri=picture, candidates={"*": picture}, alt=""))

    def small(self, picture):
        """Write the small version of a picture, and return where; None if it has none."""
        uri = Path(picture["uri"])
        drawing = small(Path(self.env.srcdir, uri).read_text(encoding="utf-8"))
        if drawing is None:
            return None
        target = uri.with_name(f"{uri.stem}-small.svg").as_posix()
        Path(self.env.srcdir, target).write_text(drawing, encoding="utf-8")
        self.env.images.add_file(self.env.docname, target)
        return target


def _is_drawing(node):
    return isinstance(node, nodes.image) and node["uri"].endswith(".svg")


SVG = "http://www.w3.org/2000/svg"
LETTERS = re.compile("text_|xtick_|ytick_|legend_")
TALLEST = 1.25  # height over width
EDGE = 4  # around the axes, for what is drawn across their border


def small(drawing) -> str | None:
    """Return a drawing, SVG, without letters and cut to its axes, or to the upper ones; None if these are tall."""
    root = ElementTree.fromstring(drawing)
    for group in list(root.iter(f"{{{SVG}}}g")):
        for child in list(group):
            if LETTERS.match(child.get("id", "")):
                group.remove(child)
    left, top, width, height = map(float, root.get("viewBox", "").split())
    outlines = [axes.find(f"{{{SVG}}}g[@id]/{{{SVG}}}path") for axes in root.iter(f"{{{SVG}}}g") if _is_axes(axes)]
    boxes = [_box(outline) for outline in outlines if outline is not None]
    if boxes:
        left, top, width, height = _around(boxes)
        if height > TALLEST * width:
            upper = min(boxes, key=lambda box: box[1])
            left, top, width, height = _around([box for box in boxes if box[1] < upper[3]])
    if height > TALLEST * width:
        return None
    root.attrib |= {
        "viewBox": f"{left:g} {top:g} {width:g} {height:g}",
        "width": f"{width:g}pt",
        "height": f"{height:g}pt",
    }
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    return ElementTree.tostring(root, encoding="unicode")


def _box(outline):
    numbers = [float(number) for number in re.findall(r"[-\d.]+", outline.get("d", ""))]
    return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])


def _around(boxes):
    """Return the left and upper edge, width and height of what holds all boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    left, top = min(lefts) - EDGE, min(tops) - EDGE
    return left, top, max(rights) + EDGE - left, max(bottoms) + EDGE - top


def _is_axes(group):
    return group.get("id", "").startswith("axes_")


def setup(app):
    """Register with Sphinx."""
    app.add_directive("overview", Overview)
    app.add_post_transform(Cards)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
