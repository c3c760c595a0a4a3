"""One page's text in, one `ParsedPage` out; every non-blank line ends in it.

Nothing here knows of files, of other pages or of identity.
"""

from pipeline.parse.parser import parse_page

__all__ = ["parse_page"]
