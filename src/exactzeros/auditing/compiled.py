"""What one pass over the data adds up, as compiled loops, where numba is installed.

Each entry is read once for the gradient and the squares together. The loops take unsigned indices, since numba checks
whether a signed one is negative.
"""

from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

IS_AVAILABLE = find_spec("numba") is not None
WORTH_COMPILING = 1 << 24  # entries of earlier audits: compiling takes a second and 40 MB, too much for a single audit
_entries_read = 0


def is_worth_while():
    """Whether earlier audits have read so much that compiling pays."""
    return IS_AVAILABLE and _entries_read >= WORTH_COMPILING


def note(entries):
    """Count the entries that an audit has read."""
    global _entries_read
    _entries_read += entries


@cache
def compiled(function) -> Any:
    """Return one of the functions below, compiled."""
    import numba

    return numba.njit(function, error_model="numpy", nogil=True, fastmath={"contract", "reassoc"})


def add_rows(block, pulls, weights, gradient, squares, sums):
    """Add `pulls @ block`, `weights @ block**2` and `weights @ block`, four rows at a time."""
    whole = len(block) // 4 * 4
    for i in range(0, whole, 4):
        p0, p1, p2, p3 = pulls[i], pulls[i + 1], pulls[i + 2], pulls[i + 3]
        c0, c1, c2, c3 = weights[i], weights[i + 1], weights[i + 2], weights[i + 3]
        for j in range(block.shape[1]):
            x0, x1, x2, x3 = block[i, j], block[i + 1, j], block[i + 2, j], block[i + 3, j]
            gradient[j] += (p0 * x0 + p1 * x1) + (p2 * x2 + p3 * x3)
            squares[j] += (c0 * x0 * x0 + c1 * x1 * x1) + (c2 * x2 * x2 + c3 * x3 * x3)
            sums[j] += (c0 * x0 + c1 * x1) + (c2 * x2 + c3 * x3)
    for i in range(whole, len(block)):
        for j in range(block.shape[1]):
            gradient[j] += pulls[i] * block[i, j]
            squares[j] += weights[i] * block[i, j] ** 2
            sums[j] += weights[i] * block[i, j]


def add_sparse_predictions(data, indices, starts, coefficients, is_live, predictions):
    """Add the product of rows with `coefficients`, whose entries are zero where `is_live` is 0."""
    for i in range(len(predictions)):
        for k in range(np.uint64(starts[i]), np.uint64(starts[i + 1])):
            if is_live[indices[k]]:
                predictions[i] += data[k] * coefficients[indices[k]]


def add_sparse_rows(data, indices, starts, pulls, weights, both):
    """Add the gradient and the squares of rows to the even and odd entries of `both`: a pair shares a line of cache."""
    for i in range(len(pulls)):
        pull, weight = pulls[i], weights[i]
        for k in range(np.uint64(starts[i]), np.uint64(starts[i + 1])):
            x, j = data[k], np.uint64(indices[k]) << np.uint64(1)
            total, square = both[j] + pull * x, both[j + np.uint64(1)] + weight * (x * x)
            both[j], both[j + np.uint64(1)] = total, square


def add_sparse_columns(data, indices, starts, pulls, weights, same, both):
    """Set the gradient and the squares of columns; `same` is the weight of every sample if they are equal, or None."""
    for j in range(len(both)):
        total, square = 0.0, 0.0
        for k in range(np.uint64(starts[j]), np.uint64(starts[j + 1])):
            x, i = data[k], indices[k]
            total += pulls[i] * x
            square += weights[i] * x * x if same is None else same * x * x
        both[j, 0], both[j, 1] = total, square
