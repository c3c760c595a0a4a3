"""Results of slow pure functions, kept from one build to the next under a digest of their arguments.

The one decision made here: what may be kept. A remembered function depends on its arguments and on this project's code
alone, and each code has a file of its own, so a build that remembers gives the bytes of one that does not. Of what is
known, only what the last build asked for is kept. Outside `remembering` a remembered function is a plain one.
"""

import hashlib
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_DIGEST_BYTES: Final = 16
_MISSING: Final = object()


class _Memory:
    """What was known before, and what this build asked for."""

    def __init__(self, known: dict[bytes, Any]) -> None:
        self.known = known
        self.asked: dict[bytes, Any] = {}


_memory: ContextVar[_Memory | None] = ContextVar("memory", default=None)


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """Keep what the function gives, while `remembering`.

    Its arguments are strings, numbers, days, instants, null, and frozen dataclasses or sequences of those: their `repr`
    tells them apart. Its result is never changed by who gets it.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def look_up(*args: P.args, **kwargs: P.kwargs) -> R:
        memory = _memory.get()
        if memory is None:
            return function(*args, **kwargs)
        asked = repr((name, args, sorted(kwargs.items()))).encode("utf-8", "surrogatepass")
        key = hashlib.blake2b(asked, digest_size=_DIGEST_BYTES).digest()
        result: Any = memory.asked.get(key, _MISSING)
        if result is _MISSING:
            result = memory.known.get(key, _MISSING)
            if result is _MISSING:
                result = function(*args, **kwargs)
            memory.asked[key] = result
        return result  # type: ignore[no-any-return]

    return look_up


@contextmanager
def remembering(folder: Path, code: str, *, fresh: bool = False) -> Iterator[None]:
    """Let remembered functions use and extend what is kept in a folder.

    Args:
        folder: made where it is missing; what other code left in it goes.
        code: digest of everything but the arguments that results depend on.
        fresh: start with nothing.
    """
    path = folder / f"results-{code[:32]}.pickle"
    memory = _Memory({} if fresh else _load(path))
    token = _memory.set(memory)
    try:
        yield
    finally:
        _memory.reset(token)
    folder.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as file:
        pickle.dump(memory.asked, file, protocol=pickle.HIGHEST_PROTOCOL)
    temporary.replace(path)
    for left in folder.glob("results-*"):
        if left != path:
            left.unlink(missing_ok=True)


def _load(path: Path) -> dict[bytes, Any]:
    """What an earlier build of the same code kept; nothing where there is none or it cannot be read."""
    try:
        with path.open("rb") as file:
            kept = pickle.load(file)  # noqa: S301 -- written by this module, as private as the outputs it lies beside
    except (OSError, EOFError, ValueError, AttributeError, ImportError, IndexError, pickle.UnpicklingError):
        return {}
    return kept if isinstance(kept, dict) else {}
