"""The page's charts: Vega-Lite drawn as inline SVG, offline, in the page's own colours, nothing but shapes and text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import vl_convert
from lxml import etree
from markupsafe import Markup

from flows.page.wording import percent

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


# A year with fewer articles says little of the year: its bar is pale.
FEW_ARTICLES = 5
FRAMINGS = ("problem", "proposal", "context", "benefit")
# A share that is narrower than this has no room for its number.
_ROOM_FOR_NUMBER = 0.1
# A theme's scale reaches its highest year but never less than this, so that small themes do not look large.
_LEAST_TOP = 0.2
# The names get a fixed width: the reader's font is not the one that the drawing is measured with.
_THEME_AXIS = {"labelLimit": 300, "labelFontSize": 13, "labelPadding": 10, "labelColor": "var(--ink)", "minExtent": 270}


@dataclass(frozen=True, slots=True)
class YearBar:
    """A year's attention to a theme, 0 to 1, and the number of articles that it rests on."""

    year: int
    attention: float
    articles: int


@dataclass(frozen=True, slots=True)
class FramingBar:
    """How often a theme is put in each way, in the order of FRAMINGS."""

    label: str
    counts: tuple[int, int, int, int]

    @property
    def total(self) -> int:
        """All paragraphs on the theme."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class ValueBar:
    """A value with what it is called and how it reads."""

    label: str
    value: float
    shown: str


def years_chart(bars: Sequence[YearBar], first: int, last: int) -> Spec:
    """Columns by year from `first` to `last`, up to the highest, which has its number."""
    highest = max(bars, key=lambda bar: (bar.attention, bar.year), default=None)
    top = highest.attention if highest else 0.0
    values = [
        {"year": bar.year, "attention": bar.attention, "few": bar.articles < FEW_ARTICLES,
         "number": percent(bar.attention) if bar is highest and bar.attention else ""}
        for bar in bars
    ]  # fmt: skip
    x = {
        "field": "year",
        "type": "ordinal",
        "scale": {"domain": list(range(first, last + 1)), "paddingInner": 0.25, "paddingOuter": 0.6},
        "axis": {"values": sorted({first, last}), "labelAngle": 0, "domain": True, "labelPadding": 5},
    }
    y = {
        "field": "attention",
        "type": "quantitative",
        "scale": {"domain": [0, 1.25 * max(top, _LEAST_TOP)]},
        "axis": None,
    }
    colour = {"condition": {"test": "datum.few", "value": "var(--bar-pale)"}, "value": "var(--bar)"}
    number = {"mark": {"type": "text", "dy": -7, "fontWeight": "bold"}, "encoding": {"text": {"field": "number"}}}
    return {
        **_frame(200, 92),
        "data": {"values": values},
        "encoding": {"x": x, "y": y},
        "layer": [{"mark": "bar", "encoding": {"color": colour}}, number],
    }


def framing_chart(bars: Sequence[FramingBar], *, narrow: bool) -> Spec:
    """A bar a theme, divided by framing; problems start at the left edge and benefits end at the right one.

    The narrow form, for phones, has the theme's name above its bar instead of beside it.
    """
    labels = [f"{bar.label} ({bar.total:,})" for bar in bars]
    step = 44 if narrow else 27
    width = 340 if narrow else 760
    y: dict[str, Any] = {
        "field": "theme",
        "type": "ordinal",
        "scale": {"domain": labels, "paddingInner": 0.52 if narrow else 0.28, "paddingOuter": 0.4 if narrow else 0.1},
        "axis": None if narrow else _THEME_AXIS,
    }
    x: dict[str, Any] = {"field": "start", "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": None}
    colour = {
        "field": "framing",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": list(FRAMINGS), "range": [f"var(--{framing})" for framing in FRAMINGS]},
    }
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "stroke": "var(--paper)", "strokeWidth": 1},
         "encoding": {"x": x, "x2": {"field": "end"}, "color": colour}},
        _edge_number("problem", x, "start", "left", 6),
        _edge_number("benefit", x, "end", "right", -6),
    ]  # fmt: skip
    if narrow:
        first = {"mark": {"type": "text", "align": "left", "dy": -19, "fontSize": 13},
                 "transform": [{"filter": "datum.framing == 'problem'"}],
                 "encoding": {"x": {"value": 0}, "text": {"field": "theme"}}}  # fmt: skip
        layers.append(first)
    values = [part for label, bar in zip(labels, bars, strict=True) for part in _parts(label, bar)]
    return {**_frame(width, step * len(bars)), "data": {"values": values}, "encoding": {"y": y}, "layer": layers}


def values_chart(bars: Sequence[ValueBar]) -> Spec:
    """Horizontal bars from zero, each with its label and number."""
    rows = [{"row": row, "label": bar.label, "value": bar.value, "shown": bar.shown} for row, bar in enumerate(bars)]
    low, high = min(0.0, *(bar.value for bar in bars)), max(0.0, *(bar.value for bar in bars))
    y = {"field": "row", "type": "ordinal", "scale": {"paddingInner": 0.3}, "axis": None}
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": {"domain": [low, (high - low) * 1.5 or 1]}}
    label = {"mark": {"type": "text", "align": "left"}, "encoding": {"x": {"value": 0}, "text": {"field": "label"}}}
    bar = {"mark": {"type": "bar", "color": "var(--bar)"}, "encoding": {"x": x}}
    shown = {"mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": "bold"},
             "encoding": {"x": x, "text": {"field": "shown"}}}  # fmt: skip
    height = 30 * len(bars)
    return {
        "hconcat": [
            {"width": 110, "height": height, "encoding": {"y": y}, "layer": [label]},
            {"width": 220, "height": height, "encoding": {"y": y}, "layer": [bar, shown]},
        ],
        "spacing": 0,
        "data": {"values": rows},
    }


def _frame(width: int, height: int) -> dict[str, Any]:
    fit = {"type": "fit", "contains": "padding"}
    return {
        "width": width,
        "height": height,
        "autosize": fit,
        "padding": {"left": 1, "right": 1, "top": 2, "bottom": 2},
    }


def _parts(label: str, bar: FramingBar) -> list[dict[str, object]]:
    """The parts of a theme's bar from left to right, as shares of the whole."""
    parts, start = [], 0.0
    for framing, count in zip(FRAMINGS, bar.counts, strict=True):
        share = count / bar.total if bar.total else 0.0
        number = percent(share) if share >= _ROOM_FOR_NUMBER else ""
        parts.append({"theme": label, "framing": framing, "start": start, "end": start + share, "number": number})
        start += share
    return parts


def _edge_number(framing: str, x: dict[str, Any], edge: str, align: str, shift: int) -> dict[str, Any]:
    return {
        "mark": {"type": "text", "align": align, "dx": shift, "color": f"var(--on-{framing})", "fontWeight": "bold"},
        "transform": [{"filter": f"datum.framing == '{framing}'"}],
        "encoding": {"x": {**x, "field": edge}, "text": {"field": "number"}},
    }
