"""Every kind of broken dump in one tree: one sentence and a ledger row for each fault, and all else goes through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from tests.forms.builds import Built, build_tables
from tests.forms.expected import expected
from tests.robustness.faults import FAULTS, N_CAPTURES, Fault
from tests.simulation import SimCapture, crawl, simulate_site
from tests.simulation.writers import FORMS


@dataclass(frozen=True)
class Broken:
    """The build of a tree of broken files."""

    found: Built
    captures: Mapping[str, Sequence[SimCapture]]
    """What each file was made of."""

    def ledger(self, name: str) -> pl.DataFrame:
        """A file's records in order."""
        return self.found["raw_records"].filter(pl.col("raw_path") == name).sort("record_no")


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Broken:
    folder = tmp_path_factory.mktemp("broken")
    site = simulate_site(11, n_items=50)
    headed = [
        one
        for one in crawl(site, 12, n_captures=400)
        if one.header == "en" and not one.is_cut and one.kind == "article"
    ]
    given = {fault.name: headed[at * N_CAPTURES : (at + 1) * N_CAPTURES] for at, fault in enumerate(FAULTS)}
    for fault in FAULTS:
        path = folder / "raw" / fault.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(fault.content(given[fault.name]))
    return Broken(build_tables(folder / "raw", outputs=folder / "out"), given)


each = pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])


@each
def test_each_record_has_its_status_and_reason(fault: Fault, broken: Broken) -> None:
    ledger = broken.ledger(fault.name)
    assert ledger["record_no"].to_list() == list(range(ledger.height))
    assert tuple(ledger.select("status", "reason").rows()) == fault.verdicts


@each
def test_every_capture_beside_the_fault_goes_through_whole(fault: Fault, broken: Broken) -> None:
    gold = expected(broken.captures[fault.name], FORMS["text" if fault.is_text else "warc"], "warc")
    ids = [gold.capture_id(capture) for capture in gold.held]
    found = broken.ledger(fault.name)["capture_id"].drop_nulls().to_list()
    assert {ids[place] for place in fault.survivors} <= set(found)
    assert len(found) == len(fault.survivors) + fault.changed


@each
def test_what_is_rejected_is_told_in_one_sentence_that_names_the_file(fault: Fault, broken: Broken) -> None:
    for number in broken.ledger(fault.name).filter(pl.col("status") == "rejected")["record_no"]:
        sentence = broken.found.details[fault.name, number]
        if sentence is not None:
            assert fault.name in sentence
            assert "\n" not in sentence
            assert sentence.endswith(".")


def test_no_rule_breaks(broken: Broken) -> None:
    assert broken.found.broken_rules == ()


def test_every_record_of_every_file_is_in_the_ledger(broken: Broken) -> None:
    assert set(broken.found["raw_records"]["raw_path"]) == {fault.name for fault in FAULTS}
    assert sum(broken.found.statuses.values()) == broken.found["raw_records"].height


def test_hostile_names_in_a_zip_make_no_file(broken: Broken, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert not list(tmp_path_factory.getbasetemp().rglob("hostile.warc*"))
    assert not Path("/hostile.warc.gz").exists()
