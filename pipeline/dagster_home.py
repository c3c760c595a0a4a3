"""The folder Dagster keeps its history in; nothing is sent anywhere. Imports no Dagster."""

from pathlib import Path
from typing import Final

SETTINGS_FILE: Final = "dagster.yaml"
SETTINGS: Final = "telemetry:\n  enabled: false\nnux:\n  enabled: false\n"
"""No telemetry, and no dialog that asks for an e-mail address."""


def dagster_home(folder: Path) -> Path:
    """Make the folder Dagster keeps its history in, telemetry off."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / SETTINGS_FILE
    if not settings.exists():
        settings.write_text(SETTINGS, encoding="utf-8")
    return folder.resolve()
