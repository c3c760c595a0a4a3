"""From a Markdown page to its fenced blocks and generated parts, and back with other content in them.

The decision made here: which blocks are live. A `console` block holds commands (`$ chancery …`) with their output; a
`text` block straight after a `python` or `sql` block holds what that block prints; what stands between
`<!-- generated: NAME -->` and `<!-- end -->` is written by the project. All other blocks are left alone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

_FENCE = re.compile(r"^```(\w*)( simulated)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_GENERATED = re.compile(r"(<!-- generated: ([\w -]+) -->\n).*?(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block."""

    language: str
    is_simulated: bool
    """Whether it runs over the simulated site instead of the samples."""
    text: str
    start: int
    """Where its text begins in the page."""
    end: int
    shows_output_of_the_block_before: bool


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found: list[Block] = []
    before = 0
    for match in _FENCE.finditer(page):
        follows = bool(found) and not page[before : match.start()].strip()
        shows = match[1] == "text" and follows and found[-1].language in {"python", "sql"}
        found.append(Block(match[1], bool(match[2]), match[3], match.start(3), match.end(3), shows))
        before = match.end()
    return found


def rendered(page: str, run: Callable[[Block], str], generate: Callable[[str], str]) -> str:
    """The page with what its blocks print and its generated parts made anew.

    Args:
        page: Markdown.
        run: what a `python`, `sql` or `console` block comes to; for `console` the whole block with its commands.
        generate: text of a generated part by its name.
    """
    page = _GENERATED.sub(lambda match: f"{match[1]}{generate(match[2])}\n{match[3]}", page)
    parts: list[str] = []
    done = 0
    printed = ""
    for block in blocks(page):
        if block.language in {"python", "sql"}:
            printed = run(block)
            continue
        if block.language == "console":
            new = run(block)
        elif block.shows_output_of_the_block_before:
            new = printed
        else:
            continue
        parts += [page[done : block.start], new]
        done = block.end
    return "".join([*parts, page[done:]])
