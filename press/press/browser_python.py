"""A Sphinx extension: a page on which readers run Python, in their own browser and without a server.

The directive `python-page` puts a file of HTML into a page and loads a script of the book there, which imports
`python.js` and asks Python through it. In `_config.yml` the setting `browser_python` names the folder of such
`scripts`, the `packages` that come along, the modules to `leave`, and the `module` that answers.

The site serves all of it: Pyodide from `runtimes/pyodide/`, and the packages as they are installed, compiled by Node
with the same Pyodide. Where Node is missing the page gets the sources, and takes longer to start. The page has a
content security policy that allows the site's own files, WebAssembly, and nothing else.
"""

import base64
import gzip
import hashlib
import json
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from . import packing

HERE = Path(__file__).parent
RUNTIME = HERE / "runtimes" / "pyodide"
FOLDER = "python"  # of the site
AS_THEY_ARE = ("pyodide.mjs", "pyodide.asm.mjs")
INTERPRETER = "pyodide.asm.wasm"
LIBRARY, PACKAGES = "python_stdlib.zip", "packages.zip"
LEAST_NODE = 20
# What a page has no use for: other machines, other processes, terminals, tests, windows, and data of other kinds.
UNUSED_LIBRARY = (
    "_pyio", "_pyrepl/", "antigravity", "asyncio/proactor", "asyncio/windows", "bdb", "cProfile", "cmd.", "code.",
    "compileall", "configparser", "csv", "ctypes/macholib/", "curses/", "dbm/", "doctest", "email/", "encodings/",
    "ensurepip/", "filecmp", "ftplib", "getpass", "http/", "idlelib/", "imaplib", "ipaddress", "logging/config",
    "logging/handlers", "mailbox", "mimetypes", "modulefinder", "multiprocessing/", "netrc", "nturl2path", "optparse",
    "pdb", "pickletools", "plistlib", "poplib", "profile", "pstats", "pty", "py_compile", "pyclbr", "pydoc",
    "rlcompleter", "runpy", "sched", "shelve", "smtplib", "socketserver", "sqlite3/", "statistics", "symtable",
    "tabnanny", "tarfile", "this", "tkinter/", "tomllib/", "trace.", "tty", "turtle", "unittest/", "urllib/request",
    "urllib/robotparser", "uuid", "venv/", "wave", "webbrowser", "wsgiref/", "xml/", "xmlrpc/", "zipapp", "zoneinfo/",
)  # fmt: skip
USED_ENCODINGS = {f"encodings/{name}.py" for name in ("__init__", "aliases", "ascii", "cp437", "latin_1", "utf_8")}
TESTS = re.compile(r"(^|/)(tests?|benchmarks)/")

logger = logging.getLogger(__name__)


class python_page(nodes.General, nodes.Element):  # docutils writes its nodes so
    """The HTML in the attribute `html`, and the name of the `script` that makes it live."""


class PythonPage(SphinxDirective):
    """`{python-page} FILE.html`: the file's content, and the book's script of the same name."""

    required_arguments = 1

    def run(self):
        """Return the node, and let the page depend on the file."""
        relative, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(relative)
        return [python_page(html=Path(path).read_text(encoding="utf-8"), script=f"{Path(path).stem}.js")]


def visit(translator, node):
    """Write the HTML and the address of the script, which finds Python's files by its own address."""
    up = "../" * translator.builder.current_docname.count("/")
    translator.body.append(f'{node["html"]}<span hidden data-module="{up}_static/{node["script"]}"></span>\n')
    raise nodes.SkipNode


def policy() -> str:
    """Return what such a page may load and run."""
    layout = (HERE / "templates" / "layout.html").read_text(encoding="utf-8")
    inline = re.findall(r"<script>(.*?)</script>", layout, flags=re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in inline)
    hashes = " ".join(f"'sha256-{each}'" for each in digests)
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'wasm-unsafe-eval' {hashes}",
            "worker-src blob:",  # a worker from a blob keeps to the policy of its page, one from a file does not
            "connect-src 'self'",
            "style-src 'self'",
            "style-src-attr 'unsafe-inline'",  # of formulas
            "font-src 'self'",
            "img-src 'self' data:",
            "base-uri 'none'",
            "form-action 'self'",
        ]
    )


def add_policy(app, pagename, templatename, context, doctree):
    """Tell the template of a page that runs Python its policy, and load the book's style sheet for it."""
    pages = list(doctree.findall(python_page)) if doctree is not None else []
    for page in pages:
        context["policy"] = policy()
        app.add_css_file(page["script"].replace(".js", ".css"))


