"""What a service finds for the names of a report, judged: against answers made by hand.

The service is csv-reconcile, really started, over ``linking/reconciliation_table.tsv`` below the folder that
``KG_SHARED`` names.  It wants another Flask than we could have, so it gets an environment of its own, kept between
runs in pytest's cache folder; ``csv-reconcile.lock`` pins it.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.graph.store import open_store
from kg.link.decisions import read_ledger
from kg.link.matching import judge
from kg.link.model import Judgement, Level, Match, Thing, Verdict
from kg.link.providers.reconcile import ReconciliationService
from kg.link.things import links_base, read_things
from kg.model import EntityClass
from kg.resources import folder
from tests.link.asking import CONTACT, HAIZHU, asking

SHARED = Path(os.environ.get("KG_SHARED") or folder("seeds").parent.parent / "shared") / "linking"
LOCK = Path(__file__).with_name("csv-reconcile.lock")
NEEDED = ("gold_haizhu.tsv", "reconciliation_table.tsv", "recon.config")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        missing := [name for name in NEEDED if not (SHARED / name).is_file()],
        reason=f"{', '.join(missing)} not in linking/ of the shared folder: set KG_SHARED",
    ),
]

#: what csv-reconcile calls the columns of the table
PROPERTIES = {"type": "type0", "parent": "parent0"}
_AREA, _FACILITY = EntityClass.ADMINISTRATIVE_AREA, EntityClass.FACILITY
#: what the types of the gold are in our classes, and the levels that they stand for
CLASSES: dict[str, tuple[frozenset[EntityClass], Level | None]] = {
    "province": (frozenset({_AREA}), Level.PROVINCE),
    "city": (frozenset({_AREA}), None),
    "county": (frozenset({_AREA}), Level.COUNTY),
    "district": (frozenset({_AREA}), Level.COUNTY),
    "town": (frozenset({_AREA}), Level.TOWNSHIP),
    "street": (frozenset({_AREA}), Level.TOWNSHIP),
    "village": (frozenset({_AREA}), Level.VILLAGE),
    "area": (frozenset({EntityClass.ZONE}), None),
    "park": (frozenset({EntityClass.PARK}), None),
    "org": (frozenset({EntityClass.ENTERPRISE, EntityClass.ORGANIZATION}), None),
    "event": (frozenset({EntityClass.EVENT}), None),
    **dict.fromkeys(("site", "building", "river", "road", "lake"), (frozenset({_FACILITY}), None)),
}


@dataclass(frozen=True)
class Row:
    mention: str
    type: str
    parent: str
    gold: str  # an id of the table, or NIL

    @property
    def thing(self) -> Thing:
        classes, level = CLASSES[self.type]
        within = (self.parent,) if self.parent else ()
        return Thing(f"https://example.org/{self.mention}", self.mention, (), classes, within, HAIZHU, level=level)


@pytest.fixture(scope="module")
def gold() -> list[Row]:
    with (SHARED / "gold_haizhu.tsv").open(encoding="utf-8", newline="") as file:
        rows = [
            Row(row["mention"], row["type"], row["parent_hint"], row["gold"])
            for row in csv.DictReader(file, delimiter="\t")
        ]
    assert (len(rows), sum(row.gold == "NIL" for row in rows)) == (67, 52)
    return rows


# the service ----------------------------------------------------------------------------------------------------------


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    arguments = [str(part) for part in command]
    return subprocess.run(arguments, cwd=cwd, capture_output=True, encoding="utf-8", check=False, timeout=300)


@pytest.fixture(scope="module")
def python(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of the service's environment."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]
    kept = pytestconfig.cache.mkdir("csv-reconcile") / digest  # type: ignore[union-attr]
    within = Path("Scripts" if os.name == "nt" else "bin") / "python"
    if kept.is_dir() and run(kept / within, "-c", "import csv_reconcile", cwd=LOCK.parent).returncode == 0:
        return kept / within
    shutil.rmtree(kept, ignore_errors=True)
    new = tmp_path_factory.mktemp("csv-reconcile") / "venv"
    venv.create(new, with_pip=True)
    pip = (new / within, "-m", "pip", "--disable-pip-version-check", "--quiet", "--no-input")
    probe = run(*pip, "download", "--no-deps", "--retries", "0", "--dest", new / "probe", "click", cwd=new)
    if probe.returncode:
        why = (probe.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        message = f"the package registry cannot be reached, so nothing was measured: {why}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    done = run(*pip, "install", "--no-deps", "--require-hashes", "-r", LOCK, cwd=new)
    assert done.returncode == 0, done.stderr
    try:  # at its place in one step: another process may be doing the same
        new.rename(kept)
    except OSError:
        return (kept if (kept / within).exists() else new) / within
    return kept / within


@pytest.fixture(scope="module")
def endpoint(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service, over the table."""
    place = tmp_path_factory.mktemp("service")  # its data base and configuration are kept in the working folder
    table = (SHARED / "reconciliation_table.tsv").resolve()
    config = (SHARED / "recon.config").resolve()
    made = run(python, "-m", "csv_reconcile", "init", "--config", config, table, "id", "name", cwd=place)
    assert made.returncode == 0, made.stdout + made.stderr
    log = place / "log"
    with log.open("wb") as out:
        command = [str(python), "-m", "flask", "--app", "csv_reconcile:create_app", "run", "--port", "0"]
        server = subprocess.Popen(command, cwd=place, stdout=out, stderr=subprocess.STDOUT)
        try:
            until = time.monotonic() + 60
            while not (found := re.search(r"Running on (http://127\.0\.0\.1:\d+)", log.read_text())):
                assert server.poll() is None and time.monotonic() < until, log.read_text()
                time.sleep(0.05)
            yield f"{found[1]}/reconcile"
        finally:
            server.terminate()
            server.wait(timeout=30)


