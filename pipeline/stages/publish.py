"""Last stage: the staged tables take the place of the published ones, and the build's figures are kept with them."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict

import polars as pl

from pipeline.check.set_rules import RuleResult
from pipeline.counted import counted
from pipeline.request import BuildRequest
from pipeline.stages.inputs import kept_state
from pipeline.stages.ledger import other_sites
from pipeline.stages.staging import kept, scan_staged
from pipeline.summary import BuildSummary, TableSummary, published_files
from pipeline.workspace import Workspace, promote, write_json
from schemas.names import TABLE_NAMES

_SENTENCES_PER_REASON = 3


def keep_rules(workspace: Workspace, results: Sequence[RuleResult]) -> None:
    """Keep what the checks found for the summary."""
    facts = [{key: value for key, value in asdict(result).items() if key != "samples"} for result in results]
    write_json(workspace.staging / "_rules.json", facts)


def publish(request: BuildRequest) -> BuildSummary:
    """Put the tables in view and return the build's summary."""
    workspace = request.workspace
    summary = _summarise(workspace)
    promote(workspace, TABLE_NAMES)
    summary = BuildSummary.from_json(summary.to_json() | {"files": published_files(workspace.tables)})
    state = kept_state(workspace)
    known = {"fingerprint": state.fingerprint, "code": state.code, "summary": summary.to_json()}
    write_json(workspace.build_state, known)
    return summary


def _summarise(workspace: Workspace) -> BuildSummary:
    rules = json.loads((workspace.staging / "_rules.json").read_text(encoding="utf-8"))
    n_rules = Counter(rule["table"] for rule in rules)
    n_failed = Counter(rule["table"] for rule in rules if rule["n_failed"])
    quarantined = dict(
        scan_staged(workspace, "quarantine").group_by("table").agg(pl.col("row_key").n_unique()).collect().iter_rows()
    )
    statuses = scan_staged(workspace, "raw_records").group_by("status").agg(pl.len()).collect(engine="streaming")
    rejected = kept(workspace, "rejected").collect()
    return BuildSummary(
        tables=tuple(
            TableSummary(
                name=name,
                n_rows=scan_staged(workspace, name).select(pl.len()).collect().item(),
                n_quarantined=quarantined.get(name, 0),
                n_rules=n_rules[name],
                n_failed=n_failed[name],
            )
            for name in TABLE_NAMES
        ),
        statuses=dict(sorted(statuses.iter_rows())),
        problems=_sentences(rejected),
        n_problems=rejected.height,
        warnings=(
            *_doubts(workspace),
            *(
                f"{rule['table']}: {rule['rule']} does not hold for {rule['n_failed']:,} of "
                f"{counted(rule['n_checked'], 'row')}; it may have exceptions, so look at these rows "
                "before you use them"
                for rule in rules
                if rule["n_failed"]
            ),
        ),
        notes=() if (others := other_sites(workspace)) is None else (f"{others}; name what you want with --site",),
    )


def _doubts(workspace: Workspace) -> list[str]:
    """What a reader should know of the captures as a whole: that there are none, or that some prove nothing."""
    unproven = pl.col("url").is_null() & pl.col("page_date").is_null()
    n_captures, n_unproven = (
        scan_staged(workspace, "captures").select(pl.len(), unproven.sum()).collect(engine="streaming").row(0)
    )
    if not n_captures:
        return ["no capture of the site was found, so the tables are empty"]
    if n_unproven:
        doubt = f"captures with neither an address nor the site's header: {n_unproven:,} of {n_captures:,}"
        return [f"{doubt}; nothing but their place in the dumps says that they are of the site"]
    return []


def _sentences(rejected: pl.DataFrame) -> tuple[str, ...]:
    """What is wrong with rejected records, the first few of each reason."""
    told: dict[str, list[str]] = defaultdict(list)
    for path, number, reason, detail in rejected.select("raw_path", "record_no", "reason", "detail").iter_rows():
        if len(told[reason]) < _SENTENCES_PER_REASON:
            told[reason].append(detail or f"{path}, record {number}: {reason.replace('_', ' ')}.")
    return tuple(sentence for reason in sorted(told) for sentence in told[reason])
