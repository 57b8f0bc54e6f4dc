"""Two graphs that tests ask: a small one made by hand, and that of the seed report made by the real pipeline."""

from __future__ import annotations

import hashlib
import re
import signal
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store
from xdist.scheduler import LoadFileScheduling

from kg.graph import mapping, store
from kg.model import (
    Bound,
    Entity,
    EntityClass,
    Extraction,
    Measure,
    Modality,
    Observation,
    Part,
    Period,
    Predicate,
    Relation,
    Report,
    Section,
    Sentence,
    Span,
    Status,
)
from kg.pipeline import build

#: files that measure all annotated reports, which takes half a minute: one process does it once, for all of them
TOGETHER = ("tests/evaluation/test_gate.py", "tests/test_evaluation_page.py")


def pytest_configure() -> None:
    """Let Ctrl-C be tested wherever the tests run.

    What a shell starts in the background, and all that it starts, ignores that signal: without this the tests that
    send one would wait in vain for it.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


class ByFile(LoadFileScheduling):
    """Keeps the tests of a file in one process: what they share (a server, a graph, a browser) takes long to make."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return TOGETHER[0] if file in TOGETHER else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """How the tests are handed to processes, where there are several (-n): file by file, in their order."""
    config.option.loadscopereorder = False  # by number of tests, the few that take longest would come last
    return ByFile(config, log)


#: every kind of fact, some of them twice, with characters that want escaping
TEXT = """江城区2011年政府工作报告
区长 李明
一、过去五年工作回顾
2006年至2010年,地区生产总值从100亿元增加到250亿元,年均增长20.1%,居全市第一名。第三产业比重从40%上升到51.5%。
甲公司、乙"集团"总部落户东湖片区。东湖科技园(一期)竣工,聚集企业215家,东湖科技园二期在建。科技园由甲公司运营。
我区获得市文明城区称号,由江州市授予。对口帮扶云州。举办灯会。制定实施《江城区发展规划(2011-2015年)》。
二、今后五年的主要任务
到2015年,地区生产总值年均增长12%,第三产业比重达55%以上。启动江城大道建设。
"""


def _span(quotation: str, number: int = 0) -> Span:
    """Where the text says so, for the number-th time (from 0)."""
    found = [match.start() for match in re.finditer(re.escape(quotation), TEXT)]
    return Span(found[number], found[number] + len(quotation))


def _entity(name: str, *classes: EntityClass, aliases: tuple[str, ...] = (), status: Status | None = None) -> Entity:
    mentions = sorted({Span(m.start(), m.end()) for n in (name, *aliases) for m in re.finditer(re.escape(n), TEXT)})
    return Entity(name, tuple(sorted(classes)), tuple(sorted(aliases)), tuple(mentions), status)


def _figure(
    indicator: str,
    text: str,
    value: str,
    unit: str,
    period: str | None,
    *,
    measure: Measure = Measure.LEVEL,
    modality: Modality = Modality.ACTUAL,
    bound: Bound = Bound.EQ,
    area: str | None = "江城区",
    wordings: tuple[str, ...] = (),
) -> Observation:
    span = _span(text)
    when = Period(period) if period else None
    return Observation(
        indicator, (indicator, *wordings), area, when, measure, modality, bound, Decimal(value), unit, text, (span,)
    )


def small_extraction() -> Extraction:
    """A report of eight lines with every class of entity, every relation, and figures of every kind."""
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", TEXT)]
    second = TEXT.index("二、")
    sections = (
        Section(Span(TEXT.index("一、"), second), 1, _span("一、过去五年工作回顾"), Part.REVIEW),
        Section(Span(second, len(TEXT)), 1, _span("二、今后五年的主要任务"), Part.PLAN),
    )
    sentences = tuple(
        Sentence(Span(begin + m.start(), begin + m.end()), int(begin + m.start() >= second))
        for begin, end in lines[2:]
        for m in re.finditer(r"[^。]+。?", TEXT[begin:end])
    )
    report = Report(
        text=TEXT,
        source="江城区-2011.txt",
        sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
        title="江城区2011年政府工作报告",
        area="江州市江城区",
        year=2011,
        date="2011-11-08",
        meeting=None,
        speaker="李明",
        body=Span(0, len(TEXT)),
        sections=sections,
        sentences=sentences,
    )
    own = _entity("江城区", EntityClass.ADMINISTRATIVE_AREA, aliases=("我区",))
    kinds = EntityClass
    entities = (
        Entity(own.name, own.classes, own.aliases, own.mentions, qualified="江州市江城区", own_area=True),
        _entity("李明", kinds.PERSON),
        _entity("甲公司", kinds.ENTERPRISE),
        _entity('乙"集团"总部', kinds.ENTERPRISE),
        _entity("东湖片区", kinds.ZONE, aliases=("东湖",)),
        _entity("东湖科技园", kinds.PARK, kinds.PROJECT, aliases=("科技园",)),
        _entity("东湖科技园(一期)", kinds.PROJECT, status=Status.COMPLETED),
        _entity("东湖科技园二期", kinds.PROJECT, status=Status.UNDERWAY),
        _entity("江城大道", kinds.FACILITY, kinds.PROJECT, status=Status.PLANNED),
        _entity("市文明城区", kinds.HONOUR),
        _entity("江州市", kinds.ADMINISTRATIVE_AREA),
        _entity("云州", kinds.ADMINISTRATIVE_AREA),
        _entity("灯会", kinds.EVENT),
        _entity("《江城区发展规划(2011-2015年)》", kinds.POLICY),
    )
    gdp = "地区生产总值"
    share = "第三产业比重"
    planned = {"modality": Modality.TARGET}
    observations = (
        _figure(gdp, "100亿元", "10000000000", "元", "2006", wordings=("GDP",)),
        _figure(gdp, "250亿元", "25000000000", "元", "2010"),
        _figure(gdp, "20.1%", "20.1", "%", "2006/2010", measure=Measure.AVERAGE_ANNUAL_GROWTH),
        _figure(gdp, "第一名", "1", "", "2010", measure=Measure.RANK),
        _figure(share, "40%", "40", "%", "2006"),
        _figure(share, "51.5%", "51.5", "%", "2010"),
        _figure("聚集企业数", "215家", "215", "家", None, area="东湖科技园"),
        _figure(gdp, "12%", "12", "%", "2011/2015", measure=Measure.AVERAGE_ANNUAL_GROWTH, **planned),
        _figure(share, "55%以上", "55", "%", "2015", bound=Bound.GE, **planned),
    )
    relations = tuple(
        Relation(subject, predicate, obj, (_span(quotation),))
        for subject, predicate, obj, quotation in (
            ("甲公司", Predicate.SETTLED_IN, "东湖片区", "落户东湖片区"),
            ('乙"集团"总部', Predicate.SETTLED_IN, "东湖片区", "落户东湖片区"),
            ("东湖片区", Predicate.PART_OF, "江城区", "东湖片区"),
            ("东湖科技园", Predicate.LOCATED_IN, "东湖片区", "东湖科技园"),
            ("东湖科技园(一期)", Predicate.PART_OF, "东湖科技园", "(一期)"),
            ("东湖科技园二期", Predicate.PART_OF, "东湖科技园", "二期"),
            ("甲公司", Predicate.OPERATES, "东湖科技园", "由甲公司运营"),
            ("江城区", Predicate.RECEIVED, "市文明城区", "获得市文明城区称号"),
            ("市文明城区", Predicate.GRANTED_BY, "江州市", "由江州市授予"),
            ("江城区", Predicate.SUPPORTS, "云州", "对口帮扶云州"),
            ("江城区", Predicate.HOSTS, "灯会", "举办灯会"),
            ("江城区", Predicate.ADOPTS, "《江城区发展规划(2011-2015年)》", "制定实施"),
            ("李明", Predicate.HOLDS_POST, "江城区", "区长"),
        )
    )
    return Extraction(report, entities, observations, relations, "by hand")


@pytest.fixture(scope="session")
def small_store() -> Store:
    """The small graph and the ontology, in memory; not to be written to."""
    extraction = small_extraction()
    into = Store()
    store.ensure_ontology(into)
    store.replace_report(into, mapping.to_quads(extraction), mapping.graph_of(extraction.report))
    return into


@pytest.fixture(scope="session")
def seed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store into which the real pipeline built the seed report; not to be written to."""
    folder = tmp_path_factory.mktemp("seed") / "store"
    summary = build(store_dir=folder)
    assert not summary.failures and len(summary.reports) == 1
    return folder


@pytest.fixture(scope="session")
def seed_store(seed_folder: Path) -> Store:
    """The graph of the seed report, read only."""
    return store.open_store(seed_folder, read_only=True)
