"""A computation that does not end is stopped; every other one is left alone."""

import gc
import math
import signal
import sys
import threading
import time

import pytest

from exactzeros import UndecidedError
from exactzeros._derive import timelimit
from exactzeros._derive.timelimit import derived, within_time

pytestmark = pytest.mark.slow  # they wait for SymPy


@pytest.fixture(params=["in a thread", "in place"], autouse=True)
def way(request, monkeypatch):
    """Both ways to run a computation; without threads this process's own timer stands for the page in a browser."""
    if request.param == "in place":
        if not hasattr(signal, "setitimer"):
            pytest.skip("no timer")
        before = signal.signal(signal.SIGALRM, timelimit.ring)
        monkeypatch.setattr(timelimit, "SLOWNESS", 1)
        timelimit.use_alarm(lambda s: signal.setitimer(signal.ITIMER_REAL, 0 if math.isinf(s) else max(s, 1e-6)))
    yield request.param
    if request.param == "in place":
        timelimit.use_alarm(None)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def forever():
    while True:
        time.sleep(0.001)


def stubborn():
    """Swallow every `Exception`, as SymPy does in places."""
    while True:
        try:
            time.sleep(0.001)
        except Exception:
            pass


@pytest.fixture(autouse=True)
def no_thread_is_left():
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
        assert not thread.is_alive(), thread


def fall(value):
    return fall(value)


@pytest.fixture
def short_limit(monkeypatch):
    monkeypatch.setattr(timelimit, "SECONDS", 0.1)


def test_value_and_arguments():
    assert within_time(divmod, 7, 2) == (3, 1)
    assert within_time(lambda: None) is None


def test_errors_come_through():
    with pytest.raises(ZeroDivisionError, match="by zero"):
        within_time(divmod, 7, 0)


@pytest.mark.parametrize("compute", [forever, stubborn])
def test_endless_computation_is_stopped_and_its_thread_ends(compute):
    with pytest.raises(TimeoutError, match=r"^no answer within 0\.1 s$"):
        within_time(compute, seconds=0.1)


def test_default_limit(short_limit):
    with pytest.raises(TimeoutError, match=r"^no answer within 0\.1 s$"):
        within_time(forever)


def test_works_in_another_thread(way):
    if way == "in place":
        pytest.skip("there is no other")
    answers = []
    thread = threading.Thread(target=lambda: answers.append(within_time(divmod, 7, 2)))
    thread.start()
    thread.join()
    assert answers == [(3, 1)]


def test_outer_limit_stops_the_inner_computation_too():
    with pytest.raises(TimeoutError, match=r"within 0\.2 s"):
        within_time(lambda: within_time(forever, seconds=30), seconds=0.2)


def test_inner_limit_leaves_the_outer_computation_running():
    def with_fallback():
        try:
            return within_time(forever, seconds=0.1)
        except TimeoutError:
            return "fallback"

    assert within_time(with_fallback, seconds=30) == "fallback"


def test_without_threads_it_runs_in_the_callers_own(way):
    thread = within_time(threading.get_ident)
    assert (thread == threading.get_ident()) is (way == "in place")


def test_no_alarm_is_left_set(way):
    if way == "in place":
        assert within_time(divmod, 7, 2) == (3, 1)
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
        timelimit.ring()  # too late, and for nobody


class Example:
    calls = 0

    @derived
    def quick(self):
        """An answer."""
        self.calls += 1
        return 42

    @derived
    def endless(self):
        forever()

    @derived
    def too_deep(self):
        return fall(self)

    def __repr__(self):
        return "Example()"


def test_derived_property_is_computed_once():
    example = Example()
    assert (example.quick, example.quick, example.calls) == (42, 42, 1)
    assert Example.quick.__doc__ == "An answer."


def test_derived_property_out_of_time_is_undecided(short_limit):
    with pytest.raises(UndecidedError, match=r"^endless of Example\(\): no answer within 0\.1 s$"):
        _ = Example().endless


def test_derived_property_that_recurses_without_end_is_undecided():
    with pytest.raises(UndecidedError, match=r"^too_deep of Example\(\): maximum recursion depth"):
        _ = Example().too_deep


def test_no_stop_is_lost_in_the_garbage_collector(way):
    """Python only prints an exception raised in a callback of the garbage collector; the computation would go on."""
    if way == "in place":
        pytest.skip("the host rings again until it is heard")

    def litter():
        while True:
            loop = []
            loop.append(loop)

    def slow_callback(phase, info):
        sum(range(300))

    thresholds = gc.get_threshold()
    gc.set_threshold(50, 2, 2)
    gc.callbacks.append(slow_callback)
    try:
        for _ in range(8):
            with pytest.raises(TimeoutError):
                within_time(litter, seconds=0.02)
    finally:
        gc.callbacks.remove(slow_callback)
        gc.set_threshold(*thresholds)
    assert gc.isenabled()


def test_a_stop_that_a_destructor_loses_is_sent_again_and_not_reported(way, monkeypatch):
    if way == "in place":
        pytest.skip("the host rings again until it is heard")
    lost = []
    monkeypatch.setattr("sys.unraisablehook", lost.append)

    class Slow:
        def __del__(self):
            until = time.monotonic() + 0.5
            while time.monotonic() < until:
                time.sleep(0.001)

    def destroy():
        Slow()
        forever()

    hook = sys.unraisablehook
    with pytest.raises(TimeoutError):
        within_time(destroy, seconds=0.05)
    assert (lost, sys.unraisablehook) == ([], hook)
