"""Which penalties put weights at exactly zero, and why: everything is derived from one expression.

A module is imported only when one of its names is used. So a page of the book depends only on the modules that it uses,
and the build of the site does not wait for SymPy.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)  # the names of __init__.pyi
