"""The interface for a page that runs Python: requests and answers as JSON, and time limits that the page enforces."""

import json
import signal

from .._derive import timelimit
from . import answers, tables
from .answers import with_numbers


def start(alarm):
    """Let the page stop long computations: `alarm(seconds)` makes it send SIGINT after so many seconds."""
    signal.signal(signal.SIGINT, timelimit.ring)
    timelimit.use_alarm(alarm)


def answer(request, send):
    """Answer a request in JSON by calling `send` with each part of the answer, also in JSON.

    Examples
    --------
    >>> answer('{"text": "beta*|w|", "symbols": false}', print)
    {"part": "parameters", "value": ["beta"]}
    """
    asked = json.loads(request)
    make = asked.pop("audit", None)
    for part in _report(make, **asked) if make else answers.answers(**asked):
        send(json.dumps(part))


def _report(make, table, text, assumptions, values):
    penalty = with_numbers(text, assumptions, values)
    yield {"part": "report", "value": _REPORTS[make](table, penalty)}


_REPORTS = {"weights": tables.report_on_weights, "data": tables.report_on_data}
