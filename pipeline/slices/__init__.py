"""Reading and parsing, slice by slice, in a pool of workers; what was read once is not read again.

Only files, processes and the state of what was read live here; no rule of the data does.
"""
