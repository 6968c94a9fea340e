"""A small book, built like the real one, whose builds the tests break."""

import filecmp
import gc
import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

from click.testing import CliRunner

DATE = {"SOURCE_DATE_EPOCH": "1767225600"}
CONFIG = """\
title: Small
execute: {execute_notebooks: cache, timeout: 60, stderr_output: error}
sphinx:
  config:
    html_theme: basic
    nb_execution_raise_on_error: true
    extensions: [jupyter_book, myst_nb, sphinx_external_toc, sphinx_comments, sphinx_book_theme,
                 press.execution, press.atomic, press.backlinks, press.downloads,
                 press.markup, press.mathml]
    html_math_renderer: mathml
  recursive_update: false
"""
PAGE = """\
---
kernelspec: {{name: python3, display_name: Python 3}}
jupytext: {{text_representation: {{extension: .md, format_name: myst}}}}
---
# {title}

{prose}

```{{code-cell}}
{cell}
```
"""
CELLS = {
    "index": "print('index says', 6 * 7)",
    "reads": "print('file says', open('data.txt').read())",
    "lists": "from pathlib import Path\nprint('folder has', sorted(each.name for each in Path('folder').iterdir()))",
}


class SmallBook:
    """A book of a few pages in a folder."""

    def __init__(self, folder):
        self.folder = Path(folder) / "book"
        (self.folder / "folder").mkdir(parents=True)
        (self.folder / "data.txt").write_text("one")
        (self.folder / "_config.yml").write_text(CONFIG)
        toc = "".join(f"- file: {name}\n" for name in (*CELLS, "prose") if name != "index")
        (self.folder / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n{toc}")
        (self.folder / "prose.md").write_text(
            "# Prose\n\nNo code here, but $x^2$, and a list:\n\n| a | b |\n| - | - |\n| 1 | 2 |\n"
        )
        for name in CELLS:
            self.page(name)

    def page(self, name, cell=None, prose="Some prose."):
        """Write a page."""
        text = PAGE.format(title=name.title(), prose=prose, cell=cell or CELLS[name])
        (self.folder / f"{name}.md").write_text(text)

    def build(self):
        """Build in a separate process; return whether it succeeded, the names of the pages that ran, and the output."""
        process = self.start()
        printed, _ = process.communicate()
        return process.returncode == 0, pages_that_ran(printed), printed

    def build_here(self):
        """Build in this process, which has imported most of what it needs, and return the same."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # from Jupyter Book and its dependencies; a normal build hides them too
            from jupyter_book.cli.main import main

            gc.freeze()  # sphinx-external-toc looks at every object, and fails at a proxy of one that is gone
            result = CliRunner(env=DATE).invoke(main, ["build", str(self.folder)])
            gc.unfreeze()
            gc.collect()  # now: they leave event loops and sockets open
        return result.exit_code == 0, pages_that_ran(result.output), result.output

    def start(self):
        """Start a build in a separate process."""
        command = [Path(sys.executable).with_name("jupyter-book"), "build", self.folder]
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        return subprocess.Popen(command, env={**os.environ, **DATE}, start_new_session=True, **streams)

    def killed(self, after):
        """Start a build, and kill it and all its child processes after so many seconds."""
        process = self.start()
        time.sleep(after)
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it had already ended
        process.communicate()

    @property
    def site(self):
        """The folder of the built pages."""
        return self.folder / "_build" / "html"

    def shows(self, name):
        """Return the text of a built page."""
        return (self.site / f"{name}.html").read_text()


def pages_that_ran(printed):
    """Return the names of the pages that ran, from the output of a build."""
    return {line.split()[1] for line in printed.splitlines() if line.startswith("ran ")}


def differences(one, other):
    """Return the names of files that only one of two folders has, or that differ."""
    compared = filecmp.dircmp(one, other, ignore=[])
    files = set(compared.common_files)
    _, *unequal = filecmp.cmpfiles(one, other, files, shallow=False)
    found = [*compared.left_only, *compared.right_only, *unequal[0], *unequal[1]]
    for name in compared.common_dirs:
        found += differences(Path(one, name), Path(other, name))
    return found
