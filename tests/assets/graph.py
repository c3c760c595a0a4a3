"""The asset graph as plain data, and the file that keeps it: `python -m tests.assets.graph` writes it anew."""

import json
from pathlib import Path
from typing import Any

import dagster as dg

KEPT = Path(__file__).with_name("graph.json")


def graph_of(defs: dg.Definitions) -> dict[str, Any]:
    """Assets with group, dependencies and checks; jobs, schedules and sensors with whether they run unasked."""
    graph = defs.resolve_asset_graph()
    repository = defs.get_repository_def()
    assets = {
        key.to_user_string(): {
            "group": graph.get(key).group_name,
            "deps": sorted(parent.to_user_string() for parent in graph.get(key).parent_keys),
            "checks": sorted(
                check.name + (" (blocking)" if graph.get(check).blocking else "") for check in graph.get(key).check_keys
            ),
            "kinds": sorted(graph.get(key).kinds),
        }
        for key in sorted(graph.get_all_asset_keys())
    }
    return {
        "assets": assets,
        "jobs": sorted(job.name for job in repository.get_all_jobs() if not job.name.startswith("__")),
        "schedules": {schedule.name: schedule.default_status.value for schedule in repository.schedule_defs},
        "sensors": {sensor.name: sensor.default_status.value for sensor in repository.sensor_defs},
    }


def as_text(graph: dict[str, Any]) -> str:
    return json.dumps(graph, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    from pipeline.definitions import defs

    KEPT.write_text(as_text(graph_of(defs)), encoding="utf-8")
