"""Raw dumps, builds and releases for tests: the two samples, a simulated crawl, and a capture that breaks a rule."""

import shutil
from datetime import date
from pathlib import Path

from pipeline.build import build
from pipeline.progress import Silent
from pipeline.publish.release.make import make_release
from pipeline.publish.release.plan import ReleaseRequest, plan_release
from pipeline.request import BuildRequest
from tests.simulation import crawl, simulate_site
from tests.simulation.writers import write_warc_stream

ROOT = Path(__file__).resolve().parents[3]
PROFILE = ROOT / "release.toml"
ISSUED = date(2026, 11, 21)

MISDATED = """18 November 2018
Moscow: 00:03
London: 21:03

Consular queries:
+44 (0) 203 668 7474
info@rusemb.org.uk


PRESS RELEASES AND NEWS

17.11.2018

=Reply to a question about a formula

Paragraph one of an invented article, long enough to be one.

LATEST EVENTS

30.12.2019 - A teaser dated a year after its page

The text under an invented teaser that cannot have stood there yet.


16.11.2018 - An invented teaser of the day before

+Its text begins with a plus sign, as a formula would.
"""
"""An invented capture: a teaser dated after its page goes into the quarantine; two texts begin like formulas."""


def make_raw(folder: Path, *, n_captures: int = 40) -> Path:
    """Raw dumps in a folder."""
    folder.mkdir(parents=True)
    for path in sorted((ROOT / "raw").glob("*.txt")):
        shutil.copy(path, folder / path.name)
    (folder / "misdated.txt").write_text(MISDATED, encoding="utf-8")
    write_warc_stream(crawl(simulate_site(7, n_items=60), 8, n_captures=n_captures), folder / "crawl.warc.gz")
    return folder


def make_outputs(raw: Path, outputs: Path, *, previous: Path | None = None, workers: int = 1) -> Path:
    """A build of raw dumps."""
    build(BuildRequest(raw=(raw,), outputs=outputs, workers=workers, previous=previous), Silent())
    return outputs


def release(outputs: Path, *, edition: str = "full", version: str | None = None, profile: Path = PROFILE) -> Path:
    """A release of a build, under its outputs."""
    request = ReleaseRequest(outputs=outputs, edition=edition, version=version, issued=ISSUED, profile=profile)
    return make_release(plan_release(request))