class Packing:
    """The archives of a build, made beside it in a process of their own and kept under the hash of what is in them."""

    def __init__(self, kept, packages, leave):
        sources = {LIBRARY: library(), PACKAGES: modules(packages, leave)}
        node = node_program()
        self.is_compiled, self.folder, self._process = bool(node), kept / mark(sources, bool(node)), None
        if not (self.folder / "done").is_file():
            shutil.rmtree(kept, ignore_errors=True)
            self.folder.mkdir(parents=True)
            self._begin(node, sources)

    def _begin(self, node, sources):
        if not node:
            for name, files in sources.items():
                packing.write(self.folder / name, files)
                packing.compress(self.folder / name)
            return
        for name, files in sources.items():
            packing.write(self.folder / f"source-{name}", files)
        unpack_runtime(self.folder / "runtime")
        command = [node, HERE / "pack.mjs", self.folder / "runtime", self.folder, *sources]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        self._process = subprocess.Popen(command, text=True, **pipes)

    def result(self) -> dict:
        """Return the paths of the archives by their names in the browser, once they are there."""
        if self._process is not None:
            said, _ = self._process.communicate()
            if self._process.returncode:
                raise ExtensionError(f"the packages for the browser cannot be compiled: {said[-2000:]}")
        (self.folder / "done").touch()
        return {name: self.folder / f"{name}.gz" for name in (LIBRARY, PACKAGES)}

    def end(self):
        """Leave no process behind when the build fails."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def mark(sources, is_compiled) -> str:
    """Return a hash of all that the archives are made of, and of how."""
    found = hashlib.sha256(f"{is_compiled}".encode())
    for path in (HERE / "packing.py", HERE / "pack.mjs", RUNTIME / "SHA256SUMS"):
        found.update(path.read_bytes())
    for files in sources.values():
        for name, content in sorted(files.items()):
            found.update(f"\n{name} {len(content)}\n".encode() + content)
    return found.hexdigest()[:16]


def node_program() -> str | None:
    """Return the path of a Node that is new enough, None if there is none."""
    node = shutil.which("node")
    if node is None:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)", version)
    return node if found and int(found[1]) >= LEAST_NODE else None


def unpack_runtime(target):
    """Write Pyodide's files as Node needs them."""
    target.mkdir()
    for name in (*AS_THEY_ARE, LIBRARY):
        shutil.copyfile(RUNTIME / name, target / name)
    (target / INTERPRETER).write_bytes(gzip.decompress((RUNTIME / f"{INTERPRETER}.gz").read_bytes()))


def library() -> dict:
    """Return the sources of Python's own library that a page may need."""
    files = packing.read(RUNTIME / LIBRARY)
    return {name: text for name, text in files.items() if name in USED_ENCODINGS or not name.startswith(UNUSED_LIBRARY)}


def modules(packages, leave) -> dict:
    """Return the files of the packages: the one whose wheel is in the runtime from there, the others as installed."""
    left = tuple(f"{name.replace('.', '/')}{end}" for name in leave for end in ("/", ".py"))
    wheels = {path.name.split("-")[0]: path for path in RUNTIME.glob("*.whl")}
    files = {}
    for name in packages:
        files |= unpacked(wheels[name]) if name in wheels else installed(name)
    return {name: content for name, content in files.items() if not TESTS.search(name) and not name.startswith(left)}


def installed(name) -> dict:
    """Return the modules of an installed package, and its stubs: a lazy package reads its names in them."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ExtensionError(f"browser_python: packages: {name} is not an installed package")
    root = Path(spec.submodule_search_locations[0])
    paths = sorted([*root.rglob("*.py"), *root.rglob("*.pyi")])
    return {path.relative_to(root.parent).as_posix(): path.read_bytes() for path in paths}


def unpacked(wheel) -> dict:
    """Return the modules of a wheel."""
    return {name: content for name, content in packing.read(wheel).items() if name.endswith((".py", ".so"))}


def begin(app):
    """Start to compile, if pages of the book run Python."""
    settings, app.press_packing = app.config.browser_python, None
    if app.builder.name == "html" and settings and Path(app.srcdir, settings["scripts"]).is_dir():
        kept = app.outdir.parent / ".python"
        app.press_packing = Packing(kept, settings["packages"], settings.get("leave", []))


def write_python(app, exception):
    """Write Pyodide, the archives and the list of all of them to the site."""
    packing_ = app.press_packing
    if packing_ is None:
        return
    if exception is not None:
        packing_.end()
        return
    target = app.outdir / FOLDER
    target.mkdir(exist_ok=True)
    compressed = {INTERPRETER: RUNTIME / f"{INTERPRETER}.gz", **packing_.result()}
    for name in AS_THEY_ARE:
        shutil.copyfile(RUNTIME / name, target / name)
    for path in compressed.values():
        shutil.copyfile(path, target / path.name)
    plain = sum(len(gzip.compress((RUNTIME / name).read_bytes(), 6)) for name in AS_THEY_ARE)
    manifest = {
        "module": app.config.browser_python["module"],
        "version": (RUNTIME / "VERSION").read_text(encoding="utf-8").strip(),
        "compiled": packing_.is_compiled,
        "size": plain + sum(path.stat().st_size for path in compressed.values()),  # on its way, compressed
        "files": {name: listed(path) for name, path in compressed.items()},
    }
    (target / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    if not packing_.is_compiled:
        logger.info("no Node: pages that run Python get its sources, and take longer to start")


def listed(path) -> dict:
    """Return what the page has to know of a file."""
    content = path.read_bytes()
    return {"file": path.name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def bring_assets(app, config):
    """Add the scripts and styles of the book's pages that run Python."""
    scripts = config.browser_python.get("scripts")
    if scripts and Path(app.srcdir, scripts).is_dir():
        config.html_static_path.append(scripts)  # only now: those named before, Jupyter Book loads on every page


def setup(app):
    """Register with Sphinx."""
    app.add_config_value("browser_python", {}, "html", dict)
    app.add_node(python_page, html=(visit, None))
    app.add_directive("python-page", PythonPage)
    app.connect("config-inited", bring_assets)
    app.connect("builder-inited", begin)
    app.connect("html-page-context", add_policy)
    app.connect("build-finished", write_python)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
