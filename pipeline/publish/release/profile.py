"""`release.toml` as a value: who publishes, under which rights, about what.

The one decision made here: a misspelt or missing key is an error with its name, for what stands in this file reaches
every portal.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from pipeline.errors import ChanceryError

LICENCES: Final = {
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": ("Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "ODC-By-1.0": ("Open Data Commons Attribution 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
}
"""Title and address of the licences that `release.toml` may name, by SPDX identifier."""


@dataclass(frozen=True, slots=True)
class Creator:
    """A person or group that made the dataset."""

    name: str
    orcid: str = ""
    affiliation: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the dataset is about; when follows from its captures."""

    place: str
    source: str
    """Host of the captured site."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to write to."""

    name: str
    email: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """The content of `release.toml`."""

    name: str
    """Short name: lower-case letters, digits and hyphens."""
    title: str
    description: str
    publisher: str
    keywords: tuple[str, ...]
    languages: tuple[str, ...]
    """ISO 639-1 codes of the texts."""
    licence_data: str
    """SPDX identifier."""
    rights_texts: str
    archive_terms: str
    base_url: str
    """Address under which releases stand, with a slash at the end; empty: links stay relative."""
    creators: tuple[Creator, ...]
    coverage: Coverage
    contact: Contact


def load_profile(path: Path) -> Profile:
    """Read `release.toml`.

    Raises:
        ChanceryError: the file is missing, is no TOML, or a key is missing, unknown or of another type.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ChanceryError(f"{path} cannot be read ({error.strerror}); name it with --profile.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ChanceryError(f"{path} is no TOML: {error}.") from error
    return profile_of(content, str(path))


def profile_of(content: Mapping[str, Any], where: str) -> Profile:
    """A profile from parsed TOML; `where` names the file in errors."""
    data = dict(content)
    creators = data.pop("creators", None)
    if not isinstance(creators, list) or not creators:
        raise ChanceryError(f"{where}: [[creators]] is missing; name at least one.")
    made: dict[str, Any] = {
        "creators": tuple(_part(Creator, creator, f"{where}: [[creators]]") for creator in creators),
        "coverage": _part(Coverage, data.pop("coverage", None), f"{where}: [coverage]"),
        "contact": _part(Contact, data.pop("contact", None), f"{where}: [contact]"),
    }
    lists = {"keywords", "languages"}
    plain = {field.name for field in fields(Profile)} - made.keys()
    _require(data, plain, plain, where)
    for name in sorted(plain):
        value = data[name]
        is_right = isinstance(value, str) if name not in lists else _is_texts(value)
        if not is_right:
            raise ChanceryError(f"{where}: {name} must be {'a list of texts' if name in lists else 'a text'}.")
    if data["licence_data"] not in LICENCES:
        raise ChanceryError(f"{where}: licence_data must be one of {', '.join(LICENCES)}.")
    if data["base_url"] and not data["base_url"].endswith("/"):
        raise ChanceryError(f"{where}: base_url must end in a slash.")
    values: dict[str, Any] = {name: tuple(value) if name in lists else value.strip() for name, value in data.items()}
    return Profile(**values | made)


def _part(kind: type[Any], content: object, where: str) -> Any:
    if not isinstance(content, dict):
        raise ChanceryError(f"{where} is missing.")
    known = {field.name for field in fields(kind)}
    needed = {field.name for field in fields(kind) if field.default != ""}
    _require(content, needed, known, where)
    if not all(isinstance(value, str) for value in content.values()):
        raise ChanceryError(f"{where}: every value must be a text.")
    return kind(**content)


def _require(content: Mapping[str, Any], needed: set[str], known: set[str], where: str) -> None:
    for name in sorted(needed - content.keys()):
        raise ChanceryError(f"{where}: {name} is missing.")
    for name in sorted(content.keys() - known):
        raise ChanceryError(f"{where}: {name} is not known; known are {', '.join(sorted(known))}.")


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
