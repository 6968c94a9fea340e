"""The data of an audit, read once in blocks: predictions, slopes, and the sizes of the columns."""

from dataclasses import dataclass

import numpy as np

from .._arguments import all_finite, as_array, as_array_of_any_value
from . import compiled

_ENTRIES = 1 << 16  # of a block that is a copy, half a megabyte
_VIEWED = 1 << 19  # of a block that is a view: fewer calls for a matrix with long rows
_FIRST_ROWS = 32  # that tell whether columns are centered


@dataclass
class Reading:
    """What one pass over the data gives, for the predictions and slopes of one point.

    Attributes
    ----------
    predictions, sample_slopes : numpy.ndarray
        The predictions, and the slopes of the loss in them; one row a sample.
    gradient : numpy.ndarray
        `sum_j c_j v_j x_j`, one row for each output.
    squares, sums : numpy.ndarray
        `sum_j c_j x_ji**2` and `sum_j c_j x_ji` of each column `i`.
    """

    predictions: np.ndarray
    sample_slopes: np.ndarray
    gradient: np.ndarray
    squares: np.ndarray
    sums: np.ndarray | None

    def is_finite(self):
        """Whether all of `X` is: the sum of the squares of a column is not, if one of its entries is not."""
        return all_finite(self.squares) and all_finite(self.gradient)


def is_sparse(X):
    """Whether `X` is one of SciPy's sparse arrays, without importing them."""
    return hasattr(X, "tocsr")


def is_dask(X):
    """Whether `X` is an array of dask, without importing it."""
    return hasattr(X, "__dask_graph__")


def read(X, coefficients, intercept, loss, y, sample_weights):
    """Return the `Reading` of `X`.

    Parameters
    ----------
    X : array, sparse array, data frame, dask array, or an iterable of blocks of rows
    coefficients : numpy.ndarray of shape (p,) or (k, p)
    intercept : numpy.ndarray of shape () or (k,)
    loss : SampleLoss
    y : numpy.ndarray with one row per sample
    sample_weights : numpy.ndarray of shape (n,) or (n, k)
        `c`.
    """
    if is_sparse(X):
        return _read_sparse(X, coefficients, intercept, loss, y, sample_weights)
    if is_dask(X):
        return _read_dask(X, coefficients, intercept, loss, y, sample_weights)
    features, start = coefficients.shape[-1], 0
    gradient = np.zeros(coefficients.shape)
    squares = np.zeros((*sample_weights.shape[1:], features))
    live, may_be_fast = _live_columns(coefficients), coefficients.ndim == 1 and compiled.is_worth_while()
    sums = np.zeros(squares.shape)
    predictions = np.empty((len(sample_weights), *coefficients.shape[:-1]))
    slopes = np.empty(predictions.shape)
    for block in row_blocks(X):
        if block.shape[1] != features:
            raise ValueError(f"X must have blocks of shape (n, {features}), got {block.shape}")
        rows = slice(start, start + block.shape[0])
        weights = sample_weights[rows]
        if len(weights) != block.shape[0]:
            raise ValueError(f"X must have {len(sample_weights)} rows, as y has, got more")
        fast = may_be_fast and _is_plain(block)
        if sums is not None and (is_sparse(block) or (start == 0 and not fast and not _is_off_center(block))):
            sums = None
        if live is None or is_sparse(block):
            predictions[rows] = block @ coefficients.T + intercept
        else:
            predictions[rows] = block.take(live, axis=1) @ coefficients[..., live].T + intercept
        slopes[rows] = loss.slope(predictions[rows], y[rows])
        pulls = _columns(weights, slopes) * slopes[rows]
        if fast:
            add = compiled.compiled(compiled.add_rows)
            add(block, pulls, weights, gradient, squares, np.zeros(features) if sums is None else sums)
        else:
            gradient += (block.T @ pulls).T
            squares += _sum_of_squares(block, weights)
            if sums is not None:
                sums += (block.T @ weights).T
        start = rows.stop
    if start != len(sample_weights):
        raise ValueError(f"X must have {len(sample_weights)} rows, as y has, got {start}")
    compiled.note(start * features)
    return Reading(predictions, slopes, gradient, squares, sums)


