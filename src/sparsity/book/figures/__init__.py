"""One named function for each figure of the book, by chapter; each returns a Matplotlib figure."""

from .audit import bootstrap, slack_along_the_path, slopes_in_intervals
from .kink import absolute_value, edge, gallery, jointly, slide_show, soft_threshold, tilt
from .necessity import equality_and_inequality, prediction, smoothing_away
from .optimizers import band_widths, flicker, sizes, trajectories
from .priors import map_against_observation, no_kink, two_priors
from .ridge import coefficient_paths, powers, ridge_crossing

__all__ = [
    "absolute_value",
    "band_widths",
    "bootstrap",
    "coefficient_paths",
    "edge",
    "equality_and_inequality",
    "flicker",
    "gallery",
    "jointly",
    "map_against_observation",
    "no_kink",
    "powers",
    "prediction",
    "ridge_crossing",
    "sizes",
    "slack_along_the_path",
    "slide_show",
    "slopes_in_intervals",
    "smoothing_away",
    "soft_threshold",
    "tilt",
    "trajectories",
    "two_priors",
]
