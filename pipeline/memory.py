"""Memory that objects no longer use goes back to the system.

The decision made here: when. The C library keeps what was freed below something still in use, and after a step that
made millions of small objects that is most of what they took; so steps that do ask for it. Where the C library cannot
be asked, nothing is done.
"""

import ctypes
import sys
from functools import cache
from typing import Any


def give_back() -> None:
    """Give memory that was freed back to the system."""
    library = _library()
    if library is not None:
        library.malloc_trim(0)


@cache
def _library() -> Any:
    """glibc; null where another C library, or none that can be asked, is in use."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") else None
