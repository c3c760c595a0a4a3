"""From a plain text file to its one record: the file is the page.

The one decision made here: a text is taken only if its encoding is certain. A byte order mark or strict UTF-8 decides;
failing that, an old Windows encoding is accepted where the detector and the letters agree, and everything else is
rejected as `undecodable`: a wrong guess would put letters nobody wrote into the dataset.
"""

import codecs
import hashlib
import re
from collections.abc import Iterator

from pipeline.ingest.cdx import complete
from pipeline.ingest.reader import RawFile, ReadOptions, RejectedFileError
from pipeline.ingest.unpack import packing_of, read_bounded, too_large
from pipeline.ingest.wayback_trees import locate
from pipeline.records import Outcome, PageText, RawRecord

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# All controls but tab, the line ends and escape. Makers' slips leave one here and there; more are no text.
_CONTROLS = bytes([*range(9), *range(14, 27), *range(28, 32)])
_CONTROLS_ALLOWED = 200
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_WINDOWS_PUNCTUATION = frozenset("‘’“”–—…•£€©®°§«» \u00a0éèêëáàâäãåçíìîïñóòôöõúùûüýÉÈÁÀÇÍÓÖÚÜßæøÆØ½¼¾")


class TextReader:
    """Reads a plain text file, packed or not."""

    raw_format = "text"

    def read(self, file: RawFile, options: ReadOptions) -> Iterator[RawRecord]:
        """Yield the file's one record."""
        stored = stored_bytes(file, options.max_record_bytes)
        content = stored if packing_of(stored) is None else read_bounded(file.path, options.max_record_bytes)
        text, is_cut = decode_text(content)
        if not text.strip():
            raise RejectedFileError("empty", "it holds nothing but blanks.")
        place = locate((file.tree_path or file.raw_path).removesuffix(".txt"))
        record = RawRecord(
            raw_path=file.raw_path,
            record_no=0,
            raw_format=self.raw_format,
            outcome=Outcome.PAGE,
            offset=0,
            length=len(stored),
            url=place.url,
            recorded=place.recorded,
            media_type="text/plain",
            sha256=hashlib.sha256(stored).hexdigest(),
            page=PageText(text, is_cut=is_cut),
        )
        yield record if options.cdx is None else complete(record, options.cdx, stored)


def stored_bytes(file: RawFile, max_bytes: int) -> bytes:
    """Return a whole file as it is stored.

    Raises:
        RejectedFileError: `record_too_large`, having read no more than the limit.
    """
    with file.path.open("rb") as stream:
        stored = stream.read(max_bytes + 1)
    if len(stored) > max_bytes:
        raise too_large(max_bytes)
    return stored


def decode_text(content: bytes) -> tuple[str, bool]:
    """Return a text and whether its last character was cut in two.

    Raises:
        RejectedFileError: `binary` or `undecodable`.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decode_unicode(content[len(mark) :], encoding)
    if b"\x00" in content:
        raise RejectedFileError("binary", "it holds NUL bytes, so it is no text.")
    try:
        return _decode_unicode(content, "utf-8")
    except RejectedFileError as error:
        if error.reason != "undecodable" or _is_mostly_utf8(content):
            raise
    return _decode_windows(content), False


def _decode_unicode(content: bytes, encoding: str) -> tuple[str, bool]:
    """Decode strictly, but forgive a last character of which the end is missing: dumps are cut at a number of bytes."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(content)
    except UnicodeDecodeError as error:
        raise RejectedFileError("undecodable", f"it is not valid {encoding.upper()} at byte {error.start}.") from error
    is_cut = bool(decoder.getstate()[0])
    return _without_too_many_controls(text), is_cut


def _without_too_many_controls(text: str) -> str:
    content = text.encode("utf-8", "replace")
    n_controls = len(content) - len(content.translate(None, _CONTROLS))
    if b"\0" in content or n_controls * _CONTROLS_ALLOWED > len(content):
        raise RejectedFileError("binary", "it holds control characters, so it is no text.")
    return text


def _is_mostly_utf8(content: bytes) -> bool:
    """Whether more characters beyond ASCII are valid UTF-8 than bytes are not: damaged UTF-8, no old encoding."""
    valid = content.decode("utf-8", "ignore")
    n_valid = sum(not char.isascii() for char in valid)
    return n_valid > len(content) - len(valid.encode())


def _decode_windows(content: bytes) -> str:
    """Decode Windows-1251 or Windows-1252 where every letter beyond ASCII is one that the site's languages use."""
    import chardet

    guess = chardet.detect(content)["encoding"]
    n_high = sum(byte >= 0x80 for byte in content)
    for encoding in ("windows-1251", "windows-1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "windows-1251":
            fits = len(_CYRILLIC.findall(text)) >= 0.8 * n_high and (guess or "").lower() == encoding
        else:
            fits = all(char.isascii() or char in _WINDOWS_PUNCTUATION for char in text)
        if fits:
            return _without_too_many_controls(text)
    raise RejectedFileError("undecodable", "its encoding is neither UTF-8 nor one that can be told for certain.")
