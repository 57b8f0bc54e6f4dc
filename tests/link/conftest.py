"""A small store of two reports, built by the real pipeline, as it is and linked offline."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.link.providers.tables import DivisionTable, GeoNamesTable
from kg.link.run import link
from kg.pipeline import build

#: of the links: everything that is accepted, open and rejected, and what is in no table
REPORTS = {
    "海珠区-2011.txt": (
        "广州市海珠区2011年政府工作报告\n区长 李明\n各位代表:\n一、2010年工作回顾\n"
        "地区生产总值100亿元,增长10%。对口帮扶新疆疏附县和从化温泉镇。与长沙、吉林签订协议。"
        "琶洲街道、南华西街道面貌一新。建设广州塔。\n"
    ),
    "长春市-2012.txt": (
        "长春市2012年政府工作报告\n市长 王五\n各位代表:\n一、2011年工作回顾\n"
        "地区生产总值200亿元,增长11%。与广州市、吉林开展合作。朝阳区建成科技园。俄罗斯赤塔市代表团来访。\n"
    ),
}
DAY = "2026-01-01"


@pytest.fixture(scope="session")
def reports_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the two reports; not to be written to."""
    folder = tmp_path_factory.mktemp("reports")
    for name, text in REPORTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def _built(reports_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "store"
    assert not build([reports_folder], store_dir=folder).failures
    return folder


@pytest.fixture(scope="session")
def _linked(_built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("linked") / "store"
    shutil.copytree(_built, folder)
    link(folder, [DivisionTable(), GeoNamesTable()], today=DAY)
    return folder


@pytest.fixture
def built_store(_built: Path, tmp_path: Path) -> Path:
    """The store of the two reports, which nothing is linked in."""
    return Path(shutil.copytree(_built, tmp_path / "store"))


@pytest.fixture
def linked_store(_linked: Path, tmp_path: Path) -> Path:
    """The store of the two reports, linked offline."""
    return Path(shutil.copytree(_linked, tmp_path / "linked"))
