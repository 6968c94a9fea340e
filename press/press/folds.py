"""A Sphinx extension: below a statement a fold that shows what a record says about it, such as its formal version.

`statement_records` in `_config.yml` lists the records: the `file` of each, the `title` of its folds, the `language` of
its texts, and `words`, files with the definitions. A record is a JSON file: `files` holds the SHA-256 of files beside
it, and `sentences` is a list whose entries have the `label` of a statement, the `text` of a sentence about it, its
`file`, and its `scope` in words or "". A build fails if a file is not as recorded. The site offers the files.
"""

import hashlib
import json
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import download_reference
from sphinx.errors import ExtensionError
from sphinx_proof.nodes import NODE_TYPES


class fold(nodes.container):  # docutils names its nodes in lower case
    """What is shown on demand; the attribute `title` opens it."""


def load(path) -> dict:
    """Return the record in a file.

    Raises
    ------
    ExtensionError
        If a file beside it has changed since it was recorded, or has gone. The message names it.
    """
    path = Path(path)
    record = json.loads(path.read_text(encoding="utf-8"))
    for name, recorded in record["files"].items():
        file = path.with_name(name)
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != recorded:
            raise ExtensionError(f"{file.name} is not as {path.name} has recorded it")
    return record


def add_folds(app, doctree):
    """Add to every statement of a page a fold for each record that has a sentence about it."""
    statements = [each for kind in NODE_TYPES.values() for each in doctree.findall(kind)]
    for setting in app.config.statement_records if statements else []:
        app.env.note_dependency(setting["file"])
        record = load(Path(app.srcdir, setting["file"]))
        for statement in statements:
            about = [each for each in record["sentences"] if each["label"] == statement["label"]]
            if about:
                statement += _fold(about, setting, app.env.docname)


def _fold(sentences, setting, docname):
    code = "\n\n".join(sentence["text"] for sentence in sentences)
    block = nodes.literal_block(code, code, language=setting["language"])
    found = fold("", block, title=setting["title"], classes=["fold", "hide"])
    for scope in dict.fromkeys(sentence["scope"] for sentence in sentences if sentence["scope"]):
        found += nodes.paragraph("", f"Scope: {scope}")
    found += nodes.paragraph("", "In full: ")
    files = [sentence["file"] for sentence in sentences] + setting.get("words", [])
    for name in dict.fromkeys(files):
        target = "/" + Path(setting["file"]).with_name(name).as_posix()
        link = download_reference("", "", nodes.literal("", name), refdoc=docname, reftarget=target, reftype="download")
        found[-1].extend([link, nodes.Text(" ")])
    return found


def visit(translator, node):
    """Begin a fold."""
    translator.body.append(translator.starttag(node, "details"))
    translator.body.append(f"<summary>{translator.encode(node['title'])}</summary>\n")


def depart(translator, node):
    """End a fold."""
    translator.body.append("</details>\n")


def setup(app):
    """Register with Sphinx."""
    app.add_config_value("statement_records", [], "env", list)
    app.add_node(fold, html=(visit, depart))
    app.connect("doctree-read", add_folds, priority=400)  # before Sphinx collects the files to download
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
