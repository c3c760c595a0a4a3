"""Ctrl-C that is not lost where Python ignores errors.

The decision made here: an interrupt that was ignored is sent again a moment later, until it arrives where it counts.
Python runs the handler of a signal at its next step, and that may be in a callback of the garbage collector, where
whatever is raised is printed and forgotten. Looking through millions of objects takes long enough to meet a Ctrl-C.
"""

import sys
from _thread import interrupt_main
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_MOMENT: Final = 0.1
"""Seconds; by then the callback is over."""


@contextmanager
def interrupts_arrive(interrupt: type[BaseException]) -> Iterator[None]:
    """Send again what was ignored: an error of this type, which the handler of the signal raises."""
    usual = sys.unraisablehook

    def ignored(what: "UnraisableHookArgs") -> None:
        if isinstance(what.exc_value, interrupt):
            again = Timer(_MOMENT, interrupt_main)
            again.daemon = True
            again.start()
        else:
            usual(what)

    sys.unraisablehook = ignored
    try:
        yield
    finally:
        sys.unraisablehook = usual
