"""From a chart's description to SVG that stands in the page, drawn by vl-convert: no browser, no network, no script.

The page draws nothing when it opens, so charts need no script to be allowed there, and print as they stand.
"""

import re
from typing import Final

from pipeline.report.figure import Spec

_VEGA_LITE: Final = "6.4"
_ROOT: Final = re.compile(r'<svg [^>]*?width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)"[^>]*>')


def draw(spec: Spec, label: str) -> str:
    """The chart as one SVG element that scales with its column; to screen readers it is one picture.

    Args:
        spec: The description.
        label: Name of the picture; the table beside it gives the figures.

    Raises:
        ValueError: the description cannot be drawn.
    """
    import vl_convert
    from markupsafe import escape

    svg = vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE, allowed_base_urls=[])
    root = _ROOT.match(svg)
    assert root is not None, svg[:200]
    width, height = root["width"], root["height"]
    start = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label)}" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    )
    return start + svg[root.end() :]
