"""An item as lines for a terminal: what it is, what it says, and where each of its captures comes from."""

import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from pipeline.counted import counted
from pipeline.lookup import Item, Row

_LABEL = 16
_LONG_FACTS: Final = ("words_added", "words_removed")
_LONG_PARTS: Final = {"statements": "text", "teasers": "title", "unplaced_lines": "text"}
"""Long texts that are shortened, by the parts of an item they stand in."""
_KNOWN_FROM: Final = {
    "teaser": "teasers only, no capture of its article",
    "article": "its article only, no teaser",
    "both": "teasers and its article",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of output."""

    text: str
    is_heading: bool = False


def item_lines(item: Item, *, width: int, limit: int | None) -> Iterator[Line]:
    """The item for a terminal.

    Args:
        item: what to print.
        width: columns of the terminal; only names of files are longer than it.
        limit: how many entries of each list and paragraphs of a text are printed; null for all, and texts whole.
    """
    for line in _lines(item if limit is None else _shortened(item), width, limit):
        yield Line(printable(line.text), line.is_heading)


def printable(text: str) -> str:
    """A text off a page without the control characters that could steer a terminal."""
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) != "Cc")


def _lines(item: Item, width: int, limit: int | None) -> Iterator[Line]:
    for step in item.redirects:
        since = f" since release {step['since_release']}" if step["since_release"] else ""
        target = step["new_id"] or "nothing"
        yield Line(f"{step['old_id']} is {step['reason']}{since} and leads to {target}.")
    if item.kind == "withdrawn":
        return
    yield Line(f"{item.kind} {item.item_id}", is_heading=True)
    for label, value in _FACTS[item.kind](item):
        yield from _fact(label, value, width)
    for heading, entries in _PARTS[item.kind](item):
        if not entries:
            continue
        yield Line("")
        yield Line(f"{heading} ({len(entries)})", is_heading=True)
        yield from _cut([_wrapped(entry, width, hanging=4) for entry in entries], limit)
    if body := item.facts.get("body"):
        yield Line("")
        yield Line("Text", is_heading=True)
        yield from _cut([_wrapped(paragraph, width) for paragraph in body.split("\n\n")], limit, between=True)
    if item.captures:
        yield Line("")
        yield Line("Raw records" if item.kind == "capture" else _seen_in(item), is_heading=True)
        yield from _cut([_capture_lines(capture, item.kind) for capture in item.captures], limit)


def _shortened(item: Item) -> Item:
    """The item with the start of its long texts."""
    facts = {key: _short(item.facts[key]) for key in _LONG_FACTS if key in item.facts}
    parts = {
        name: [row | {_LONG_PARTS[name]: _short(row[_LONG_PARTS[name]])} for row in rows]
        if name in _LONG_PARTS
        else rows
        for name, rows in item.parts.items()
    }
    return replace(item, facts=item.facts | facts, parts=parts)


def _seen_in(item: Item) -> str:
    """How many captures show an item; an article's date may stand in teasers of others."""
    shown = len(item.captures)
    if item.kind == "article":
        shown = sum(any(place["what"] == "article" for place in capture["shows"]) for capture in item.captures)
    dated = len(item.captures) - shown
    return f"Seen in {counted(shown, 'capture')}" + (f", dated by a teaser in {dated:,} more" if dated else "")


def _cut(entries: Sequence[Sequence[str]], limit: int | None, *, between: bool = False) -> Iterator[Line]:
    shown = entries if limit is None or len(entries) <= limit else entries[:limit]
    for number, lines in enumerate(shown):
        if between and number:
            yield Line("")
        for line in lines:
            yield Line(line)
    if len(shown) < len(entries):
        yield Line(f"  … and {len(entries) - len(shown):,} more (--all)")


def _fact(label: str, value: str | None, width: int) -> Iterator[Line]:
    if value is None:
        return
    lines = textwrap.wrap(value, max(width - _LABEL - 2, 20), break_long_words=False, break_on_hyphens=False)
    for number, line in enumerate(lines):
        yield Line(f"  {label if not number else '':<{_LABEL}}{line}")


def _wrapped(text: str, width: int, *, hanging: int = 0) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent="  ",
        subsequent_indent=" " * (2 + hanging),
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )


