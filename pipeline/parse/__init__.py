"""One page's text in, one `ParsedPage` out; every non-blank line ends in it.

Nothing here knows of files, of other pages or of identity.
"""