def _read_dask(X, coefficients, intercept, loss, y, sample_weights):
    """Read each block of rows where it is; sums, predictions and slopes come back, the data do not."""
    from dask.delayed import delayed  # an array of dask brings it

    X = X.rechunk({1: -1})
    stops = np.cumsum(X.chunks[0])
    read_one, add = delayed(read), delayed(_added)
    readings = [
        read_one(block, coefficients, intercept, loss, y[stop - size : stop], sample_weights[stop - size : stop])
        for block, size, stop in zip(X.to_delayed()[:, 0], X.chunks[0], stops, strict=True)
    ]
    while len(readings) > 1:
        pairs = [readings[i : i + 2] for i in range(0, len(readings), 2)]
        readings = [add(*pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return readings[0].compute()


def _added(first, second):
    sums = None if first.sums is None else first.sums + second.sums
    return Reading(
        np.concatenate([first.predictions, second.predictions]),
        np.concatenate([first.sample_slopes, second.sample_slopes]),
        first.gradient + second.gradient,
        first.squares + second.squares,
        sums,
    )


def gradient_of(X, pulls, features):
    """Return `X.T @ pulls`, one row for each output."""
    if is_dask(X):
        return np.asarray((X.T @ pulls).T)
    if is_sparse(X):
        gradient = np.zeros((*pulls.shape[1:], features))
        for rows, columns, block in _sparse_blocks(X):
            gradient[..., columns] += (block.T @ pulls[rows]).T
        return gradient
    total, start = np.zeros((*pulls.shape[1:], features)), 0
    for block in row_blocks(X):
        total += (block.T @ pulls[start : start + block.shape[0]]).T
        start += block.shape[0]
    return total


def refuse_not_finite(X):
    """Raise the error of `as_array` for the first entry of `X` that is not finite, if there is one."""
    if is_sparse(X):
        as_array("X", X.data)
    elif not is_dask(X) and hasattr(X, "shape"):
        start = 0
        for block in row_blocks(X):
            if not np.isfinite(block).all():
                row, column = np.argwhere(~np.isfinite(block))[0]
                raise ValueError(f"X must be finite, got {block[row, column]} at index ({row + start}, {column})")
            start += block.shape[0]
    raise ValueError("X must have entries whose products are finite floats, got larger ones")


def row_blocks(X):
    """Yield blocks of rows of `X` as float64, or as sparse arrays."""
    if is_sparse(X):
        yield X.astype(float)
    elif hasattr(X, "shape"):
        frame = getattr(X, "iloc", X)
        entries = _VIEWED if getattr(X, "dtype", None) == np.float64 else _ENTRIES
        step = max(1, entries // max(1, X.shape[1]))
        for start in range(0, X.shape[0], step):
            yield as_block(frame[start : start + step])
    else:
        for part in X:
            yield from row_blocks(part) if hasattr(part, "shape") else [as_block(part)]


def as_block(rows):
    """Return rows of an array or a data frame as float64; bool and nullable columns become numbers."""
    if hasattr(rows, "columns") and hasattr(rows, "to_numpy"):  # a data frame
        try:
            rows = rows.astype(float).to_numpy() if hasattr(rows, "iloc") else rows.cast(float).to_numpy()
        except (TypeError, ValueError) as error:
            raise TypeError(f"X must hold real numbers, got columns of other types: {error}") from error
    array = np.asarray(rows)
    if array.ndim != 2:
        raise ValueError(f"X must have blocks of two dimensions, got shape {array.shape}")
    return array.astype(float) if array.dtype == bool else as_array_of_any_value("X", array)


def _live_columns(coefficients):
    """Return the columns with a weight that is not zero, or None if they are too many to gain from."""
    moved = coefficients != 0
    live = np.flatnonzero(moved if moved.ndim == 1 else moved.any(axis=0))
    return live if 16 * len(live) < coefficients.shape[-1] else None


def _is_plain(block):
    """Whether the entries of a row lie side by side."""
    return isinstance(block, np.ndarray) and block.flags.c_contiguous


def _is_off_center(block):
    """Whether the mean of many columns is large beside their spread, as far as the first rows tell."""
    block = block[:_FIRST_ROWS]
    means, squares = block.mean(axis=0), np.einsum("ij,ij->j", block, block) / len(block)
    return bool(np.mean(means**2 > 0.3 * squares) > 0.05)


def _sum_of_squares(block, weights):
    if is_sparse(block):
        return (block.multiply(block).T @ weights).T
    if weights.ndim == 1 and (weights == weights[0]).all():
        return weights[0] * np.einsum("ij,ij->j", block, block)
    return (np.square(block).T @ weights).T


def _columns(weights, slopes):
    """Return the samples' weights in a shape that multiplies their slopes."""
    return weights[:, np.newaxis] if slopes.ndim > weights.ndim else weights


def _read_sparse(X, coefficients, intercept, loss, y, sample_weights):
    fast = coefficients.ndim == 1 and compiled.is_worth_while()
    predictions = _sparse_predictions(X, coefficients, fast) + intercept
    slopes = loss.slope(predictions, y)
    pulls = _columns(sample_weights, slopes) * slopes
    if fast:
        gradient, squares = _compiled_sums(X, pulls, sample_weights)
    else:
        gradient = gradient_of(X, pulls, X.shape[1])
        squares = np.zeros((*sample_weights.shape[1:], X.shape[1]))
        for rows, columns, block in _sparse_blocks(X, 4 * _ENTRIES):
            block.data = block.data**2
            squares[..., columns] += (block.T @ sample_weights[rows]).T
    compiled.note(X.nnz)
    return Reading(predictions, slopes, gradient, squares, None)


def _sparse_predictions(X, coefficients, fast):
    live = _live_columns(coefficients)
    if live is not None and X.format == "csc":
        return X[:, live] @ coefficients[..., live].T
    predictions = np.zeros((X.shape[0], *coefficients.shape[:-1]))
    for rows, columns, block in _sparse_blocks(X):
        if live is not None and fast:
            add = compiled.compiled(compiled.add_sparse_predictions)
            add(*_unsigned(block), coefficients, coefficients != 0, predictions[rows])
        else:
            predictions[rows] += block @ coefficients[..., columns].T
    return predictions


def _compiled_sums(X, pulls, weights):
    """Return the gradient of one output, and the squares."""
    both, same = np.zeros((X.shape[1], 2)), weights[0] if (weights == weights[0]).all() else None
    for rows, columns, block in _sparse_blocks(X):
        if X.format == "csr":
            add = compiled.compiled(compiled.add_sparse_rows)
            add(*_unsigned(block), pulls[rows], weights[rows], both.ravel())
        else:
            add = compiled.compiled(compiled.add_sparse_columns)
            add(*_unsigned(block), pulls, weights, same, both[columns])
    return both.T


def _unsigned(block):
    """Return what a sparse block consists of, with its indices as unsigned integers."""
    return block.data, *(each.view(f"u{each.itemsize}") for each in (block.indices, block.indptr))


def _sparse_blocks(X, entries=None):
    """Yield the rows, the columns and the float64 entries of blocks: all of `X` if it need not be copied.

    The blocks share the memory of `X` where that is float64 already and no number of `entries` is given.
    """
    import scipy.sparse

    by_rows = X.format == "csr"
    start, last, kind = 0, len(X.indptr) - 1, scipy.sparse.csr_array if by_rows else scipy.sparse.csc_array
    entries = entries or (X.nnz if X.dtype == np.float64 else _ENTRIES)
    while start < last:
        stop = int(np.searchsorted(X.indptr, X.indptr[start] + entries, side="right")) - 1
        stop = min(max(stop, start + 1), last)
        part, where = slice(start, stop), slice(X.indptr[start], X.indptr[stop])
        rows, columns = (part, slice(None)) if by_rows else (slice(None), part)
        block = kind((stop - start, X.shape[1]) if by_rows else (X.shape[0], stop - start))
        block.data, block.indices = np.asarray(X.data[where], float), X.indices[where]  # with checks, these are copied
        block.indptr = X.indptr[start : stop + 1] - X.indptr[start]
        yield rows, columns, block
        start = stop
