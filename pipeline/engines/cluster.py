"""A Spark session that starts when it is first needed, and its errors as one sentence each.

The decision made here: nothing new starts no Java, and of what Spark says in pages the line is told that a person can
act on; Spark's own log has the rest.
"""

import logging
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from pipeline.errors import ChanceryError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_NEEDS_PYSPARK: Final = "--engine spark needs PySpark: pip install 'chancery[spark]'."
_NEEDS_JAVA: Final = "Spark needs Java 17 or newer"

_CAUSES: Final = (
    re.compile(r"^RuntimeError: (.+)$", re.MULTILINE),  # of the functions that executors run
    re.compile(r"(?:java\.io\.IOException: )(raw file .+?)(?:\. SQLSTATE: \w+)?$", re.MULTILINE),  # of HadoopFiles.java
    re.compile(r"^(\w+(?:Error|Exception): .+)$", re.MULTILINE),  # of libraries that executors call, or lack
    re.compile(r"^: (?:[\w.$]+\.)?(\w+(?:Exception|Error): .+)$", re.MULTILINE),  # of Java called from the driver
)
"""Where the line that says why stands in an error of Spark's, the most telling first."""


class Cluster:
    """A Spark session that starts when it is first needed."""

    def __init__(self, master: str | None) -> None:
        self._master = master
        self._session: SparkSession | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="chancery-")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._session is not None:
            with warnings.catch_warnings():
                # said where Ctrl-C has cut an answer of Java's; that process ends with this one
                warnings.filterwarnings("ignore", "Unable to cleanly shutdown", RuntimeWarning)
                self._session.stop()
        self._folder.cleanup()

    @property
    def folder(self) -> Path:
        """Files of the driver's that the executors fetch while the session lasts."""
        return Path(self._folder.name)

    @property
    def session(self) -> "SparkSession":
        """The session.

        Raises:
            ChanceryError: Spark is not installed or does not start.
        """
        if self._session is None:
            self._session = _start(self._master)
        return self._session


@contextmanager
def told(what: str) -> Iterator[None]:
    """Turn what Spark raises into one sentence, which begins "Spark could not" and goes on with `what`.

    Raises:
        ChanceryError: in place of any error of Spark's.
    """
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
    except ImportError as error:
        raise ChanceryError(_NEEDS_PYSPARK) from error

    try:
        yield
    except (Py4JError, PySparkException) as error:
        raise ChanceryError(f"Spark could not {what}: {_cause(str(error))}") from error


def _cause(message: str) -> str:
    if "stopped SparkContext" in message:
        return "the cluster does not answer; check its URL and whether it runs."
    if "JAVA_GATEWAY_EXITED" in message:
        return "Java said why in the lines above; check the master's URL, and that Java is 17 or newer."
    for pattern in _CAUSES:
        if found := pattern.search(message):
            return found[1].strip()
    return next((line.strip() for line in message.splitlines() if line.strip()), "no reason is known")


def _start(master: str | None) -> "SparkSession":
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ChanceryError(_NEEDS_PYSPARK) from error
    if not _has_java():
        raise ChanceryError(f"{_NEEDS_JAVA}, and there is none here: install it, or set JAVA_HOME to where it is.")
    builder = SparkSession.builder.appName("chancery")
    if master is not None:
        builder = builder.master(master)
    if master is not None and master.startswith("local"):
        # on one machine: this Python, and no port that others could reach
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        for name, value in (("bindAddress", "127.0.0.1"), ("host", "127.0.0.1")):
            builder = builder.config(f"spark.driver.{name}", value)
        builder = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
    with told(f"start on {master or 'the configured master'}"):
        session = _undisturbed(builder.getOrCreate)
        session.sparkContext.setLogLevel("ERROR")
    return session


def _undisturbed(start: Callable[[], "SparkSession"]) -> "SparkSession":
    """Start without Spark's own way with Ctrl-C: asking Java within an answer of Java's, and a traceback for each."""
    usual = signal.getsignal(signal.SIGINT)
    session = start()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, usual)
    logging.getLogger().addFilter(_is_no_interrupt)
    return session


def _is_no_interrupt(record: logging.LogRecord) -> bool:
    return record.exc_info is None or not isinstance(record.exc_info[1], KeyboardInterrupt)


def _has_java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java" if home is None else os.path.join(home, "bin", "java")) is not None  # noqa: PTH118
