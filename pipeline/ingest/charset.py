"""From a page's bytes to its text.

The one decision made here: whom to believe about the encoding. In this order: a byte order mark, the charset of the
HTTP header, the `<meta>` in the first kilobytes, bytes that are strict UTF-8, a guess by chardet; a label is believed
only if the bytes decode by it without an error, so a mislabelled page falls through to the next witness. Labels are
read as browsers read them (`latin1` means windows-1252); unknown ones are passed over.
"""

import codecs
import re

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,512}?charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]{0,256}?encoding\s*=\s*[\"']([\w.:+-]+)", re.IGNORECASE)
_HEAD = 4096
"""Bytes in which a page may name its encoding; the HTML standard asks for 1024, old pages take longer."""
_SAMPLE = 64 * 1024
"""Bytes that the guess looks at."""
_AS_BROWSERS_DO = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "win-1251": "cp1251",
    "x-cp1251": "cp1251",
    "windows1251": "cp1251",
    "koi8": "koi8-r",
    "unicode": "utf-16-le",
    "utf8": "utf-8",
    "utf-16": "utf-16-le",
    "x-user-defined": "cp1252",
}
_BY_BROWSERS = "cp1252"
"""What browsers fall back to; holes in it stand for control characters."""


def decode_html(body: bytes, content_type: str | None = None) -> str:
    """Return the page as text; never raises.

    Args:
        body: The page's bytes, unpacked.
        content_type: The value of the HTTP header `Content-Type`, if there was one.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    labels = (_label_of(content_type), _label_inside(body[:_HEAD]))
    for named in (*labels, "utf-8"):
        if named is not None and (text := _strictly(body, named)) is not None:
            return text
    if _nearly_utf8(body):
        return body.decode("utf-8", "replace")
    believed = next((label for label in labels if label not in (None, "utf-8")), None)
    return body.decode(believed or _guess(body) or _BY_BROWSERS, "replace")


def _label_of(content_type: str | None) -> str | None:
    match = _CHARSET.search(content_type or "")
    return _codec(match[1]) if match else None


def _label_inside(head: bytes) -> str | None:
    match = _META.search(head) or _XML.match(head.lstrip())
    encoding = _codec(match[1].decode("ascii", "replace")) if match else None
    # A label that can be read byte by byte does not stand in UTF-16.
    return "utf-8" if encoding in ("utf-16-le", "utf-16-be") else encoding


def _codec(label: str) -> str | None:
    """Return Python's name of an encoding of text, null for a label that means none."""
    printed = label.strip().lower()
    name = _AS_BROWSERS_DO.get(printed, printed)
    try:
        info = codecs.lookup(name)
        "".encode(name)
    except (LookupError, ValueError):
        return None
    return info.name


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, ValueError):
        # windows-1252 has five holes that browsers fill with control characters: a page with one is still windows-1252.
        if encoding == "cp1252" and not _is_utf8(body):
            return body.decode("cp1252", "replace")
        return None


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _nearly_utf8(body: bytes) -> bool:
    """Tell whether bytes are UTF-8 but for a slip: a cut last character, a byte or two of something else."""
    text = body.decode("utf-8", "replace")
    slips = text.count("\ufffd")
    foreign = sum(1 for byte in body if byte >= 0xC2) if slips else 0
    return slips * 20 <= foreign or (slips == 1 and text.endswith("\ufffd"))


def _guess(body: bytes) -> str | None:
    import chardet

    sample = body[:_SAMPLE]
    encoding = chardet.detect(sample)["encoding"]
    return _codec(encoding) if encoding else None
