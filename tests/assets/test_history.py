"""What builds leave in Dagster's history, and how often its databases are opened for it."""

import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipeline.assets.history import KeptOpenEventLog, open_history
from pipeline.assets.run import materialize
from pipeline.dagster_home import dagster_home
from pipeline.progress import Silent
from pipeline.request import BuildRequest
from pipeline.workspace import prepare
from schemas.names import TABLE_NAMES


def test_dagsters_own_store_reads_what_a_build_kept(raw: Path, tmp_path: Path) -> None:
    request = BuildRequest(raw=(raw,), outputs=tmp_path, workers=1)
    prepare(request.workspace)
    materialize(request, Silent())
    with dg.DagsterInstance.from_config(str(request.workspace.dagster_home)) as instance:
        assert not isinstance(instance.event_log_storage, KeptOpenEventLog)
        (run,) = instance.get_runs()
        assert run.status is dg.DagsterRunStatus.SUCCESS
        for name in TABLE_NAMES:
            latest = instance.get_latest_materialization_event(dg.AssetKey(name))
            assert latest is not None
            assert latest.run_id == run.run_id
        kept = instance.all_logs(run.run_id)
        assert sum(record.is_dagster_event for record in kept) >= 2 * len(TABLE_NAMES)


def test_a_step_starts_no_process_that_would_answer_ctrl_c_with_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    begin = subprocess.Popen.__init__

    def noted(self: subprocess.Popen[bytes], arguments: Any, *more: Any, **named: Any) -> None:
        started.append(str(arguments))
        begin(self, arguments, *more, **named)

    @dg.op
    def one_step() -> None:
        pass

    @dg.job
    def steps() -> None:
        one_step()

    with open_history(dagster_home(tmp_path)) as instance:
        monkeypatch.setattr(subprocess.Popen, "__init__", noted)
        steps.execute_in_process(instance=instance)
    assert started == []


def test_databases_are_opened_for_a_run_and_not_for_each_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    connect = sqlite3.dbapi2.connect

    def counted(database: str, *arguments: Any, **named: Any) -> sqlite3.Connection:
        opened.append(Path(database).name)
        connection: sqlite3.Connection = connect(database, *arguments, **named)
        return connection

    @dg.op
    def many_events(context: dg.OpExecutionContext) -> None:
        for number in range(20):
            context.log_event(dg.AssetMaterialization("invented", metadata={"number": number}))

    @dg.job
    def events() -> None:
        many_events()

    home = dagster_home(tmp_path)
    with open_history(home) as instance:
        monkeypatch.setattr(sqlite3.dbapi2, "connect", counted)
        run = events.execute_in_process(instance=instance)
        monkeypatch.undo()
        assert len(instance.all_logs(run.run_id)) > 20
    shards = [name for name in opened if name != "runs.db"]
    assert f"{run.run_id}.db" in shards
    assert len(shards) <= 4, "a second time at most, while tables are made"


def test_closing_the_history_closes_its_databases(tmp_path: Path) -> None:
    with open_history(dagster_home(tmp_path)) as instance:
        instance.report_runless_asset_event(dg.AssetMaterialization("invented"))
    assert not list(tmp_path.rglob("*.db-wal")), "the last to close a database folds its log in"


def test_another_store_that_someone_set_up_is_used(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    home = dagster_home(tmp_path / "dagster")
    with (home / "dagster.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"storage:\n  sqlite:\n    base_dir: {elsewhere}\n")
    with open_history(home) as instance:
        instance.report_runless_asset_event(dg.AssetMaterialization("invented"))
    assert list(elsewhere.rglob("*.db"))
    assert not (home / "history").exists()


def test_a_build_does_not_wait_until_each_event_is_on_the_disk(tmp_path: Path) -> None:
    # 1 is NORMAL: the log is written to the disk when it is folded in; 2, SQLite's default, is at every commit
    with open_history(dagster_home(tmp_path)) as instance:
        log = instance.event_log_storage
        assert isinstance(log, KeptOpenEventLog)
        for opened in (log.index_connection(), log.run_connection("a-run")):
            with opened as connection:
                connection.exec_driver_sql("SELECT name FROM sqlite_master").all()  # only who reads learns of the log
                assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1
                assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
