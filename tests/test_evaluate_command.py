"""``kg evaluate``: what it takes, prints, keeps and refuses."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import cli
from kg.errors import DataError, ReadError
from kg.evaluate import (
    LAST_RUN,
    Baseline,
    Group,
    Measuring,
    Miss,
    Pinned,
    Run,
    Scores,
    Share,
    Tally,
    change_lines,
    changes,
    class_table,
    default_golds,
    evaluate,
    fault_table,
    golds_in,
    group_precision_table,
    grouped_table,
    left_out,
    means,
    means_table,
    own_golds,
    precision_table,
    run_of,
    texts_for,
)
from kg.evaluate import Result as Scored
from tests.evaluation import ROOT

SEED = ROOT / "seeds" / "haizhu-2011.gold.json"

TEXT = """江城区2011年政府工作报告
区长 李明
一、2010年工作回顾
2010年,地区生产总值达250亿元,增长12.5%。建成东湖大桥。甲银行落户东湖片区。
"""


def annotation(**changed: object) -> str:
    """What a reader takes out of TEXT."""
    gdp = {
        "id": "o1",
        "indicator": "地区生产总值",
        "area": "江城区",
        "period": "2010",
        "measure": "level",
        "modality": "actual",
        "value": 25_000_000_000,
        "unit": "元",
        "bound": "eq",
        "text": "250亿元",
        "start": TEXT.index("250亿元"),
    }
    things = (("江城区", "AdministrativeArea"), ("东湖大桥", "Project"), ("东湖片区", "Zone"))
    data = {
        "report": "made-up",
        "area": "江城区",
        "year": 2011,
        "scope": [0, len(TEXT)],
        "entities": [
            {"id": name, "name": name, "types": [kind], "aliases": [], "start": TEXT.index(name), "status": None}
            for name, kind in things
        ],
        "observations": [gdp],
        "relations": [],
    }
    return json.dumps({**data, **changed}, ensure_ascii=False)


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An annotated report in a folder of its own, which is the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "made-up.txt").write_text(TEXT, encoding="utf-8")
    gold = tmp_path / "made-up.gold.json"
    gold.write_text(annotation(), encoding="utf-8")
    return gold


@pytest.fixture
def kg(made_up: Path) -> Callable[..., Result]:
    def run(*arguments: str, status: int = 0) -> Result:
        result = CliRunner().invoke(cli, ["evaluate", *arguments])
        assert result.exit_code == status, result.output
        return result

    return run


def test_the_table(kg: Callable[..., Result]) -> None:
    printed = kg("made-up.gold.json").stdout.split("\n")
    assert printed[0].split() == ["report", "entities", "names", "observations", "figures", "relations", "status"]
    cells = printed[2].split()
    assert cells[0] == "made-up" and len(cells) == 7
    expected = evaluate("made-up.gold.json").scores.values()
    assert cells[1:3] == [f"{expected['entities']:.3f}", f"{expected['names']:.3f}"]


def test_precision_classes_and_misses(kg: Callable[..., Result], made_up: Path) -> None:
    there = json.loads(annotation())["entities"]
    unseen = {"id": "e9", "name": "月球背面", "types": ["Zone"], "aliases": [], "start": 50, "status": None}
    made_up.write_text(annotation(entities=[*there, unseen]), encoding="utf-8")
    printed = kg("made-up.gold.json", "--precision", "--by-class", "--misses").stdout
    assert "recall" in printed and "observations not right because of" in printed
    assert "made-up: entities missed (" in printed
    assert "  月球背面 Zone\n      2010年,地区生产总值达250亿元,增长12.5%" in printed


def test_json(kg: Callable[..., Result]) -> None:
    data = json.loads(kg("made-up.gold.json", "--json", "--misses").stdout)
    (report,) = data["reports"]
    assert report["report"] == "made-up" and data["segmenter"] == "rjieba"
    scores = evaluate("made-up.gold.json").scores
    assert report["scores"]["figures"]["right"] == scores.figures.right
    assert report["scores"]["entities"]["f1"] == data["mean"]["entities"] == scores.entities.value
    assert set(report["misses"]) == set(scores.misses)
    assert "misses" not in json.loads(kg("made-up.gold.json", "--json").stdout)["reports"][0]


def test_what_changed_since_the_last_run(kg: Callable[..., Result], made_up: Path) -> None:
    assert "since the last run" not in kg("made-up.gold.json").stdout
    assert "since the last run" not in kg("made-up.gold.json").stdout  # nothing did
    there = json.loads(annotation())["entities"]
    unseen = {"id": "e9", "name": "月球背面", "types": ["Zone"], "aliases": [], "start": 50, "status": None}
    made_up.write_text(annotation(entities=[*there, unseen]), encoding="utf-8")
    printed = kg("made-up.gold.json").stdout
    assert "made-up since the last run: entities " in printed
    assert "not that of the last run" in printed
    assert "    + 月球背面 Zone\n" in printed
    Path("then.json").write_bytes(Path(LAST_RUN).read_bytes())
    made_up.write_text(annotation(), encoding="utf-8")
    assert "    - 月球背面 Zone\n" in kg("made-up.gold.json", "--no-keep").stdout
    assert Path("then.json").read_bytes() == Path(LAST_RUN).read_bytes()  # that run was not kept
    kg("made-up.gold.json")
    assert "    - 月球背面 Zone\n" in kg("made-up.gold.json", "--since", "then.json").stdout


def test_floors_rise_and_sink_only_on_purpose(kg: Callable[..., Result]) -> None:
    kg("made-up.gold.json", "--update", "--baseline", "floors.json")
    written = Baseline.load("floors.json")
    (pinned,) = written.reports.values()
    assert pinned.floors["figures"] > 0
    assert "floors.json written" not in kg("made-up.gold.json", "--update", "--baseline", "floors.json").stderr
    higher = dataclasses.replace(pinned, floors={**pinned.floors, "names": 1.0, "status": 0.5})
    Baseline({"made-up": higher}).save("floors.json")
    assert "made-up: status 0.0000 is below its floor 0.5000" in kg(
        "made-up.gold.json", "--baseline", "floors.json"
    ).stderr.replace("\n", " ")
    refused = kg("made-up.gold.json", "--update", "--baseline", "floors.json", status=1)
    assert "made-up: status would sink from 0.5000 to 0.0000" in refused.stderr
    assert Baseline.load("floors.json").reports["made-up"] == higher
    kg("made-up.gold.json", "--update", "--allow-regression", "--baseline", "floors.json")
    assert Baseline.load("floors.json") == written


def test_of_a_report_put_aside_only_scores_are_shown_and_kept(kg: Callable[..., Result], made_up: Path) -> None:
    unseen = {"id": "e9", "name": "月球背面", "types": ["Zone"], "aliases": [], "start": 50, "status": None}
    made_up.write_text(annotation(entities=[unseen]), encoding="utf-8")
    kg("made-up.gold.json", "--update", "--baseline", "floors.json")
    pinned = Baseline.load("floors.json").reports["made-up"]
    Baseline({"made-up": dataclasses.replace(pinned, measured_only=True)}).save("floors.json")
    Path(LAST_RUN).unlink()
    for arguments in (["--misses"], ["--misses", "--json"], ["--misses", "--by-class"]):
        result = kg("made-up.gold.json", "--baseline", "floors.json", *arguments)
        assert "made-up" in result.stdout
        for more_than_scores in ("月球背面", "Zone", "level", "no such figure"):
            assert more_than_scores not in result.output
    assert "月球背面" not in Path(LAST_RUN).read_text(encoding="utf-8")


@pytest.fixture
def four(made_up: Path) -> list[str]:
    """A report of each group but the seed, and its floors; the arguments that measure them."""
    for name in ("read", "aside", "new"):
        (made_up.parent / f"{name}.txt").write_text(TEXT, encoding="utf-8")
        Path(f"{name}.gold.json").write_text(annotation(report=name), encoding="utf-8")
    pinned = {"read": Pinned("", "", {"names": 0.0}), "aside": Pinned("", "", {"names": 0.0}, measured_only=True)}
    Baseline(pinned).save("floors.json")
    return [*(f"{name}.gold.json" for name in ("new", "aside", "read")), str(SEED), "--baseline", "floors.json"]


def test_reports_are_listed_by_group_with_the_means_of_each(kg: Callable[..., Result], four: list[str]) -> None:
    result = kg(*four, "--no-keep", "--precision")
    listed, mean, counts, *_ = result.stdout.split("\n\n")
    assert [line.rstrip() for line in listed.split("\n") if not line.startswith("  ")][2:] == [
        "the seed",
        "cuttings developed with",
        "cuttings put aside",
        "other reports",
    ]
    order = [line.split()[0] for line in listed.split("\n") if line.startswith("  ")]
    assert order == ["haizhu-2011", "read", "aside", "new"]
    heads = ["the seed", "cuttings developed with", "cuttings put aside", "other reports", "all"]
    assert [line[:23].strip() for line in mean.split("\n")[2:]] == heads
    assert [line[23:].split()[0] for line in mean.split("\n")[2:]] == ["1", "1", "1", "1", "4"]
    assert counts.startswith("group") and "haizhu-2011" not in counts


def test_groups_in_json(kg: Callable[..., Result], four: list[str]) -> None:
    data = json.loads(kg(*four, "--no-keep", "--json").stdout)
    assert {name: group["reports"] for name, group in data["groups"].items()} == {
        "seed": ["haizhu-2011"],
        "developed": ["read"],
        "aside": ["aside"],
        "other": ["new"],
    }
    assert data["groups"]["seed"]["mean"]["figures"] == evaluate(SEED).scores.figures.value
    by_name = {report["report"]: report for report in data["reports"]}
    assert "by_class" in by_name["read"] and "by_class" not in by_name["aside"]
    assert "faults" not in by_name["aside"] and by_name["aside"]["scores"] == by_name["read"]["scores"]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["nowhere.json"], 1, "cannot read the annotation"),
        (["."], 0, ""),
        (["--text", "made-up.txt", "made-up.gold.json", "made-up.gold.json"], 2, "1 texts for 2 annotations"),
        (["--text", "nowhere.txt", "made-up.gold.json"], 1, "nowhere.txt"),
        (["--allow-regression"], 2, "goes with --update"),
        (["--update", "--segmenter", "jieba"], 2, "floors are those of rjieba"),
        (["made-up.gold.json", "--since", "nowhere.json"], 1, "no such run"),
        (["made-up.gold.json", "--baseline", "made-up.txt"], 1, "not a baseline"),
        (["made-up.gold.json", "--last-run", "made-up.txt"], 1, "not the file of a run"),
        (["made-up.gold.json", "--last-run", "no/folder.json"], 1, "cannot be kept"),
    ],
)
def test_what_it_takes(kg: Callable[..., Result], arguments: list[str], status: int, message: str) -> None:
    result = kg(*arguments, status=status)
    assert message in " ".join(result.stderr.split())


def test_without_shared_reports_it_says_so(
    kg: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_SHARED", str(tmp_path / "nowhere"))
    assert default_golds() == (SEED,)
    result = kg("--json")
    assert "no further annotated reports and no text for" in result.stderr
    assert str(tmp_path / "nowhere") in result.stderr and len(result.stderr.strip().split("\n")) == 1
    assert [report["report"] for report in json.loads(result.stdout)["reports"]] == ["haizhu-2011"]


def test_own_annotations_without_their_text_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *others = own_golds()
    source = json.loads(first.read_bytes())["source"]["file"]
    (tmp_path / "evaluation" / "gold").mkdir(parents=True)
    (tmp_path / source).parent.mkdir(parents=True)
    (tmp_path / source).write_text("", encoding="utf-8")
    monkeypatch.setenv("KG_SHARED", str(tmp_path))
    assert default_golds() == (SEED, first)
    assert left_out() == tuple(others)
    (notice,) = Measuring.of().notices
    assert notice.startswith(f"no text for {len(others)} annotations of tests/evaluation in {tmp_path}: ")


def test_shared_reports_come_after_those_of_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "evaluation" / "gold"
    folder.mkdir(parents=True)
    for name in ("b", "a", "haizhu-2011"):
        (folder / f"{name}.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("KG_SHARED", str(tmp_path))
    assert default_golds() == (SEED, folder / "a.json", folder / "b.json")


def test_folders_of_annotations_and_texts(made_up: Path, tmp_path: Path) -> None:
    other = tmp_path / "a.json"
    other.write_text("{}", encoding="utf-8")
    assert golds_in(tmp_path) == (made_up,)
    made_up.rename(tmp_path / "b.json")
    assert golds_in(tmp_path) == (other, tmp_path / "b.json")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReadError, match="no annotation"):
        golds_in(tmp_path / "empty")
    assert texts_for([made_up, other], [tmp_path]) == (tmp_path / "made-up.txt", tmp_path / "a.txt")
    assert texts_for([other], ["b.txt"]) == (Path("b.txt"),)


# --- tables and changes -------------------------------------------------------------------------------------


def scored(**misses: tuple[Miss, ...]) -> Scored:
    tally = Tally(3, 4, 5)
    by_class = {"entities": {"Park": Tally(2, 2, 3), "Zone": Tally(1, 2, 2)}, "relations": {}}
    scores = Scores(tally, tally, tally, tally, tally, Share(1, 2), misses, by_class, {"period": 2, "area": 1})
    return Scored("a", scores, "t", "g")


def test_tables() -> None:
    results = [scored(), dataclasses.replace(scored(), report="b")]
    assert class_table(results)[1:] == (
        ("entities", "Park", "6", "4", "2", "0", "1.000", "0.667", "0.800"),
        ("entities", "Zone", "4", "2", "2", "2", "0.500", "0.500", "0.500"),
    )
    assert fault_table(results)[1:] == (("period", "4"), ("area", "2"))
    assert precision_table(results)[1] == ("a", "entities", "3", "4", "5", "0.750", "0.600", "0.667")
    assert precision_table(results)[6] == ("a", "status", "1", "2", "", "", "", "0.500")


def test_tables_of_groups() -> None:
    better = dataclasses.replace(scored().scores, names=Tally(5, 5, 5), status=Share(0, 0))
    groups = {
        Group.SEED: [scored()],
        Group.ASIDE: [dataclasses.replace(scored(), report="b"), Scored("c", better, "t", "g")],
    }
    assert grouped_table(groups) == (
        ("report", "entities", "names", "observations", "figures", "relations", "status"),
        ("the seed", *[""] * 6),
        ("  a", *["0.667"] * 5, "0.500"),
        ("cuttings put aside", *[""] * 6),
        ("  b", *["0.667"] * 5, "0.500"),
        ("  c", "0.667", "1.000", *["0.667"] * 3, "-"),
    )
    assert means_table(groups)[1:] == (
        ("the seed", "1", *["0.667"] * 5, "0.500"),
        ("cuttings put aside", "2", "0.667", "0.833", *["0.667"] * 3, "0.500"),
        ("all", "3", "0.667", "0.778", *["0.667"] * 3, "0.500"),
    )
    counts = group_precision_table(groups)
    assert counts[8] == ("cuttings put aside", "names", "8", "9", "10", "0.889", "0.800", "0.842")
    assert counts[12] == ("cuttings put aside", "status", "1", "2", "", "", "", "0.500")
    assert means([]) == {}


def test_changes_count_what_is_there_twice(tmp_path: Path) -> None:
    then = scored(missed=(Miss("x"), Miss("x"), Miss("y", "as p")))
    now = scored(missed=(Miss("x"), Miss("y", "as q"), Miss("z"), Miss("z")))
    path = tmp_path / "run.json"
    run_of([then], None).save(path)
    before = Run.load(path)
    assert before == run_of([then], None)
    (change,) = changes(before, [now])
    assert change.mended == {"missed": ("x",)}
    assert change.spoiled == {"missed": (Miss("z"), Miss("z"))}
    assert next(iter(change_lines([change]))) == "a since the last run: the same scores"
    assert changes(before, [then]) == ()
    assert changes(before, [dataclasses.replace(then, report="b")]) == ()
    assert [c.mended for c in changes(before, [now], measured_only={"a"})] == []


def test_a_run_keeps_what_was_known_of_other_reports() -> None:
    both = run_of([dataclasses.replace(scored(), report="b")], run_of([scored()], None))
    assert set(both.reports) == {"a", "b"}


def test_no_run_yet_and_a_broken_one(tmp_path: Path) -> None:
    assert Run.load(tmp_path / "nowhere.json") is None
    (tmp_path / "broken.json").write_text('{"reports": 3}', encoding="utf-8")
    with pytest.raises(DataError, match=r"broken\.json: not the file of a run"):
        Run.load(tmp_path / "broken.json")


def test_classes_add_up_to_the_whole() -> None:
    scores = evaluate(SEED).scores
    for kind in ("entities", "observations", "relations"):
        assert sum(scores.by_class[kind].values(), Tally(0, 0, 0)) == getattr(scores, kind), kind


def test_the_place_of_the_last_run_is_that_of_the_library() -> None:
    (option,) = (p for p in cli.commands["evaluate"].params if p.name == "last_run")
    assert option.default == LAST_RUN
