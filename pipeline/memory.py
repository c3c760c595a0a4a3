"""Memory that objects no longer use goes back to the system.

The decision made here: when. Python and the C library keep what was freed next to something still in use, and after a
step that made millions of small objects that is most of what they took; so steps that do ask for it. Where the C
library cannot be asked, only Python is. A few rows of a large frame keep all of its strings alive, so rows that are
kept for long are given strings of their own.
"""

import ctypes
import gc
import sys
from functools import cache
from typing import Any

import polars as pl


def give_back() -> None:
    """Give memory that was freed back to the system; takes some tenths of a second where much is in use."""
    gc.collect()  # for what Python lays by for the next objects: it keeps a hundred megabytes from going back
    library = _library()
    if library is not None:
        library.malloc_trim(0)


def with_own_strings(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows without the strings of the frames they were picked from, in whose memory theirs lie."""
    return pl.DataFrame(frame.to_arrow(compat_level=pl.CompatLevel.oldest()), schema=frame.schema)


@cache
def _library() -> Any:
    """glibc; null where another C library, or none that can be asked, is in use."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") else None
