"""Turns what Dagster says of each table into links, where the pages behind them are served.

The decision made here: without an address the text stays as it is, for a link that leads nowhere is worse than a name.
"""

from collections.abc import Iterable, Sequence

import dagster as dg

from pipeline.assets.specs import DICTIONARY
from schemas.names import TABLE_NAMES


def with_links(assets: Iterable[dg.AssetsDefinition], pages: str | None) -> Sequence[dg.AssetsDefinition]:
    """The assets, those of tables linked to their columns and rules, all others to the report.

    Args:
        assets: of `pipeline.assets`.
        pages: address at which the folder `outputs/report` is served, null where it is not.
    """
    if not pages:
        return list(assets)
    address = pages.rstrip("/")
    return [asset.map_asset_specs(lambda spec: _linked(spec, address)) for asset in assets]


def _linked(spec: dg.AssetSpec, pages: str) -> dg.AssetSpec:
    from pipeline.report.pages import DICTIONARY as DICTIONARY_PAGE

    name = spec.key.to_user_string()
    if name not in TABLE_NAMES:
        report = f"{pages}/index.html"
        return spec.merge_attributes(metadata={"report": dg.MetadataValue.url(report)})
    address = f"{pages}/{DICTIONARY_PAGE}#{name}"
    named = f"`{DICTIONARY}#{name}`"
    described = (spec.description or "").replace(named, f"[what each column means]({address})")
    return spec.replace_attributes(description=described).merge_attributes(
        metadata={"docs": dg.MetadataValue.url(address)}
    )
