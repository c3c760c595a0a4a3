"""A number with its noun, for people to read: every message that counts words it here."""


def counted(number: int, noun: str) -> str:
    """The number and the noun: `1 capture`, `1,200 captures`."""
    return f"{number:,} {plural(number, noun)}"


def plural(number: int, noun: str) -> str:
    """The noun as it stands behind the number, for nouns that take an s."""
    return noun if number == 1 else f"{noun}s"
