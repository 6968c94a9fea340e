"""The picture that other sites show with a link to a page: its title, and a figure of the page, 1200 x 630 pixels.

The title is drawn as outlines of the site's own font, so that the picture is the same on every machine.
"""

from base64 import b64encode
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import resvg_py
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts" / "text"
SUFFIXES = (".svg", ".png")  # of the pictures that can be in it
WIDTH, HEIGHT, EDGE = 1200, 630, 60
COLUMN = 500  # the width of the title beside a figure
INK, QUIET, GROUND, LINE = "#1f2328", "#57606a", "#ffffff", "#0b5cad"


@cache
def font(name) -> TTFont:
    """Return one of the site's fonts."""
    return TTFont(FONTS / f"{name}.woff2")


def glyphs(text, face):
    """Return the names of a text's glyphs; a character that the font lacks is left out."""
    characters = face.getBestCmap()
    return [characters[ord(each)] for each in text if ord(each) in characters]


def width(text, name, size) -> float:
    """Return the width of a line of text."""
    face = font(name)
    outlines = face.getGlyphSet(location={"wght": 700})
    return sum(outlines[each].width for each in glyphs(text, face)) * size / face["head"].unitsPerEm


def line(text, name, size, x, y, color, weight) -> str:
    """Return a line of text as a path that begins at a point of its baseline."""
    face = font(name)
    outlines, scale = face.getGlyphSet(location={"wght": weight}), size / face["head"].unitsPerEm
    pen = SVGPathPen(outlines, ntos=lambda number: f"{number:.1f}")
    for each in glyphs(text, face):
        outlines[each].draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
        x += outlines[each].width * scale
    return f'<path fill="{color}" d="{pen.getCommands()}"/>'


def lines(text, name, size, most) -> list[str]:
    """Return the lines of a text, none wider than `most` unless a word is.

    Examples
    --------
    >>> lines("one two three", "serif", 60, 250)
    ['one two', 'three']
    """
    found = [""]
    for word in text.split():
        together = f"{found[-1]} {word}".strip()
        if width(together, name, size) <= most or not found[-1]:
            found[-1] = together
        else:
            found.append(word)
    return found


def figure(path, box) -> str:
    """Return a picture from a file, SVG or PNG, as large as fits into a box of x, y, width and height."""
    place = {name: str(value) for name, value in zip(("x", "y", "width", "height"), box, strict=True)}
    if path.suffix == ".svg":
        root = ElementTree.parse(path).getroot()
        root.attrib.update(place)
        return ElementTree.tostring(root, encoding="unicode")
    data = f"data:image/png;base64,{b64encode(path.read_bytes()).decode()}"
    return ElementTree.tostring(ElementTree.Element("image", place | {"href": data}), encoding="unicode")


def drawing(title, book, picture=None) -> str:
    """Return the picture as SVG; `picture` is the file of a figure."""
    most = COLUMN if picture else WIDTH - 2 * EDGE
    sizes = (72, 64, 56, 48)
    fits = [size for size in sizes if max(width(word, "serif", size) for word in title.split()) <= most]
    size = next((size for size in fits if len(lines(title, "serif", size, most)) <= 5), sizes[-1])
    parts = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{GROUND}"/>']
    parts += [f'<rect x="{EDGE}" y="{EDGE}" width="96" height="10" fill="{LINE}"/>']
    for number, text in enumerate(lines(title, "serif", size, most)):
        parts.append(line(text, "serif", size, EDGE, EDGE + 60 + size + number * 1.2 * size, INK, 700))
    if title != book:
        parts.append(line(book, "sans", 32, EDGE, HEIGHT - EDGE, QUIET, 400))
    if picture:
        left = 2 * EDGE + COLUMN - 20
        parts.append(figure(Path(picture), (left, EDGE - 20, WIDTH - left - EDGE + 20, HEIGHT - 2 * EDGE + 40)))
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{"".join(parts)}</svg>'


def png(title, book, picture=None) -> bytes:
    """Return the picture as PNG."""
    return bytes(resvg_py.svg_to_bytes(svg_string=drawing(title, book, picture), skip_system_fonts=True))
