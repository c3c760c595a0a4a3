"""The one source of truth for every published table.

Imports neither dagster nor pipeline; whatever describes a table elsewhere is rendered from here.
`schemas.TABLES` is built on first use, so that `import schemas.names` stays free of pandera.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from schemas.registry import OBSERVED, TABLES
    from schemas.table import ForeignKey, Rule, Table

__all__ = ["OBSERVED", "TABLES", "ForeignKey", "Rule", "Table"]


def __getattr__(name: str) -> Any:
    """Load the registry on first use (PEP 562)."""
    if name in {"TABLES", "OBSERVED"}:
        from schemas import registry

        return getattr(registry, name)
    if name in {"ForeignKey", "Rule", "Table"}:
        from schemas import table

        return getattr(table, name)
    raise AttributeError(f"module 'schemas' has no attribute {name!r}")
