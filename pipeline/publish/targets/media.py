"""Media types and names of formats for the files of a release; the endings are those `chancery release` writes."""

from typing import Final

_TYPES: Final = {
    ".parquet": ("application/vnd.apache.parquet", "Parquet"),
    ".csv.gz": ("application/gzip", "CSV"),
    ".json": ("application/json", "JSON"),
    ".jsonld": ("application/ld+json", "JSON-LD"),
    ".ttl": ("text/turtle; charset=utf-8", "TTL"),
    ".md": ("text/markdown; charset=utf-8", "Markdown"),
    ".cff": ("application/yaml; charset=utf-8", "CFF"),
    ".zip": ("application/zip", "ZIP"),
}
_OTHER: Final = ("text/plain; charset=utf-8", "TXT")


def media_type(name: str) -> str:
    """The media type for a file's name; plain text for what has no known ending, as `SHA256SUMS`."""
    return _known(name)[0]


def format_name(name: str) -> str:
    """The format as CKAN lists it."""
    return _known(name)[1]


def _known(name: str) -> tuple[str, str]:
    return next((value for ending, value in _TYPES.items() if name.endswith(ending)), _OTHER)
