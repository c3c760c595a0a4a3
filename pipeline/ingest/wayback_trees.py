"""From the place of a file in a download tree to the url and time of the capture it holds.

The one decision made here: which folder names prove something. Three layouts do, wherever they lie under a root:
    <14 digits>/<host>/<path>             waybackpack; it leaves a url's query out of the name
    [websites/]<host>/<14 digits>/<path>  wayback-machine-downloader with all timestamps
    [websites/]<host>/<path>              the same without timestamps, wget and other mirrors: no time
The digits must be a real time since 1990; a host must look like one (beside a timestamp any name with a dot will do;
alone it must begin with `www.`, stand below `websites`, or end in a common top-level domain). `index.html` stands for
the folder itself, as all these tools write it. Schemes are not in the names; `http://` is put in front.
"""

import os
import re
from dataclasses import dataclass
from urllib.parse import quote

from pipeline.records import RecordedTime
from pipeline.urls import parse_timestamp

_TIMESTAMP = re.compile(r"(?:19|20)\d{12}")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?:[:+]\d{1,5})?", re.IGNORECASE)
_TOP_LEVEL = re.compile(r"\.(?:com|org|net|info|int|gov|edu|eu|uk|ru|su)(?:[:+]\d{1,5})?$", re.IGNORECASE)
# Tools that drop the query write every page of a script under the script's own name.
_SCRIPT = re.compile(r"\.(?:php\d?|aspx?|jsp|cgi|pl|do)$", re.IGNORECASE)
_INDEX = re.compile(r"index\.html?$", re.IGNORECASE)
# Kept as they are: all that may stand in a path or query; a "%" is the url's own.
_URL_SIGNS = "/%?&=;:@+,!$'()*~"


@dataclass(frozen=True, slots=True)
class TreePlace:
    """What a file's place says about its capture."""

    url: str | None
    recorded: RecordedTime | None


NOWHERE = TreePlace(None, None)


def locate(tree_path: str) -> TreePlace:
    """Return what the folders of a path prove; a path in no known layout proves nothing.

    Args:
        tree_path: `RawFile.tree_path`: `/` as separator, undecodable bytes as surrogates.
    """
    *folders, name = tree_path.split("/")
    for position, folder in enumerate(folders):
        below = folders[position + 1 :]
        if _is_time(folder) and below and _HOST.fullmatch(below[0]):
            query_dropped = _SCRIPT.search(name) is not None
            url = None if query_dropped else _url(below[0], below[1:], name)
            return TreePlace(url, parse_timestamp(folder))
        if _HOST.fullmatch(folder):
            if below and _is_time(below[0]):
                return TreePlace(_url(folder, below[1:], name), parse_timestamp(below[0]))
            if _is_site_folder(folder, folders[position - 1] if position else ""):
                return TreePlace(_url(folder, below, name), None)
    return NOWHERE


def _is_time(folder: str) -> bool:
    return _TIMESTAMP.fullmatch(folder) is not None and parse_timestamp(folder) is not None


def _is_site_folder(folder: str, parent: str) -> bool:
    """Whether a folder without a timestamp beside it is a mirror of a host for certain."""
    return parent == "websites" or folder.lower().startswith("www.") or _TOP_LEVEL.search(folder) is not None


def _url(host: str, folders: list[str], name: str) -> str:
    """Put a url together from a mirror's names."""
    leaf = "" if _INDEX.fullmatch(name) else name
    path = quote(os.fsencode("/".join([*folders, leaf])), safe=_URL_SIGNS)
    return f"http://{host.replace('+', ':')}/{path}"
