"""Where a release goes: one module per portal behind one protocol, and one way of going there.

A target stages, gives back what it holds, and reveals; `run` alone decides in which order, and that nothing is revealed
before every byte was fetched again. No release is made or changed here.
"""
