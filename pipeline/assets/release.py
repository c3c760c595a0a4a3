"""The release as assets of a job of their own: first what may refuse it, then the folder, each with a blocking check.

The one decision made here: to materialise everything does not release anything. A release is made when it is asked for:
by the job `make_release`, by `make: true` in the resource's configuration, or by `chancery release`.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import dagster as dg

from pipeline.assets.publish import dataset
from pipeline.assets.resource import BuildArguments
from pipeline.assets.specs import RELEASE as RELEASE_GROUP
from pipeline.publish.release.changelog import difference_lines
from pipeline.publish.release.make import make_release
from pipeline.publish.release.plan import ReleaseRefusedError, ReleaseRequest, plan_release
from pipeline.publish.release.verify import verify

PLAN: Final = "release_plan"
RELEASE: Final = "release"


class ReleaseArguments(dg.ConfigurableResource[None]):
    """The arguments of a release as Dagster configuration."""

    make: bool = False
    """Whether a release is asked for at all."""
    version: str = ""
    """X.Y.Z; empty: the lowest that the differences allow."""
    edition: str = "full"
    date: str = ""
    """Day of issue, YYYY-MM-DD; empty: the newest day of capture."""
    profile: str = "release.toml"

    def request(self, outputs: Path) -> ReleaseRequest:
        """The configuration as a request."""
        return ReleaseRequest(
            outputs=outputs,
            edition=self.edition,
            version=self.version or None,
            issued=date.fromisoformat(self.date) if self.date else None,
            profile=Path(self.profile),
        )


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            PLAN,
            deps=[dataset],
            group_name=RELEASE_GROUP,
            skippable=True,
            description="The version the tables would be released as, and what changed since the release before.",
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "can_be_released", asset=PLAN, blocking=True, description="No rule is broken, no published id vanished."
        )
    ],
    name=PLAN,
)
def release_plan(
    build: dg.ResourceParam[BuildArguments], release_arguments: ReleaseArguments
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Check everything again and decide the version."""
    if not release_arguments.make:
        # Only the check reports: no asset is made, so Dagster skips what follows.
        yield dg.AssetCheckResult(asset_key=PLAN, passed=True, description="no release was asked for")
        return
    try:
        plan = plan_release(release_arguments.request(build.request().outputs))
    except ReleaseRefusedError as refused:
        verdict = dg.AssetCheckResult(passed=False, metadata={"reasons": list(refused.reasons)})
        yield dg.MaterializeResult(asset_key=PLAN, check_results=[verdict])
        return
    yield dg.MaterializeResult(
        asset_key=PLAN,
        metadata={
            "version": str(plan.version),
            "level": plan.difference.level.word,
            "changes": dg.MetadataValue.md("\n".join(difference_lines(plan.difference))),
        },
        check_results=[dg.AssetCheckResult(passed=True)],
    )


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            RELEASE,
            deps=[PLAN],
            group_name=RELEASE_GROUP,
            description="The newest release's folder under outputs/releases.",
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "verified", asset=RELEASE, blocking=True, description="All that `chancery check` looks at holds."
        )
    ],
    name=RELEASE,
)
def release(
    build: dg.ResourceParam[BuildArguments], release_arguments: ReleaseArguments
) -> Iterator[dg.MaterializeResult[None]]:
    """Make the release."""
    plan = plan_release(release_arguments.request(build.request().outputs))
    folder = make_release(plan)
    checks = verify(folder)
    yield dg.MaterializeResult(
        asset_key=RELEASE,
        metadata={"version": str(plan.version), "folder": dg.MetadataValue.path(str(folder))},
        check_results=[
            dg.AssetCheckResult(
                passed=all(check.passed for check in checks),
                metadata={check.name: check.detail for check in checks},
            )
        ],
    )


RELEASE_ASSETS: Final = (release_plan, release)

release_job = dg.define_asset_job(
    "make_release",
    selection=dg.AssetSelection.assets(*RELEASE_ASSETS),
    config={"resources": {"release_arguments": {"config": {"make": True}}}},
    description="Releases the published tables, as `chancery release` does it.",
)
