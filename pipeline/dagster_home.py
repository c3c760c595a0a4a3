"""The folder Dagster keeps its history in; nothing is sent anywhere. Imports no Dagster."""

from pathlib import Path
from typing import Final
from urllib.parse import unquote

from pipeline.errors import ChanceryError

SETTINGS_FILE: Final = "dagster.yaml"
SETTINGS: Final = "telemetry:\n  enabled: false\nnux:\n  enabled: false\n"
"""No telemetry, and no dialog that asks for an e-mail address."""


def dagster_home(folder: Path) -> Path:
    """Make the folder Dagster keeps its history in, telemetry off.

    Raises:
        ChanceryError: Dagster, which writes the names of its databases as URLs, would look for them elsewhere.
    """
    name = str(folder.resolve())
    if "?" in name or unquote(name) != name:
        raise ChanceryError(
            f"Dagster keeps no history in {name}: a ? or a % means something to it; use other --outputs."
        )
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / SETTINGS_FILE
    if not settings.exists():
        settings.write_text(SETTINGS, encoding="utf-8")
    return folder.resolve()
