"""Every table by name, in the order of `schemas.names`, found in the module of the same name."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from schemas.names import TABLE_NAMES
from schemas.table import Table

TABLES: Mapping[str, Table] = MappingProxyType({name: import_module(f"schemas.{name}").TABLE for name in TABLE_NAMES})
"""The published tables, the headline tables first."""

OBSERVED: Mapping[str, Table] = MappingProxyType(import_module("schemas.observed").OBSERVED)
"""The rows read off pages, by the name of the table they are quarantined under."""
