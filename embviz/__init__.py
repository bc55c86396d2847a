"""See which classes your model or your data confuse, and how sure you can be.

Everything public is here, listed in ``__init__.pyi``; a module is imported when one of its names is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
