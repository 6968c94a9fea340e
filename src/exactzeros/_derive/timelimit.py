"""A time limit for symbolic computations: SymPy can run for minutes when there is no answer."""

import ctypes
import gc
import math
import sys
import threading
import time
from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any, TypeVar

from ..errors import UndecidedError

SECONDS = 8.0
PATIENCE = 5  # on a busy machine a second of computing takes longer
SLOWNESS = 4  # and so does a computation in a browser

Answer = TypeVar("Answer")


class OutOfTime(SystemExit):
    """Raised inside a computation whose time is up; no `except Exception` swallows it, and no thread reports it."""


def within_time(compute, *args, seconds=None):
    """Return `compute(*args)`, or raise `TimeoutError` once it has run for `seconds`, by default `SECONDS`.

    Seconds are processor time of this process, so that an answer does not depend on the machine's other work. A
    computation that waits has `PATIENCE` times as long on the clock.

    The computation runs in a separate thread and is stopped there by an exception between two bytecodes. So it works in
    any thread of the caller, inside another limit, in notebooks, and on every platform. Python in a browser has no
    threads; there the page raises the alarm (`use_alarm`).

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
            outcome.clear()  # otherwise the error, its traceback and this frame would keep each other alive
    raise TimeoutError(f"no answer within {seconds:g} s")


def _outcome(compute, args, seconds):
    if _host.alarm is not None or sys.platform == "emscripten":
        return _outcome_in_place(compute, args, SLOWNESS * seconds)
    outcome, running = {}, threading.Lock()  # the exception that stops the computation could leave an Event locked

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
            finished = running.acquire(timeout=0.05)  # briefly, so that an outer limit or Ctrl-C gets through
    finally:
        if not finished:
            _stop(worker, running)
    return outcome


class _Host:
    """Stops computations where there are no threads: `alarm(seconds)`, and the limits of those that are running."""

    alarm = None
    limits: tuple["_Limit", ...] = ()  # the outer ones first

    def set_alarm(self):
        if self.alarm is not None:
            self.alarm(min((limit.end for limit in self.limits), default=math.inf) - time.monotonic())


class _Limit:
    def __init__(self, seconds):
        self.end, self.is_over = time.monotonic() + seconds, False


_host = _Host()


def use_alarm(alarm):
    """Run computations in the caller's own thread, and let Python's host stop them.

    Parameters
    ----------
    alarm : function or None
        `alarm(seconds)` makes the host call `ring` after so many seconds, by a signal. It replaces the previous alarm;
        `alarm(inf)` sets none. With None there is no host: computations run in threads, if there are any.
    """
    _host.alarm = alarm


def ring(*_):
    """Handle the host's signal: end the outermost computation whose time is up."""
    now = time.monotonic()
    late = next((limit for limit in _host.limits if now >= limit.end), None)
    if late is not None:
        late.is_over, late.end = True, now + 0.1  # again, in case a destructor has lost the exception
    _host.set_alarm()
    if late is not None:
        raise OutOfTime


def _outcome_in_place(compute, args, seconds):
    outcome, outer = {}, _host.limits
    _host.limits = (*outer, _Limit(seconds))
    try:
        _host.set_alarm()
        outcome["value"] = compute(*args)
    except OutOfTime:
        if any(limit.is_over for limit in outer):
            raise
    except Exception as error:
        outcome["error"] = error
    finally:
        _host.limits = outer
        _host.set_alarm()
    return outcome


def _stop(worker, running):
    collecting, report = gc.isenabled(), sys.unraisablehook
    gc.disable()  # an exception inside a callback of the garbage collector would be lost
    sys.unraisablehook = lambda lost: None if lost.exc_type is OutOfTime else report(lost)
    try:
        finished = running.acquire(timeout=0.05)
        for _ in range(2):  # one inside a destructor would be lost, too
            if not finished:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident), ctypes.py_object(OutOfTime))
                finished = running.acquire(timeout=1.0)
    finally:
        sys.unraisablehook = report
        if collecting:
            gc.enable()


def derived(method: Callable[[Any], Answer]) -> cached_property[Answer]:
    """A cached property that is derived within the time limit; raises `UndecidedError` if that is too short.

    A failure is kept too: the question is not asked again.
    """
    kept = f"_no_{method.__name__}"

    @wraps(method)
    def compute(self) -> Answer:
        if kept in self.__dict__:
            raise self.__dict__[kept].with_traceback(None)
        try:
            return within_time(method, self)
        except (TimeoutError, RecursionError) as error:
            failure = UndecidedError(f"{method.__name__.strip('_')} of {self}: {error}")
            self.__dict__[kept] = failure
            raise failure from None
        except (ValueError, UndecidedError) as error:
            self.__dict__[kept] = error.with_traceback(None)
            raise

    return cached_property(compute)
