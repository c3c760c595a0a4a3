"""Tokens: from the environment or from the system's keyring, and nowhere else; never in anything a person may read.

The one decision: a token is wrapped where it is found and unwrapped where a request is signed, and every message on its
way out goes through `Secrets.scrub`.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlsplit

from pipeline.errors import ChanceryError

KEYRING_SERVICE: Final = "chancery"
_HIDDEN: Final = "(token)"
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Token:
    """A secret that shows itself only when asked."""

    _value: str = field(repr=False)

    def unwrap(self) -> str:
        """The secret itself, for signing a request."""
        return self._value

    def __str__(self) -> str:
        return _HIDDEN


class Secrets:
    """Finds tokens, and remembers them so as to strike them out of every text."""

    def __init__(self, environ: Mapping[str, str], *, use_keyring: bool = True) -> None:
        self._environ = environ
        self._use_keyring = use_keyring
        self._found: set[str] = set()

    def find(self, names: Sequence[str]) -> Token | None:
        """The token under the first of these names that the environment has, else the keyring (service `chancery`)."""
        for look in (self._environ.get, self._from_keyring):
            for name in names:
                if value := (look(name) or "").strip():
                    self._found.add(value)
                    return Token(value)
        return None

    def need(self, names: Sequence[str]) -> Token:
        """As `find`, but an error that says where the token may be put."""
        token = self.find(names)
        if token is None:
            raise ChanceryError(
                f"no token: set {names[0]} in the environment, or store it with: "
                f"keyring set {KEYRING_SERVICE} {names[0]} (it is never taken from the command line)."
            )
        return token

    def setting(self, name: str) -> str | None:
        """A variable of the environment that is no secret."""
        return self._environ.get(name)

    def scrub(self, text: str) -> str:
        """The text with every token struck out, also where it stands percent-encoded or in base64."""
        for value in sorted(self._found, key=lambda secret: (-len(secret), secret)):
            for form in (value, quote(value, safe=""), base64.b64encode(value.encode()).decode()):
                text = text.replace(form, _HIDDEN)
        return text

    def _from_keyring(self, name: str) -> str | None:
        if not self._use_keyring:
            return None
        try:
            import keyring
            import keyring.errors
        except ImportError:
            return None
        try:
            value = keyring.get_password(KEYRING_SERVICE, name)
        except keyring.errors.KeyringError:
            return None
        return str(value) if value else None


def check_endpoint(url: str) -> str:
    """An endpoint to which a token may be sent: https, or plain http on this machine; without a slash at its end."""
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise ChanceryError("an endpoint must not contain a user or password; tokens come from the environment.")
    if (parts.scheme == "https" and parts.hostname) or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return url.rstrip("/")
    raise ChanceryError(f"{url} is no endpoint for a token: use https:// (http:// only on this machine).")