@pytest.fixture(scope="module")
def found(endpoint: str, gold: list[Row]) -> list[tuple[Verdict, ...]]:
    """The verdicts on the candidates of each row."""
    with asking() as client:
        service = ReconciliationService(client, endpoint, properties=PROPERTIES)
        answers = list(service.candidates([row.thing for row in gold]))
    return [judge(thing, candidates) for thing, candidates in answers]


# what is measured -----------------------------------------------------------------------------------------------------


def test_what_is_accepted(gold: list[Row], found: list[tuple[Verdict, ...]]) -> None:
    right, wrong = [], []
    for row, verdicts in zip(gold, found, strict=True):
        for verdict in verdicts:
            if verdict.judgement is Judgement.ACCEPTED:
                (right if verdict.candidate.id == row.gold else wrong).append(f"{row.mention} = {verdict.candidate.id}")
    assert wrong == []  # precision 1.00, and all that is in no table is left alone
    answers = sum(row.gold != "NIL" for row in gold)
    assert len(right) / answers >= 0.93, right


def test_what_is_near_is_said_to_be_near(gold: list[Row], found: list[tuple[Verdict, ...]]) -> None:
    close = {
        row.mention
        for row, verdicts in zip(gold, found, strict=True)
        for v in verdicts
        if v.judgement is Judgement.ACCEPTED and v.match is Match.CLOSE
    }
    assert close == {"广州地铁"}  # the network, not the company


def test_false_friends(gold: list[Row], found: list[tuple[Verdict, ...]]) -> None:
    friends = {"广州塔": "cn:440100", "香格里拉大酒店": "cn:533421", "琶洲村": "nbs:440105017"}
    of = {row.mention: verdicts for row, verdicts in zip(gold, found, strict=True)}
    for mention, id in friends.items():
        assert mention in of
        assert all(v.judgement is not Judgement.ACCEPTED for v in of[mention]), id
    accepted = [v.candidate.name for v in of["从化温泉镇"] if v.judgement is Judgement.ACCEPTED]
    assert accepted == ["温泉镇"]


def test_the_order_of_candidates(gold: list[Row], found: list[tuple[Verdict, ...]]) -> None:
    ranks = []
    for row, verdicts in zip(gold, found, strict=True):
        ids = [verdict.candidate.id for verdict in verdicts]
        if row.gold != "NIL":
            ranks.append(ids.index(row.gold) + 1 if row.gold in ids else None)
    recall = sum(rank is not None and rank <= 5 for rank in ranks) / len(ranks)
    mean = sum(1 / rank for rank in ranks if rank) / len(ranks)
    assert (recall, mean) >= (1.0, 1.0), f"recall@5 {recall:.2f}, mean reciprocal rank {mean:.2f}"


def test_the_flag_of_the_service_does_not_suffice(endpoint: str, gold: list[Row]) -> None:
    queries = {f"q{n}": {"query": row.mention} for n, row in enumerate(gold)}
    form = urllib.parse.urlencode({"queries": json.dumps(queries)}).encode()
    with urllib.request.urlopen(endpoint, form) as answer:
        results: dict[str, Any] = json.load(answer)
    flagged = [
        (row, result["id"]) for n, row in enumerate(gold) for result in results[f"q{n}"]["result"] if result["match"]
    ]
    right = [row.mention for row, id in flagged if row.gold == id]
    assert (len(flagged), len(right)) == (14, 4)
    wrong = {row.mention: id for row, id in flagged if row.gold != id}
    assert wrong["富力海珠广场"] == "cn:440105"  # a building, taken for the district that its name begins with


def test_the_command(endpoint: str, gold: list[Row], seed_folder: Path, tmp_path: Path) -> None:
    store_dir = shutil.copytree(seed_folder, tmp_path / "store")
    arguments = ["link", "--store", str(store_dir), "--provider", "reconcile", "--endpoint", endpoint]
    arguments += [f"--property={role}={id}" for role, id in PROPERTIES.items()]
    arguments += ["--online", "--contact", CONTACT, "--cache", str(tmp_path / "cache.sqlite")]
    done = CliRunner().invoke(cli, arguments, prog_name="kg")
    assert done.exit_code == 0, done.output
    store = open_store(store_dir, read_only=True)
    base = links_base(store)
    assert base is not None
    links: dict[str, set[str]] = {}
    for decision in read_ledger(store, base).accepted():
        links.setdefault(decision.subject, set()).add(decision.object.removeprefix("urn:x-test:ids:"))
    answers = {row.mention: row.gold for row in gold}
    asked, wrong, right = 0, {}, 0
    for thing in read_things(store):
        given = {answers[name] for name in thing.names if name in answers}
        if not given:
            continue
        asked += 1
        expected = given - {"NIL"}
        if links.get(thing.iri, set()) - expected:
            wrong[thing.name] = links[thing.iri]
        right += bool(expected) and links.get(thing.iri) == expected
    assert wrong == {}
    assert asked >= 60
    assert right >= 13  # of the fifteen, two pairs are one thing each: 广州 and 广州市, 海珠区
