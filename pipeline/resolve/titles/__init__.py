"""What a title says: category, speakers, place, date and countries, read from its words alone.

Pure functions over one title; which title an event shows, and what becomes of a problem, is decided elsewhere.
"""

from pipeline.resolve.titles.facts import Problem, Speaker, TitleFacts
from pipeline.resolve.titles.reading import read_title

__all__ = ["Problem", "Speaker", "TitleFacts", "read_title"]
