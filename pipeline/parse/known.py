"""What was worked out once for a text is not worked out again in the same process, within a bound.

Captures of one site show the same lines, bodies and teasers hundreds of times, and what is read off them depends on
the text alone. The one decision made here: the bound is on the characters held, not on the number of texts, so that no
input can fill the memory; where it is reached, everything is forgotten and learnt anew.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

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
        self._held += self._size(key) + 64
        if self._held > self._most:
            self.clear()
            self._held = self._size(key) + 64
        if self._held <= self._most:
            self[key] = value
        return value
