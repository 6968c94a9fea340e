"""A time limit for one symbolic computation: SymPy can run for minutes where no answer exists."""

import ctypes
import threading

SECONDS = 8.0


class OutOfTime(BaseException):
    """Raised inside a computation whose time is up; a BaseException, so that no `except Exception` swallows it."""


def within_time(compute, *args):
    """Return `compute(*args)`, or raise `TimeoutError` once it has run for `SECONDS`.

    The computation runs in a thread of its own and is stopped there by an exception between two bytecodes,
    so it works in any thread of the caller, in notebooks, and on every platform.

    Examples
    --------
    >>> within_time(lambda x: x + 1, 1)
    2
    """
    outcome = {}

    def run():
        try:
            outcome["value"] = compute(*args)
        except (Exception, OutOfTime) as error:
            outcome["error"] = error

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    worker.join(SECONDS)
    if worker.is_alive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident), ctypes.py_object(OutOfTime))
        worker.join(1.0)
    if "value" in outcome:
        return outcome["value"]
    error = outcome.get("error", OutOfTime())
    if isinstance(error, OutOfTime):
        raise TimeoutError(f"no answer within {SECONDS:g} s")
    raise error
