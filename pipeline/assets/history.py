"""Dagster's history of builds, its SQLite databases opened once per process instead of once per event.

The one decision made here: `chancery build` keeps the history where and as Dagster would, and `chancery ui` reads it by
Dagster's own store. That one makes an engine, opens, commits and closes a database for each of a build's 150 events,
and who closes a database last also folds its write-ahead log in: an eighth of the CPU of a small build, and more of its
time where the disk is slow. Nor does a build wait until each event is on the disk: the log that is written ahead keeps
the database whole if the power goes, which costs the last events at most (SQLite's `synchronous=NORMAL`). `_connect` is
no documented part of Dagster, but its version is pinned. What steps print is not copied into the history: it is
progress, and Dagster copies it by two processes a step that answer Ctrl-C with a traceback.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import dagster as dg
import sqlalchemy
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.noop_compute_log_manager import NoOpComputeLogManager
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData

from pipeline.dagster_home import SETTINGS, SETTINGS_FILE


class KeptOpenEventLog(SqliteEventLogStorage):
    """Dagster's event store but for how long its databases stay open: until `dispose`."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, sqlalchemy.Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Self:
        """The store that a setting describes."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sqlalchemy.Connection]:
        with self._db_lock:
            engine = self._engines.get(shard)
            if engine is None:
                timeout = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
                engine = sqlalchemy.create_engine(self.conn_string_for_shard(shard), connect_args=timeout)
                sqlalchemy.event.listen(engine, "connect", _do_not_wait_for_the_disk)
                self._initdb(engine)
                self._engines[shard] = engine
            with engine.begin() as connection:
                yield connection

    def dispose(self) -> None:
        """Close every database."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        super().dispose()


def _do_not_wait_for_the_disk(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")


def open_history(home: Path) -> dg.DagsterInstance:
    """Dagster's instance in a folder that `dagster_home` made; whoever set up another store there keeps it."""
    if (home / SETTINGS_FILE).read_text(encoding="utf-8") != SETTINGS:
        return dg.DagsterInstance.from_config(str(home))
    where = str(home / "history" / "runs")  # Dagster's own choice (`InstanceRef.config_defaults`)
    store = {"module": __name__, "class": KeptOpenEventLog.__name__, "config": {"base_dir": where}}
    prints = {"module": NoOpComputeLogManager.__module__, "class": NoOpComputeLogManager.__name__, "config": {}}
    overrides = {"event_log_storage": store, "compute_logs": prints}
    return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(home), overrides=overrides))
