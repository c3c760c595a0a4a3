"""What may go wrong in a command: what its user can put right, and what nobody foresaw."""


class ChanceryError(Exception):
    """Something the user can put right: the message is one sentence that says what and how, never a traceback."""


class StageFailedError(Exception):
    """A stage ended with an error nobody foresaw; the message names it in one line, `where` is its traceback."""

    def __init__(self, name: str, words: str, where: str) -> None:
        super().__init__(f"{name}: {words}")
        self.name = name
        self.words = words
        self.where = where
