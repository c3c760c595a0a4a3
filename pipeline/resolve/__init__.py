"""Which observations are the same thing: forms, decisions, clusters, links, versions, ids.

Frames in, frames out; no page is parsed and no file is touched here.
"""
