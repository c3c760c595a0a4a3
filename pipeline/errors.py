"""The one exception class whose message is meant for the person who started the command."""


class ChanceryError(Exception):
    """Something the user can put right: the message is one sentence that says what and how, never a traceback."""
