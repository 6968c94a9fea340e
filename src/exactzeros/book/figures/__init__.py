"""One function for each figure of the book, by chapter; each returns a Matplotlib figure.

A module is imported only when one of its figures is used, so a page depends only on the code of its own figures.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "audit": ["bootstrap", "slopes_in_intervals"],
        "diamond": ["caught", "exchange", "lookalikes", "normals", "textbook"],
        "estimates": ["halves", "implied_penalties", "regression_posteriors", "three_losses"],
        "factors": ["fan", "units"],
        "kink": ["absolute_value", "edge", "gallery", "jointly", "soft_threshold", "tilt"],
        "lab": ["lab_pictures"],
        "necessity": ["equality_and_inequality", "prediction", "smoothing_away"],
        "optimizers": ["band_widths", "flicker", "sizes"],
        "priors": ["map_against_observation", "no_kink", "two_priors"],
        "ridge": ["coefficient_paths", "powers", "ridge_crossing"],
        "support": ["degrees_of_freedom", "share_or_swap", "stability", "three_wishes"],
    },
)
