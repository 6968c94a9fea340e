"""The Sphinx extension `press`: turns a Jupyter Book into a site, whatever the book is about."""

from pathlib import Path

HERE = Path(__file__).parent
EXTENSIONS = ("atomic", "backlinks", "downloads", "execution", "folds", "live", "markup", "mathml", "publishing")


def bring_assets(app, config):
    """Add the press's templates, style sheets, scripts and fonts to the book's own files."""
    config.templates_path.append(str(HERE / "templates"))
    config.html_static_path += [str(HERE / "styles"), str(HERE / "scripts")]
    config.html_extra_path += [str(HERE / "fonts")]


def setup(app):
    """Register all parts of the press with Sphinx."""
    for name in EXTENSIONS:
        app.setup_extension(f"press.{name}")
    app.connect("config-inited", bring_assets)
    app.add_css_file("book.css")
    app.add_js_file("book.js")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
