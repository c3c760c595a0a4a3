"""Other machinery than this machine's process pool to do a build's heavy pieces; the build itself stays the same.

Adapters only: what a piece computes is defined by the functions the pool runs, and no rule of the data belongs here.
"""
