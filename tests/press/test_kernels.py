"""Kernels that are forks of a process with imported modules: they know them, record what was read, and end with it."""

import asyncio
import sys
import time

import nbformat
import pytest
from nbclient import NotebookClient

from press import kernels

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not kernels.CAN_FORK, reason="kernels are no forks here")]
MODULE = "plistlib"  # which no kernel imports by itself


async def executed(nursery, folder, *cells, after=None):
    """Return what the last of these cells printed, in a new kernel, and the records of its processes."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    with kernels.recorded() as (environment, records):
        client = NotebookClient(
            notebook,
            kernels.manager("python3", environment, nursery),
            resources={"metadata": {"path": str(folder)}},
            timeout=60,
        )
        await client.async_execute(env=environment, cleanup_kc=True)
        return "".join(output.get("text", "") for output in notebook.cells[-1].outputs), records()


@pytest.mark.parametrize("modules", [[MODULE], []])
def test_modules_are_there_exactly_if_they_were_asked_for(tmp_path, modules):
    with kernels.nursery(modules) as (nursery, _):
        cell = f"import sys, os\nprint({MODULE!r} in sys.modules, os.environ['PYTHONHASHSEED'], os.getcwd())"
        said, _ = asyncio.run(executed(nursery, tmp_path, cell))
    assert said.split() == [str(bool(modules)), "0", str(tmp_path)]


def test_what_the_nursery_read_and_what_its_kernels_read_is_recorded(tmp_path, monkeypatch):
    (tmp_path / "preloaded.py").write_text("x = 1")
    (tmp_path / "data.txt").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with kernels.nursery(["preloaded"]) as (nursery, preread):
        _, records = asyncio.run(executed(nursery, tmp_path, "open('data.txt').close()"))
        assert ("file", str(tmp_path / "preloaded.py"), None) in preread()
        assert ("file", str(tmp_path / "data.txt"), None) in records
        _, others = asyncio.run(executed(nursery, tmp_path, "1"))
        assert ("file", str(tmp_path / "data.txt"), None) not in others


def test_a_kernel_ends_when_the_nursery_is_killed(tmp_path):
    with kernels.nursery([MODULE]) as (nursery, _), kernels.recorded() as (environment, _):
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", environment["TMPDIR"] + "/kernel.json"]
        kernel = kernels.Forked(nursery.fork(command, environment, tmp_path))
        time.sleep(2)  # it has begun
        assert kernel.poll() is None
        nursery.process.kill()
        deadline = time.monotonic() + 30
        while kernel.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        assert kernel.poll() == 0


def test_a_module_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RuntimeError, match="book_preload"), kernels.nursery(["no_such_module"]) as (nursery, _):
        asyncio.run(executed(nursery, tmp_path, "1"))


@pytest.mark.parametrize("how", ["terminate", "kill"])
def test_a_kernel_can_be_ended(tmp_path, how):
    with kernels.nursery([MODULE]) as (nursery, _), kernels.recorded() as (environment, _):
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", environment["TMPDIR"] + "/kernel.json"]
        kernel = kernels.Forked(nursery.fork(command, environment, tmp_path))
        getattr(kernel, how)()
        deadline = time.monotonic() + 30
        while kernel.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        with pytest.raises(ProcessLookupError):  # which Jupyter ignores
            getattr(kernel, how)()
