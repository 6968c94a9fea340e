"""Balls of p-norms in the plane: the point that a target lands on, and the share of targets on an axis."""

import math

import numpy as np

_FAR = 700.0  # the logarithm of the largest ratio of two coordinates that is looked for
_HALVINGS = 64
_POLYGONS = {
    1: np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]]),
    math.inf: np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]]),
}


def nearest(targets, p, correlation=0.0):
    r"""Return the minimum of :math:`(w - y)^\top G (w - y)/2` on the unit ball of the p-norm, for each target `y`.

    Parameters
    ----------
    targets : array_like of shape (m, 2)
    p : float
        At least 1; `inf` is the square.
    correlation : float
        The entry off the diagonal of `G`, which has ones on it; between -1 and 1.

    Returns
    -------
    ndarray of shape (m, 2)
        A coordinate is `0.0` exactly where the target lies on the cone of a corner, on the ray of an axis point, or on
        an axis inside the ball.

    Examples
    --------
    >>> nearest([[1.6, 0.3], [0.2, 0.0]], p=1)
    array([[1. , 0. ],
           [0.2, 0. ]])
    """
    targets = np.atleast_2d(np.asarray(targets, dtype=float))
    if targets.ndim != 2 or targets.shape[1] != 2:
        raise ValueError(f"targets must have two columns, got the shape {targets.shape}")
    if not p >= 1:
        raise ValueError(f"p must be at least 1, got {p}")
    if not -1 < correlation < 1:
        raise ValueError(f"correlation must lie between -1 and 1, got {correlation}")
    points = targets.copy()
    outside = _size(targets, p) > 1
    solve = _on_polygon if p in _POLYGONS else _on_curve
    points[outside] = solve(targets[outside], p, correlation)
    return points + 0.0  # no negative zeros


def share_on_axis(mean, spread, correlation=0.0):
    r"""Return the probability that a target lands on a point of the diamond with :math:`w_2 = 0`.

    The target is normal with the given mean and the covariance :math:`s^2 G^{-1}`, where `s` is the `spread`. Along
    the directions (1, 1) and (1, -1) it has independent parts, and each corner's cone is a quadrant.

    Examples
    --------
    >>> round(share_on_axis((1.6, 0.3), spread=0.5), 4)
    0.5969
    """
    return sum(
        _normal((side * (mean[0] + mean[1]) - 1) * math.sqrt((1 + correlation) / 2) / spread)
        * _normal((side * (mean[0] - mean[1]) - 1) * math.sqrt((1 - correlation) / 2) / spread)
        for side in (1, -1)
    )


def boundary(p, count=400):
    """Return points of the boundary of the unit ball, at least `count`, with its four points on the axes among them."""
    turns = np.linspace(0, 2 * np.pi, 4 * (count // 4) + 1)
    directions = np.column_stack([np.cos(turns), np.sin(turns)]).round(15)
    return directions / _size(directions, p)[:, None]


def _size(points, p):
    largest = np.abs(points).max(axis=1)
    if p == math.inf:
        return largest
    scaled = np.abs(points) / np.where(largest > 0, largest, 1)[:, None]
    return largest * (scaled**p).sum(axis=1) ** (1 / p)


def _normal(z):
    return math.erfc(-z / math.sqrt(2)) / 2


def _pull(targets, points, correlation):
    """`G(y - w)`, minus the gradient of the loss."""
    gap = targets - points
    return gap + correlation * gap[:, ::-1]


def _on_polygon(targets, p, correlation):
    """Return the lowest of the minima on the four edges."""
    corners = _POLYGONS[p]
    best, least = np.zeros_like(targets), np.full(len(targets), np.inf)
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        edge = (end - start)[None, :]
        length = (_pull(edge, 0, correlation) * edge).sum()
        share = np.clip((_pull(targets, start, correlation) * edge).sum(axis=1) / length, 0, 1)
        points = np.where(share[:, None] == 1, end, start + share[:, None] * edge)
        loss = ((targets - points) * _pull(targets, points, correlation)).sum(axis=1)
        best[loss < least] = points[loss < least]
        least = np.minimum(least, loss)
    return best


def _on_curve(targets, p, correlation):
    """Return the minima on the boundary, for targets outside.

    The boundary can be seen from the target at the point between it and the center. From there the minimum lies in the
    direction in which the loss falls, and before the boundary turns away: so bisection finds it. Turns and a mirror
    image bring it to the first quadrant, where the logarithm of the coordinates' ratio is halved.
    """
    seen = targets / _size(targets, p)[:, None]
    pull = _pull(targets, seen, correlation)
    normal = np.sign(seen) * np.abs(seen) ** (p - 1)
    slope = pull[:, 1] * normal[:, 0] - pull[:, 0] * normal[:, 1]
    found = np.empty_like(targets)
    for i, (target, start) in enumerate(zip(targets, seen, strict=True)):
        mirror = -1.0 if slope[i] < 0 else 1.0
        if slope[i] == 0:
            found[i] = start
        else:
            a, b = _counterclockwise(target * (1, mirror), start * (1, mirror), p, mirror * correlation)
            found[i] = a, mirror * b
    return found


def _counterclockwise(target, start, p, r):
    (y1, y2), (a, b), turns = target, start, 0
    while not (a > 0 and b >= 0):  # turn clockwise until the start is in the first quadrant
        y1, y2, a, b, r, turns = y2, -y1, b, -a, -r, turns + 1
    low = math.log(b / a) if b > 0 else -_FAR
    low = max(low, -_FAR)
    while True:  # until the minimum is not beyond the point (0, 1)
        outward, onward = y2 - 1 + r * y1, -y1 - r * (y2 - 1)
        if onward <= 0 or outward < 0:
            break
        y1, y2, r, turns, low = y2, -y1, -r, turns + 1, -_FAR
    a, b = (0.0, 1.0) if onward == 0 and outward >= 0 else _halve(y1, y2, p, r, low)
    for _ in range(turns % 4):
        a, b = -b, a
    return a, b


def _halve(y1, y2, p, r, low):
    high = _FAR
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        a, b = _of_ratio(middle, p)
        pull1, pull2 = y1 - a + r * (y2 - b), y2 - b + r * (y1 - a)
        onward = pull2 * a ** (p - 1) - pull1 * b ** (p - 1)
        outward = pull1 * a ** (p - 1) + pull2 * b ** (p - 1)
        low, high = (middle, high) if onward > 0 and outward >= 0 else (low, middle)
    return _of_ratio((low + high) / 2, p)


def _of_ratio(logarithm, p):
    """Return the point of the first quadrant's boundary where `b/a` has this logarithm."""
    small = math.exp(-abs(logarithm))
    large = (1 + small**p) ** (-1 / p)
    return (large, small * large) if logarithm < 0 else (small * large, large)
