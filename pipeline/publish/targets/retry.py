"""How often and after what waits something is tried again; time and sleep are given, so tests need neither.

The one decision: only a failure that the target itself calls passing is tried again, and never beyond the patience.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

_Result = TypeVar("_Result")

PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
"""HTTP answers after which the same request may succeed (RFC 9110; 425 is RFC 8470, 429 RFC 6585)."""


class PassingError(Exception):
    """A failure that may be over in a moment."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait
        """Seconds that the other side asked to wait (`Retry-After`), if it did."""


@dataclass(frozen=True)
class Retry:
    """Exponential waits; call it with what is to be done."""

    attempts: int = 6
    first_wait: float = 1.0
    """Seconds before the second attempt; doubled before each further one."""
    longest_wait: float = 60.0
    patience: float = 900.0
    """Seconds from the first attempt after which none is begun."""
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    say: Callable[[str], None] = lambda _: None
    """Told of each wait, in one sentence."""

    def __call__(self, act: Callable[[], _Result]) -> _Result:
        """Do it until it succeeds; raises the last `PassingError` when attempts or patience are used up."""
        begun = self.clock()
        for attempt in range(1, self.attempts + 1):
            try:
                return act()
            except PassingError as error:
                wait = self.first_wait * 2 ** (attempt - 1) if error.wait is None else error.wait
                wait = min(wait, self.longest_wait)
                if attempt == self.attempts or self.clock() + wait - begun > self.patience:
                    raise
                self.say(f"{error}; trying again in {wait:g} s (attempt {attempt + 1} of {self.attempts}).")
            self.sleep(wait)
        raise AssertionError("a retry has at least one attempt")
