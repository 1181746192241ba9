"""Drawing a Vega-Lite chart as inline SVG: offline, in the page's own colours, and nothing but shapes and text."""

from collections.abc import Mapping
from typing import Any

import vl_convert
from lxml import etree
from markupsafe import Markup

Spec = Mapping[str, Any]

_SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = frozenset({"svg", "g", "path", "line", "rect", "text"})
_ATTRIBUTES = frozenset(
    {"viewBox", "transform", "d", "x2", "y2", "fill", "stroke", "stroke-width", "stroke-dasharray", "text-anchor",
     "font-size", "font-weight", "opacity", "stroke-miterlimit"}
)  # fmt: skip
_NO_AXIS_INK = {"labelColor": "var(--ink-2)", "domainColor": "var(--rule)", "tickColor": "var(--rule)"}
_CONFIG: dict[str, Any] = {
    "aria": False,
    "background": None,
    "view": {"stroke": None},
    "font": "sans-serif",
    "axis": {**_NO_AXIS_INK, "grid": False, "labelFontSize": 12, "title": None, "domain": False, "ticks": False},
    "text": {"fontSize": 12, "color": "var(--ink)"},
}


def draw(spec: Spec, ident: str, title: str, description: str) -> Markup:
    """The chart as an SVG element that scales with its place, named and described for those who do not see it.

    Colours may be `var(--name)`: the page's style sets them, so that one drawing serves light, dark and print. Elements
    and attributes other than plain shapes and text are dropped, so that no data can bring in anything active.
    """
    drawn = vl_convert.vegalite_to_svg({**spec, "config": _CONFIG}, allowed_base_urls=[])
    root = etree.fromstring(drawn.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    _keep_shapes(root)
    root.attrib.update({"role": "img", "aria-labelledby": f"{ident}-t", "aria-describedby": f"{ident}-d"})
    for position, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = etree.Element(f"{{{_SVG}}}{tag}", id=f"{ident}-{tag[0]}")
        element.text = text
        root.insert(position, element)
    etree.cleanup_namespaces(root)
    return Markup(etree.tostring(root, encoding="unicode"))  # noqa: S704  made of allowed elements only, serialised


def _keep_shapes(root: etree._Element) -> None:
    for element in list(root.iter()):
        parent = element.getparent()
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        hidden = element.get("display") == "none" or element.get("class") == "background"
        if parent is not None and (name not in _ELEMENTS or hidden):
            parent.remove(element)
            continue
        for attribute in set(element.attrib) - _ATTRIBUTES:
            del element.attrib[attribute]
    for group in reversed(list(root.iter(f"{{{_SVG}}}g"))):
        parent = group.getparent()
        if parent is not None and len(group) == 0:
            parent.remove(group)
