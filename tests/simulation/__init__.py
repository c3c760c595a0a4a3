"""A simulated embassy site with known truth: its life, crawls of it, and every raw form of a dump.

Serves tests and benchmarks. Everything follows from seeds; every person and sentence is invented.
Nothing here imports the pipeline: gold never learns from what it measures.
"""

from tests.simulation.capture import SimArticle, SimCapture, SimTeaser
from tests.simulation.crawl import CrawlRates, crawl
from tests.simulation.edits import EditRates, Wording
from tests.simulation.hard_cases import HardCaseRates
from tests.simulation.site import HardPair, Item, Section, Site, simulate_site

__all__ = [
    "CrawlRates",
    "EditRates",
    "HardCaseRates",
    "HardPair",
    "Item",
    "Section",
    "SimArticle",
    "SimCapture",
    "SimTeaser",
    "Site",
    "Wording",
    "crawl",
    "simulate_site",
]
