"""Figures as options of ECharts: rows over time with targets against actuals, and things with their relations."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

from kg.serve.explorer.style import COLOURS
from kg.serve.explorer.texts import Texts

Json = dict[str, Any]

_LINES: Final = ("#0b57a4", "#b3261e", "#2b6b1f", "#9a4d00", "#6a35b1", "#0b6b63", "#7a5b00", "#a81e5e")
_SCALES: Final = {
    "zh": ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")),
    "en": ((1e12, "trillion "), (1e9, "billion "), (1e6, "million "), (1e3, "thousand ")),
}
#: Figures that make no row: a rank is no quantity.
_LEFT_OUT: Final = ("rank",)


def rows(figures: Iterable[Json]) -> list[tuple[tuple[str, str, str, str], list[Json]]]:
    """The figures by indicator, area, measure and unit, where there are at least two periods.

    Rows with targets and actuals come first, and the longest.
    """
    found: dict[tuple[str, str, str, str], list[Json]] = {}
    for figure in figures:
        if figure["period"] and figure["measure"] not in _LEFT_OUT:
            area = figure["area"]["name"] if figure["area"] else ""
            key = (figure["indicator"]["name"], area, figure["measure"], figure["unit"])
            found.setdefault(key, []).append(figure)
    out = [(key, members) for key, members in found.items() if len({f["period"] for f in members}) > 1]

    def order(row: tuple[tuple[str, str, str, str], list[Json]]) -> tuple[Any, ...]:
        return (-len({f["modality"] for f in row[1]}), -len({f["period"] for f in row[1]}), row[0])

    return sorted(out, key=order)


def period_order(period: str) -> tuple[str, str]:
    """Periods by their end.

    >>> sorted(["2011", "2006/2010", "2010", "2009"], key=period_order)
    ['2009', '2006/2010', '2010', '2011']
    """
    begin, _, end = period.partition("/")
    return (end or begin, begin)


def chart(name: str, figures: list[Json], t: Texts, *, by_area: bool = False) -> Json:
    """One chart: a line for the actuals, a broken one for the targets (of each area, if ``by_area``)."""
    periods = sorted({f["period"] for f in figures}, key=period_order)
    factor, unit = _scale([f["value"] for f in figures], figures[0]["unit"], t.language)
    lines: dict[tuple[str, str], list[Json]] = {}
    for figure in figures:
        area = figure["area"]["name"] if by_area and figure["area"] else ""
        lines.setdefault((area, figure["modality"]), []).append(figure)
    areas = list(dict.fromkeys(area for area, _ in lines))
    series = []
    for (area, modality), members in sorted(lines.items(), key=lambda item: (areas.index(item[0][0]), item[0][1])):
        target = modality == "target"
        colour = _LINES[areas.index(area) % len(_LINES) if by_area else int(target)]
        points = sorted({(f["period"], f["value"]) for f in members}, key=lambda p: (period_order(p[0]), p[1]))
        series.append(
            {
                "name": " ".join(filter(None, (area, t.kind(modality)))),
                "type": "line",
                "data": [[period, round(value / factor, 6)] for period, value in points],
                "symbol": "emptyDiamond" if target else "circle",
                "symbolSize": 11 if target else 8,
                "color": colour,
                "lineStyle": {"type": "dashed" if target else "solid", "width": 2},
            }
        )
    return _framed(name, unit, periods, series)


def _framed(name: str, unit: str, periods: list[str], series: list[Json]) -> Json:
    return {
        "animation": False,
        "title": {"text": name, "left": 0, "textStyle": {"fontSize": 14, "width": 380, "overflow": "truncate"}},
        "tooltip": {"trigger": "axis", "renderMode": "richText"},
        "legend": {"top": 34, "left": 0, "type": "scroll", "data": [s["name"] for s in series]},
        "grid": {"left": 8, "right": 16, "top": 94, "bottom": 6, "containLabel": True},
        "xAxis": {"type": "category", "data": periods, "boundaryGap": True},
        "yAxis": {"type": "value", "name": unit, "scale": True, "nameTextStyle": {"align": "left"}},
        "series": series,
    }


def _scale(values: list[float], unit: str, language: str) -> tuple[float, str]:
    most = max((abs(v) for v in values), default=0)
    for factor, word in _SCALES[language]:
        if most >= factor and unit != "%":
            return factor, word + unit
    return 1, unit


def network(nodes: dict[str, Json], edges: list[Json], centre: str, opened: set[str], t: Texts) -> Json:
    """Things and their relations as a graph; ``opened``: whose neighbours are shown."""
    used = [name for name in COLOURS if any(n["class"] == name for n in nodes.values())]
    return {
        "animation": False,
        "tooltip": {"renderMode": "richText"},
        "legend": {"data": [t.kind(name) for name in used], "type": "scroll", "bottom": 0},
        "series": [
            {
                "type": "graph",
                "layout": "force",
                "roam": True,
                "draggable": True,
                "force": {"repulsion": 260, "edgeLength": [70, 160], "gravity": 0.08, "layoutAnimation": False},
                "categories": [{"name": t.kind(name), "itemStyle": {"color": COLOURS[name][1]}} for name in used],
                "label": {"show": True, "position": "right", "color": "#1b1f24", "width": 130, "overflow": "truncate"},
                "labelLayout": {"hideOverlap": True},
                "edgeSymbol": ["none", "arrow"],
                "edgeSymbolSize": 7,
                "data": [
                    {
                        "id": iri,
                        "name": node["name"],
                        "value": t.kind(node["class"]),
                        "category": used.index(node["class"]) if node["class"] in used else None,
                        "symbolSize": 34 if iri == centre else 24 if iri in opened else 16,
                    }
                    for iri, node in nodes.items()
                ],
                "links": [
                    {"source": e["source"], "target": e["target"], "value": t.term(e["predicate"])} for e in edges
                ],
                "edgeLabel": {"show": len(edges) <= 14, "formatter": "{c}", "fontSize": 11, "color": "#57606a"},
                "lineStyle": {"color": "#8a929b", "curveness": 0.08},
            }
        ],
    }


#: How a dot of each class of place looks: its colour is that of the class, its form tells it without colours.
FORMS: Final = {"AdministrativeArea": "circle", "Zone": "triangle", "Park": "rect"}
#: Names stand beside dots where there is room; of more dots than that the layout takes long.
_NAMED: Final = 600
#: The share of the drawing's width and height that its axes leave to the dots, in percent: left, right, top, bottom.
_MARGINS: Final = (12, 4, 3, 10)
#: East of this share of the width a name stands to the left of its dot: to the right it would be cut off.
_EDGE: Final = 0.8
#: At least so many degrees are shown: one place alone would else fill the map.
_LEAST: Final = 0.2


def spots(places: Iterable[Json]) -> list[Json]:
    """The places by where they are, each spot once: ``latitude``, ``longitude``, ``name``, ``class``, ``places``.

    What several reports call one town has one place in another graph.  The name is the one that reports say most.
    """
    found: dict[tuple[float, float], list[Json]] = {}
    for place in places:
        if place["latitude"] is not None:
            found.setdefault((place["latitude"], place["longitude"]), []).append(place)
    out = []
    for (latitude, longitude), members in found.items():
        said: dict[str, int] = {}
        for place in members:
            said[place["name"]] = said.get(place["name"], 0) + place["mentions"]
        name = max(sorted(said), key=lambda each: said[each])
        first = max(members, key=lambda place: (place["name"] == name, place["mentions"]))
        out.append(
            {
                "latitude": latitude,
                "longitude": longitude,
                "name": name,
                "class": first["class"],
                "places": sorted(members, key=lambda place: (place is not first, place["name"], place["iri"])),
            }
        )
    return sorted(out, key=lambda spot: -sum(place["mentions"] for place in spot["places"]))


def extent(spots: list[Json]) -> tuple[tuple[float, float], tuple[float, float], float]:
    """What a map of the spots shows: from and to which longitude and latitude, and its width by its height.

    A degree of longitude is as much shorter than one of latitude as it is in the middle of the map, so that distances
    look right there.

    >>> extent([{"latitude": 60.0, "longitude": x} for x in (10.0, 12.0)])[2]
    2.0
    """
    longitudes, latitudes = [s["longitude"] for s in spots], [s["latitude"] for s in spots]
    east, north = (max(longitudes) + min(longitudes)) / 2, (max(latitudes) + min(latitudes)) / 2
    shrink = max(math.cos(math.radians(north)), 0.01)
    width = max((max(longitudes) - min(longitudes)) * shrink, _LEAST) * 1.12
    height = max(max(latitudes) - min(latitudes), _LEAST) * 1.12
    ratio = min(max(width / height, 0.8), 2.0)
    width, height = max(width, height * ratio), max(height, width / ratio)
    half = width / shrink / 2
    return (east - half, east + half), (north - height / 2, north + height / 2), ratio


def place_map(spots: list[Json], t: Texts) -> tuple[Json, float]:
    """The spots as dots over longitude and latitude, and the width by the height that the drawing has to have.

    Series are the classes in the order of :data:`FORMS`, the points of each in that of the spots.
    """
    (west, east), (south, north), ratio = extent(spots)
    left, right, top, bottom = _MARGINS
    series = [
        {
            "name": t.kind(name),
            "type": "scatter",
            "symbol": form,
            "symbolSize": 11,
            "itemStyle": {"color": COLOURS[name][1], "opacity": 0.8, "borderColor": "#fff", "borderWidth": 1},
            "label": {
                "show": len(spots) <= _NAMED,
                "formatter": "{b}",
                "position": "right",
                "width": 110,
                "overflow": "truncate",
                "color": "#1b1f24",
                "textBorderColor": "#fff",
                "textBorderWidth": 2,
            },
            "labelLayout": {"hideOverlap": True},
            "emphasis": {"scale": 1.6, "label": {"show": True, "fontWeight": "bold"}},
            "data": [_dot(spot, west + (east - west) * _EDGE) for spot in members],
        }
        for name, form in FORMS.items()
        if (members := of_class(spots, name))
    ]
    degrees = {"type": "value", "scale": True, "splitLine": {"lineStyle": {"color": "#edf0f2"}}}
    zoom = {"type": "inside", "filterMode": "none", "preventDefaultMouseMove": False}
    options = {
        "animation": False,
        "tooltip": {"renderMode": "richText", ":formatter": "point => String(point.value[2])"},
        "grid": {"left": f"{left}%", "right": f"{right}%", "top": f"{top}%", "bottom": f"{bottom}%"},
        "xAxis": degrees | {"min": west, "max": east, "axisLabel": _degrees("E", "W")},
        "yAxis": degrees | {"min": south, "max": north, "axisLabel": _degrees("N", "S")},
        # both at once, about the pointer: the scale stays that of a map
        "dataZoom": [zoom | {"xAxisIndex": 0}, zoom | {"yAxisIndex": 0}],
        "series": series,
    }
    return options, ratio * (100 - top - bottom) / (100 - left - right)


def _dot(spot: Json, edge: float) -> Json:
    dot: Json = {"name": spot["name"], "value": [spot["longitude"], spot["latitude"], _names(spot)]}
    return dot | {"label": {"position": "left"}} if spot["longitude"] > edge else dot


def of_class(spots: list[Json], name: str) -> list[Json]:
    """The spots that a series of the map shows; whatever has no class of its own is an area."""
    return [s for s in spots if (s["class"] if s["class"] in FORMS else "AdministrativeArea") == name]


def classes_of(spots: list[Json]) -> list[str]:
    """The classes that the series of the map stand for."""
    return [name for name in FORMS if of_class(spots, name)]


def _names(spot: Json) -> str:
    """All names of what is there, one on a line."""
    return "\n".join(dict.fromkeys(place["name"] for place in spot["places"]))


def _degrees(positive: str, negative: str) -> Json:
    # the ends are what the places make them: no round numbers
    label = f"value => +Math.abs(value).toFixed(2) + '°' + (value < 0 ? '{negative}' : '{positive}')"
    return {":formatter": label, "hideOverlap": True, "showMinLabel": False, "showMaxLabel": False, "fontSize": 11}
