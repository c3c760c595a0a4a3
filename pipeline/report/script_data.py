"""From plain data to a script that hands it to the page: from disk a page may load scripts, but no JSON.

Every character that could end a script or start markup is written as an escape, wherever the file ends up.
"""

import json
from typing import Any, Final

RECEIVER: Final = "chanceryReceive"
"""The function of the page that takes the data."""

_DANGEROUS: Final = "<>&\u2028\u2029"


def script(kind: str, number: int, data: Any) -> str:
    """A call that hands `data` over, under its kind and number."""
    return script_of_json(kind, number, json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False))


def script_of_json(kind: str, number: int, text: str) -> str:
    """A call that hands over what `text` says in JSON."""
    # one replace per mark is 20 times as fast as str.translate
    for mark in _DANGEROUS:
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return f'{RECEIVER}("{kind}",{number},{text});\n'
