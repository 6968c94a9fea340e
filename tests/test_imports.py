"""Every import is of a declared dependency, and the wheel alone can be imported with no more than those."""

import ast
import functools
import os
import subprocess
import sys
import tomllib
import venv
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from book import ROOT

PROJECTS = {"exactzeros": ROOT, "press": ROOT / "press"}


@functools.cache
def providers():
    """Return the installed projects that provide each package; all of their files are read for it."""
    return metadata.packages_distributions()


def declared(project, *extras):
    """Return the names that a project declares, with those of the extras."""
    table = tomllib.loads((PROJECTS[project] / "pyproject.toml").read_text())["project"]
    optional = table.get("optional-dependencies", {})
    texts = [*table["dependencies"], *(text for extra in extras for text in optional[extra])]
    return {canonicalize_name(Requirement(text).name) for text in texts}


def extras(project):
    """Return the names of a project's extras."""
    return tomllib.loads((PROJECTS[project] / "pyproject.toml").read_text())["project"]["optional-dependencies"]


def sources(project):
    """Return the modules of a project."""
    folder = ROOT / "src" / "exactzeros" if project == "exactzeros" else ROOT / "press" / "press"
    return sorted(folder.rglob("*.py"))


def imported(path):
    """Return the top packages that a module imports, at whatever depth; its own package left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("project", PROJECTS)
def test_every_import_is_declared(project):
    allowed = declared(project, *extras(project))
    undeclared = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in sources(project)
        for name in imported(path)
        if name not in sys.stdlib_module_names
        and name not in (project, "sitecustomize")
        and not allowed & {canonicalize_name(provider) for provider in providers().get(name, [name])}
    }
    assert undeclared == set()


def closure(names):
    """Return the names of the installed packages that these need, directly or through others; and their own."""
    found, due = set(), list(names)
    while due:
        name = canonicalize_name(due.pop())
        if name in found:
            continue
        found.add(name)
        for text in metadata.distribution(name).requires or []:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                due.append(requirement.name)
    return found


@pytest.mark.parametrize("extra", [None, *extras("exactzeros")])
def test_the_wheel_alone_imports_with_what_is_declared(extra, distribution, tmp_path):
    """The modules that need an extra, `book`, `torch` and `optax`, import with it, and all others without any."""
    names = declared("exactzeros", *filter(None, [extra]))
    try:
        needed = closure(names)
    except ModuleNotFoundError as missing:
        pytest.skip(f"the extra {extra} is not installed here: {missing}")
    venv.create(tmp_path / "venv", symlinks=True)
    (packages,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    for name in needed:
        for top in {file.parts[0] for file in metadata.distribution(name).files} - {"..", "__pycache__"}:
            if not (packages / top).exists():
                (packages / top).symlink_to(metadata.distribution(name).locate_file(top))
    (wheel,) = distribution.glob("*.whl")
    install = ["-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", tmp_path / "alone", wheel]
    subprocess.run([sys.executable, *install], check=True)
    modules = [".".join(path.relative_to(ROOT / "src").with_suffix("").parts) for path in sources("exactzeros")]
    others = extras("exactzeros").keys() - {extra}  # `book`, `torch` and `optax` are modules too
    wanted = [name.removesuffix(".__init__") for name in modules if name.split(".")[1] not in others]
    code = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
    others = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV_"))}
    done = subprocess.run(
        [tmp_path / "venv" / "bin" / "python", "-c", code, *wanted],
        cwd=tmp_path,
        env={**others, "PYTHONPATH": str(tmp_path / "alone")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
