"""From what lies under the raw folders to the runs a service must start: new dumps are read, then the dataset is built.

The decision is a pure function of the dumps as they are, what earlier ticks remembered and whether reads are under way.
A dump is asked for once it looked the same at two ticks in a row, so that one still being copied is left alone; the
dataset once no dump changes and no read is under way. The sensor looks at names, sizes and times and opens no file.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import dagster as dg

from pipeline.assets.jobs import build_dataset, read_one_dump
from pipeline.assets.partitions import DUMPS
from pipeline.assets.resource import BuildArguments
from pipeline.errors import ChanceryError
from pipeline.ingest.discover import discover
from pipeline.stages.dumps import find_dumps

SECONDS_BETWEEN_TICKS = 60

_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dataclass(frozen=True, slots=True)
class Memory:
    """What one tick leaves for the next; the sensor's cursor."""

    seen: Mapping[str, str] = field(default_factory=dict)
    """State of every dump at the last tick."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """State in which each dump was last asked for."""
    built: Mapping[str, str] = field(default_factory=dict)
    """States of all dumps for which the dataset was last asked for."""
    turn: int = 0
    """Counts the ticks that asked for something; part of each run's key, so that a tick repeated after a crash asks
    for the same runs, and a dump that is put back as it was is read again."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one tick asks for."""

    read: tuple[str, ...]
    """Dumps to read."""
    gone: tuple[str, ...]
    """Dumps that are no longer there."""
    build: bool
    """Whether to build the dataset."""
    memory: Memory
    """For the next tick."""


def decide(dumps: Mapping[str, str], memory: Memory, *, reading: bool) -> Decision:
    """What to start.

    Args:
        dumps: state of each dump by name, as it is now.
        memory: what the last tick left.
        reading: whether runs that read dumps are under way.
    """
    settled = {name for name, state in dumps.items() if memory.seen.get(name) == state}
    read = tuple(sorted(name for name in settled if memory.asked.get(name) != dumps[name]))
    gone = tuple(sorted(memory.seen.keys() - dumps.keys()))
    asked = {name: state for name, state in memory.asked.items() if name in dumps} | {
        name: dumps[name] for name in read
    }
    build = bool(dumps) and asked == dumps != memory.built and not read and not reading
    return Decision(
        read,
        gone,
        build,
        Memory(
            seen=dict(dumps),
            asked=asked,
            built=dict(dumps) if build else memory.built,
            turn=memory.turn + bool(read or build),
        ),
    )


@dg.sensor(
    name="new_dumps",
    jobs=[read_one_dump, build_dataset],
    minimum_interval_seconds=SECONDS_BETWEEN_TICKS,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Reads dumps that are new or changed under the raw folders, then builds the dataset.",
)
def new_dumps(
    context: dg.SensorEvaluationContext, build: dg.ResourceParam[BuildArguments]
) -> dg.SensorResult | dg.SkipReason:
    """Decide, and remember the decision in the cursor."""
    roots = build.request().raw
    try:
        dumps = find_dumps(roots, discover(roots))
    except ChanceryError as error:
        return dg.SkipReason(str(error))
    memory = Memory(**json.loads(context.cursor)) if context.cursor else Memory()
    under_way = dg.RunsFilter(job_name=read_one_dump.name, statuses=_UNDER_WAY)
    decision = decide(
        {name: dump.state for name, dump in dumps.items()},
        memory,
        reading=bool(context.instance.get_runs_count(under_way)),
    )
    requests = [
        dg.RunRequest(run_key=_run_key(decision, name), job_name=read_one_dump.name, partition_key=name)
        for name in decision.read
    ]
    if decision.build:
        requests.append(dg.RunRequest(run_key=_run_key(decision, ""), job_name=build_dataset.name))
    return dg.SensorResult(
        run_requests=requests,
        skip_reason=None if requests else _why_nothing(len(dumps), decision.memory),
        cursor=json.dumps(asdict(decision.memory), sort_keys=True),
        dynamic_partitions_requests=[
            request
            for request, names in (
                (DUMPS.build_add_request(list(decision.read)), decision.read),
                (DUMPS.build_delete_request(list(decision.gone)), decision.gone),
            )
            if names
        ],
    )


def _run_key(decision: Decision, dump: str) -> str:
    return f"{decision.memory.turn}:{dump}"


def _why_nothing(n_dumps: int, memory: Memory) -> str:
    if not n_dumps:
        return "There is no dump under the raw folders."
    if memory.asked != memory.seen:
        return "A dump is new or has changed; it is read when it stays the same until the next look."
    if memory.built != memory.seen:
        return "Dumps are being read; the dataset is built when they are done."
    return f"Nothing is new in {n_dumps} dumps."