def _event_facts(item: Item) -> Iterator[tuple[str, str | None]]:
    facts = item.facts
    yield "title", _text(facts)
    if facts["first_title"] != facts["title"]:
        yield "first title", _text(facts, "first_title")
    yield "published on", _published(facts)
    yield "section", facts["section"]
    yield "category", facts["category"]
    yield "speakers", "; ".join(_person(row) for row in item.parts["speakers"]) or None
    yield "place", facts["place"]
    yield "date in title", facts["title_date"] and f"{facts['title_date']} ({facts['title_date_kind']})"
    yield "countries", facts["countries"] or None
    yield "known from", _KNOWN_FROM[facts["known_from"]]
    for link in item.parts["articles"]:
        yield "article", f"{link['article_id']} (linked by {link['method']})"
    yield "teaser", facts["teaser"]


def _article_facts(item: Item) -> Iterator[tuple[str, str | None]]:
    facts = item.facts
    yield "title", _text(facts)
    if facts["first_title"] != facts["title"]:
        yield "first title", _text(facts, "first_title")
    yield "published on", _published(facts)
    yield "section", facts["section"]
    yield "url", facts["url"]
    yield "language", facts["language"]
    yield "words", facts["n_words"] and f"{facts['n_words']:,}"
    yield "whole text", "no, every capture of it is cut off" if facts["is_truncated"] else None
    for link in item.parts["events"]:
        yield "event", f"{link['event_id']} (linked by {link['method']})"


def _version_facts(item: Item) -> Iterator[tuple[str, str | None]]:
    facts = item.facts
    yield "version", f"{facts['version']} of article {facts['article_id']}"
    yield "title", _text(facts)
    yield "seen", _span(facts)
    if facts["n_words_added"] is not None:
        yield "words that came", f"{facts['n_words_added']:,}  {_line(facts['words_added'])}"
        yield "words that went", f"{facts['n_words_removed']:,}  {_line(facts['words_removed'])}"


def _wording_facts(item: Item) -> Iterator[tuple[str, str | None]]:
    facts = item.facts
    yield "of", f"event {facts['event_id']}"
    yield "published on", _day(facts["published_on"])
    yield "title", _text(facts)
    yield "teaser", facts["teaser"]
    yield "match", facts["match"]
    yield "seen", f"{counted(facts['n_observations'], 'time')}, {_span(facts)}"


def _article_wording_facts(item: Item) -> Iterator[tuple[str, str | None]]:
    facts = item.facts
    yield "of", f"article {facts['article_id']}"
    yield "title", _text(facts)
    yield "published on", _day(facts["published_on"])
    yield "url key", facts["urlkey"]


def _capture_facts(item: Item) -> Iterator[tuple[str, str | None]]:
    facts = item.facts
    source = f"{facts['captured_at_source']}, to the {facts['captured_at_precision']}"
    yield "captured at", f"{_instant(facts['captured_at'])} (from {source})" if facts["captured_at"] else "not known"
    yield "kind of page", facts["page_kind"] + (f", layout {facts['layout']}" if facts["layout"] else "")
    yield "section", facts["section"]
    yield "url", facts["url"]
    yield "archive", facts["archive"]
    yield "memento", facts["memento_url"]
    yield "search link", facts["lookup_url"] and f"{facts['lookup_url']} (may land elsewhere)"
    if facts["page_date"]:
        clocks = f"{facts['page_date']}, Moscow {facts['moscow_clock']}, London {facts['london_clock']}"
        yield "page's clock", f"{clocks} ({facts['clock_check']})"
    yield "lines", f"{facts['n_lines']:,}, {facts['n_unplaced_lines']:,} of them not placed"
    yield "cut off", "yes" if facts["is_truncated"] else None


_Facts = Callable[[Item], Iterable[tuple[str, str | None]]]
_FACTS: Final[Mapping[str, _Facts]] = {
    "event": _event_facts,
    "article": _article_facts,
    "version": _version_facts,
    "wording": _wording_facts,
    "article wording": _article_wording_facts,
    "capture": _capture_facts,
}


def _event_parts(item: Item) -> Iterator[tuple[str, list[str]]]:
    yield (
        "Wordings",
        [
            f"{row['form_id']}  {row['match']}, {counted(row['n_observations'], 'teaser')}, {_span(row)}: {_text(row)}"
            for row in item.parts["wordings"]
        ],
    )
    yield (
        "Comparisons with other wordings",
        [
            f"{row['form_id_a']} {'=' if row['same'] else '≠'} {row['form_id_b']}  {row['reason']}"
            for row in item.parts["decisions"]
        ],
    )


