"""A time limit for symbolic computations: SymPy can run for minutes where no answer exists."""

import ctypes
import gc
import threading
import time
from functools import cached_property, wraps

from ..errors import UndecidedError

SECONDS = 8.0
PATIENCE = 5  # on a busy machine a second of computing takes longer


class OutOfTime(SystemExit):
    """Raised inside a computation whose time is up; no `except Exception` swallows it, and no thread reports it."""


def within_time(compute, *args, seconds=None):
    """Return `compute(*args)`, or raise `TimeoutError` once it has run for `seconds`, by default `SECONDS`.

    Seconds are processor time of this process, so that an answer does not depend on what else the machine does; a
    computation that waits is given `PATIENCE` times as long on the clock.

    The computation runs in a thread of its own and is stopped there by an exception between two bytecodes,
    so it works in any thread of the caller (also inside another limit), in notebooks, and on every platform.

    Examples
    --------
    >>> within_time(lambda x: x + 1, 1)
    2
    """
    seconds = SECONDS if seconds is None else seconds
    outcome = _outcome(compute, args, seconds)
    if "value" in outcome:
        return outcome["value"]
    if "error" in outcome:
        try:
            raise outcome["error"]
        finally:
            outcome.clear()  # else the error, its traceback and this frame would keep each other alive
    raise TimeoutError(f"no answer within {seconds:g} s")


def _outcome(compute, args, seconds):
    outcome, running = {}, threading.Lock()  # an Event could be left locked by the exception that stops the computation

    def run():
        try:
            outcome["value"] = compute(*args)
        except OutOfTime:
            pass
        except Exception as error:
            outcome["error"] = error
        finally:
            running.release()

    worker, finished = threading.Thread(target=run, daemon=True), False
    running.acquire()
    worker.start()
    try:
        computed, waited = time.process_time() + seconds, time.monotonic() + PATIENCE * seconds
        while not finished and time.process_time() < computed and time.monotonic() < waited:
            finished = running.acquire(timeout=0.05)  # for short, so that an outer limit or Ctrl-C gets through
    finally:
        if not finished:
            _stop(worker, running)
    return outcome


def _stop(worker, running):
    collecting = gc.isenabled()
    gc.disable()  # an exception inside a callback of the garbage collector would be lost
    try:
        finished = running.acquire(timeout=0.05)
        for _ in range(2):  # one inside a destructor is lost, too
            if not finished:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident), ctypes.py_object(OutOfTime))
                finished = running.acquire(timeout=1.0)
    finally:
        if collecting:
            gc.enable()


def derived(method):
    """A cached property that is derived within the time limit, `UndecidedError` where that is not enough."""

    @wraps(method)
    def compute(self):
        try:
            return within_time(method, self)
        except (TimeoutError, RecursionError) as error:
            raise UndecidedError(f"{method.__name__.strip('_')} of {self}: {error}") from error

    return cached_property(compute)
