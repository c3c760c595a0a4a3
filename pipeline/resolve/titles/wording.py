"""A title made plain for reading: one kind of quote and dash, and the parts that say what the item is.

The one decision made here: where an item's own description ends and its topic begins, so that "Comment on the article
in the Times" is a comment. Plain text keeps every character's place, so that names can be cut from the printed title.
"""

import re

PLAIN = str.maketrans("’‘ʼ`´“”„«»–—‑−‐", "'''''" + '"""""' + "-----")

PREFIX = re.compile(r"^(?:photos?|videos?|audio|update|updated|exclusive|live)\s*:\s*", re.IGNORECASE)
"""Words the site puts before a title, with a colon."""

WRAPPING = re.compile(
    r"^(?:(?:full )?(?:transcript|text|excerpts?|extracts?|highlights|summary)) (?:of|from) (?:the )?", re.IGNORECASE
)
"""Words that say how much of an item is shown; the item follows."""

TOPIC = re.compile(
    r"\b(?:on(?! behalf| the occasion)|about|concerning|regarding|with regard to|in connection with|in response to"
    r"|in reply to|in view of|relating to|related to|over"
    r"|(?:response|reaction) to(?! (?:an? |the )?(?:\w+ ){0,3}(?:questions?|quer|[ei]nquir)))\b",
    re.IGNORECASE,
)
"""Words after which a title speaks of its topic."""

QUOTED = re.compile(r'"[^"]*"?')


def collapse(title: str) -> str:
    """The title with each run of blanks (U+00A0 included) as one space."""
    return " ".join(title.split())


def plain(title: str) -> str:
    """The collapsed title with plain quotes and dashes, character for character."""
    return title.translate(PLAIN)


def is_shouted(text: str) -> bool:
    """True where a title has no small letters, so that capitals mean nothing."""
    return text.isupper()


def start_of_item(text: str) -> int:
    """Where the description of the item starts in a plain title: after "PHOTO:" and "Transcript of the"."""
    prefix = PREFIX.match(text)
    start = prefix.end() if prefix else 0
    wrapping = WRAPPING.match(text[start:])
    return start + wrapping.end() if wrapping else start


def head(text: str) -> str:
    """The part of a plain title that describes the item: up to its topic or a colon, quotations blanked out."""
    item = QUOTED.sub(lambda found: " " * len(found[0]), text[start_of_item(text) :])
    topic = TOPIC.search(item)
    if topic:
        item = item[: topic.start() if topic.start() == 0 else topic.end()]
    return item.split(": ", 1)[0]


def has_topic(text: str) -> bool:
    """True where a plain title says what its item is about."""
    return TOPIC.search(QUOTED.sub(" ", text)) is not None
