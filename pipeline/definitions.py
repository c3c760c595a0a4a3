"""What Dagster loads: the assets, their checks, the job and schedule that build them, and the arguments of a build.

Only here does the environment say where dumps and outputs lie (`chancery ui` sets it): CHANCERY_RAW, folders parted as
in PATH, and CHANCERY_OUTPUTS.
"""

import os

import dagster as dg

from pipeline.assets.catalogue import ASSETS, CHECKS
from pipeline.assets.jobs import build_dataset
from pipeline.assets.links import with_links
from pipeline.assets.release import RELEASE_ASSETS, ReleaseArguments, release_job
from pipeline.assets.resource import Build

build_every_night = dg.ScheduleDefinition(
    name="build_every_night",
    job=build_dataset,
    cron_schedule="30 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="For a folder of dumps that others add to. Off until someone turns it on.",
)

defs = dg.Definitions(
    assets=with_links([*ASSETS, *RELEASE_ASSETS], os.environ.get("CHANCERY_PAGES")),
    asset_checks=CHECKS,
    resources={
        "build": Build(
            raw=os.environ.get("CHANCERY_RAW", "raw").split(os.pathsep),
            outputs=os.environ.get("CHANCERY_OUTPUTS", "outputs"),
        ),
        "release_arguments": ReleaseArguments(),
    },
    jobs=[build_dataset, release_job],
    schedules=[build_every_night],
    executor=dg.in_process_executor,
)
