"""The line of counters, "N days have passed since …" (source-format.md, Counters).

Both counters stand on one physical line, parted by a run of U+00A0 or of spaces. The one decision made here: a counter
starts wherever a number and the fixed words stand, and what follows up to the next start is its wording, so
that a new counter needs no code.
"""

import re

from pipeline.parse.page import CounterLine

_START = re.compile(r"(?<!\S)([0-9]{1,6}) days? (?:have|has) passed since (?=\S)")


def looks_like_counters(line: str) -> bool:
    """Tell whether a line starts as a counter does; cheap, for it is asked of many lines."""
    return line[:1].isdigit() and "passed" in line[:40] and _START.match(line) is not None


def read_counters(line: str, line_no: int, first_position: int = 0) -> list[CounterLine]:
    """Read all counters of a line with its blanks collapsed; empty where it does not start with one.

    A counter's label ends at the first ` - `; what follows is its claim, None where there is no dash.
    """
    if not looks_like_counters(line):
        return []
    starts = list(_START.finditer(line))
    stops = [start.start() for start in starts[1:]] + [len(line)]
    counters = []
    for position, (start, stop) in enumerate(zip(starts, stops, strict=True), first_position):
        label, dash, claim = line[start.end() : stop].rstrip().partition(" - ")
        counters.append(
            CounterLine(
                position=position,
                days=int(start.group(1)),
                label=label,
                claim=claim if dash and claim else None,
                raw_text=line[start.start() : stop].rstrip(),
                line_no=line_no,
            )
        )
    return counters
