"""What was worked out once for a text is not worked out again in the same process, within a bound.

Captures of one site show the same lines, bodies and teasers hundreds of times, and what is read off them depends on
the text alone. The one decision made here: the bound is on the characters held, not on the number of texts, so that no
input can fill the memory; where it is reached, the half that was learnt first is forgotten.
"""

from collections.abc import Callable, Hashable
from itertools import islice
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Known(dict[Key, Value], Generic[Key, Value]):
    """A function's results by its argument: `known[argument]` works out only what is not held."""

    def __init__(self, work_out: Callable[[Key], Value], size: Callable[[Key], int], most: int) -> None:
        """Prepare to remember.

        Args:
            work_out: pure; gives the value of a key.
            size: characters that holding a key and its value takes.
            most: characters that may be held together.
        """
        super().__init__()
        self._work_out = work_out
        self._size = size
        self._most = most
        self._held = 0

    def __missing__(self, key: Key) -> Value:
        """Work the value out and hold it."""
        value = self._work_out(key)
        size = self._size(key) + 64
        if size > self._most:
            return value
        while self._held + size > self._most:
            forget_older_half(self)
            self._held = sum(map(self._size, self)) + 64 * len(self)
        self._held += size
        self[key] = value
        return value


def forget_older_half(known: dict[Any, Any]) -> None:
    """Drop the entries that were made first, at least one where there is any."""
    for key in list(islice(known, (len(known) + 1) // 2)):
        del known[key]
