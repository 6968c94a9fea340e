"""The two answers that are not an answer: undecided, and no such prior."""


class UndecidedError(ArithmeticError):
    """SymPy cannot decide the question; the message names the expression and an assumption that would help."""


class ImproperPriorError(ValueError):
    """`exp(-rho)` has infinite mass, so no probability density belongs to the penalty (Part I, priors)."""