def _article_parts(item: Item) -> Iterator[tuple[str, list[str]]]:
    yield (
        "Versions",
        [f"{row['version']}  {row['version_id']}  {_seen(row)}" for row in item.parts["versions"]],
    )
    yield (
        "Questions and answers",
        [f"{row['role']}{_by(row)}: {_line(row['text'])}" for row in item.parts["statements"]],
    )


def _capture_parts(item: Item) -> Iterator[tuple[str, list[str]]]:
    yield "Counters", [f"{row['days']:,} days  {row['counter']}" for row in item.parts["counters"]]
    yield "Article", [f"{row['article_id']}  {_text(row)}" for row in item.parts["articles"]]
    yield (
        "Teasers",
        [
            f"line {row['line_no']}  {row['event_id']}  {_day(row['published_on']) or ''}  {_text(row)}"
            for row in item.parts["teasers"]
        ],
    )
    yield "Lines not placed", [f"line {row['line_no']}  {_line(row['text'])}" for row in item.parts["unplaced_lines"]]
    yield (
        "In quarantine",
        [f"{row['table']}.{row['column'] or '*'}  {row['rule']}  {row['row_key']}" for row in item.parts["quarantine"]],
    )


def _no_parts(_item: Item) -> Iterator[tuple[str, list[str]]]:
    yield from ()


_PARTS: Final[Mapping[str, Callable[[Item], Iterable[tuple[str, list[str]]]]]] = {
    "event": _event_parts,
    "article": _article_parts,
    "version": _no_parts,
    "wording": _no_parts,
    "article wording": _no_parts,
    "capture": _capture_parts,
}


def _capture_lines(capture: Row, kind: str) -> list[str]:
    """When a capture was made, where the item stands on it, and where its raw records are."""
    lines = []
    if kind != "capture":
        places = "; ".join(_place(place) for place in capture["shows"])
        lines.append(f"  {_instant(capture['captured_at'])}  {capture['capture_id']}  {places}")
        if link := capture["memento_url"] or capture["url"]:
            lines.append(f"    {link}")
    for record in capture["raw_records"]:
        lines += _record_lines(record, 4)
        if original := record.get("repeats"):
            lines.append("    repeats what was read from")
            lines += _record_lines(original, 6)
    return lines


def _record_lines(record: Row, indent: int) -> list[str]:
    """Where a raw record is, and what it was to the build."""
    place = [f"record {record['record_no']}"]
    if record["offset"] is not None:
        place.append(f"byte {record['offset']:,}" + (f" + {record['length']:,}" if record["length"] else ""))
    place.append(record["status"] + (f" ({record['reason']})" if record["reason"] else ""))
    blank = " " * indent
    return [f"{blank}{record['raw_path']}", f"{blank}  {', '.join(place)}", f"{blank}  sha256 {record['sha256']}"]


def _place(place: Row) -> str:
    if place["what"] == "article":
        return "article, cut off" if place["is_truncated"] else "article"
    return f"teaser {place['position'] + 1} in line {place['line_no']}" + (" (again)" if place["is_repeat"] else "")


def _text(row: Row, column: str = "title") -> str:
    return row[column] or "(no title)"


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _short(text: str | None) -> str:
    line = _line(text)
    return line if len(line) <= 100 else line[:99] + "…"


def _person(row: Row) -> str:
    return ", ".join(part for part in (row["name"], row["role"]) if part)


def _by(row: Row) -> str:
    who = f" by {row['speaker']}" if row["speaker"] else ""
    return who + (f" to {row['addressed_to']}" if row["addressed_to"] else "")


def _published(facts: Row) -> str:
    if facts["published_on"] is None:
        return "not known"
    source = "printed on its page" if facts["published_on_source"] == "page" else "printed in a teaser"
    return f"{facts['published_on']} ({source})"


def _seen(row: Row) -> str:
    seen = f"{counted(row['n_captures'], 'capture')}, {_span(row)}"
    if row["n_words_added"] is None:
        return seen
    return f"{seen}, {counted(row['n_words_added'], 'word')} came, {row['n_words_removed']:,} went"


def _span(row: Row) -> str:
    first, last = row["first_captured_at"], row["last_captured_at"]
    return _instant(first) if first == last else f"{_instant(first)} to {_instant(last)}"


def _instant(value: datetime | None) -> str:
    return "time not known" if value is None else f"{value:%Y-%m-%d %H:%M} UTC"


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
