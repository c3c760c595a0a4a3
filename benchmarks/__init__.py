"""What the pipeline costs, as ratios against a floor and against other tools, measured in one run (`make bench`).

Everything here runs commands and counts; nothing of the pipeline imports it.
"""
