"""Kernels whose processes record what they read, and which start with the modules that many pages import.

A separate process, the nursery, imports the modules listed as `book_preload` in `_config.yml`, and each kernel is a
fork of it. So these imports take time only once, not for each page. Whatever the nursery has read counts as read by
each page.
"""

import ast
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path

from jupyter_client import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

from .recorder import sitecustomize as recorder

# One thread per kernel: there is a kernel for each processor, and sums must not depend on their number. The hash seed
# fixes the order of sets of strings.
SAME_EVERYWHERE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {
    "PYTHONHASHSEED": "0"
}
CAN_FORK = sys.platform == "linux"  # other systems have no forks, or libraries that do not survive them


@contextmanager
def recorded():
    """Yield an environment whose processes record what they read, and a function that returns the records so far.

    Their temporary files are deleted at the end, and are not recorded.
    """
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder, "record")
        path = os.pathsep.join(filter(None, [str(Path(recorder.__file__).parent), os.environ.get("PYTHONPATH")]))
        places = {"PYTHONPATH": path, "TMPDIR": folder, recorder.VARIABLE: str(record)}

        def records():
            lines = record.read_text(encoding="ascii").splitlines() if record.exists() else []
            return [each for each in map(ast.literal_eval, lines) if folder not in each[1]]

        yield {**os.environ, **SAME_EVERYWHERE, **places}, records


@contextmanager
def nursery(modules):
    """Yield a nursery with these modules, or None if there can be none, and a function that returns its records."""
    if not modules or not CAN_FORK:
        yield None, list
        return
    with recorded() as (environment, records):
        made = Nursery(modules, environment, environment.pop(recorder.VARIABLE))
        try:
            yield made, records
        finally:
            made.close()


class Nursery:
    """A process that has imported modules and forks on request; the file `record` lists what it has read."""

    def __init__(self, modules, environment, record):
        ours, its = socket.socketpair()
        command = [sys.executable, "-P", "-m", __name__, str(its.fileno()), str(record), *modules]
        self.process = subprocess.Popen(
            command, env=environment, pass_fds=[its.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
        )
        its.close()
        self.stream = ours.makefile("rw", encoding="utf-8")
        ours.close()

    def fork(self, command, environment, folder) -> int:
        """Start a kernel with a command line, an environment and a folder; return the id of its process."""
        with suppress(ConnectionError):
            print(json.dumps([command, environment, str(folder)]), file=self.stream, flush=True)
            if process := self.stream.readline():
                return int(process)
        raise RuntimeError("the process that imports what `book_preload` in _config.yml names has failed, see above")

    def close(self):
        """End the process, after its kernels have ended."""
        self.stream.close()
        self.process.wait()


class Forked:
    """A process that the nursery forked, with the methods of `Popen` that Jupyter needs."""

    stdin = stdout = stderr = None

    def __init__(self, pid):
        self.pid = pid

    def poll(self):
        """Return 0 if the process has ended, otherwise None."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0

    wait = poll  # Jupyter waits only for processes that have ended

    def send_signal(self, number):
        """Send a signal."""
        os.kill(self.pid, number)

    def terminate(self):
        """Ask the process to end; Jupyter expects a `ProcessLookupError` if it has ended."""
        self.send_signal(signal.SIGTERM)

    def kill(self):
        """End the process."""
        self.send_signal(signal.SIGKILL)


class Provisioner(LocalProvisioner):
    """Starts a Jupyter kernel as a fork of the nursery."""

    nursery = None

    async def launch_kernel(self, cmd, *, env, cwd, **_):
        """Start the kernel."""
        self.pid = self.pgid = self.nursery.fork(cmd, env, cwd)
        self.process, self.cwd = Forked(self.pid), cwd
        return self.connection_info


def manager(kernel, environment, nursery) -> AsyncKernelManager:
    """Return the manager of a new kernel of that name: a fork of the nursery, if there is one for this Python."""
    made = AsyncKernelManager(kernel_name=kernel, connection_file=str(Path(environment["TMPDIR"], "kernel.json")))
    if nursery and made.ipykernel and made.format_kernel_cmd()[0] == sys.executable:
        made.kernel_id = str(uuid.uuid4())
        made.provisioner = Provisioner(kernel_id=made.kernel_id, kernel_spec=made.kernel_spec, parent=made)
        made.provisioner.nursery = nursery
    return made


def forget_ended(*_):
    """Reap kernels that have ended; nobody needs their exit codes."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def main(descriptor, record, *modules):
    """Import the modules, then fork once for each line of input."""
    recorder.start(record)
    from ipykernel import kernelapp

    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # as in every kernel
    for name in modules:
        importlib.import_module(name)
    gc.freeze()  # so that the kernels share memory
    signal.signal(signal.SIGCHLD, forget_ended)
    with socket.socket(fileno=int(descriptor)) as connection, connection.makefile("rw", encoding="utf-8") as stream:
        while line := stream.readline():
            if os.fork() == 0:
                os.setsid()
                print(os.getpid(), file=stream, flush=True)
                break
        else:
            return
    command, environment, folder = json.loads(line)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    recorder.start(os.environ[recorder.VARIABLE])
    sys.argv = command
    ends_with_the_nursery = f"--IPKernelApp.parent_handle={os.getppid()}"
    kernelapp.launch_new_instance(argv=[*command[command.index("-f") :], ends_with_the_nursery])


if __name__ == "__main__":
    main(*sys.argv[1:])
