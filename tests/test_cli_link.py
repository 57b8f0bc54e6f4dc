"""``kg link`` and its subcommands as a user sees them: what they print where, what they write, their exit statuses."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg import cli_link
from kg.cli import cli
from kg.graph.store import open_store
from kg.graph.vocab import DEFAULT_BASE
from kg.link.decisions import NO_TERM, Ledger, read_ledger, write_ledger
from kg.link.model import Judgement, Match
from kg.link.providers.reconcile import ROLES
from kg.link.providers.tables import DivisionTable, GeoNamesTable
from kg.pipeline import build

JILIN = f"{DEFAULT_BASE}entity/长春市/吉林"


def kg(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
    return CliRunner(env={"KG_REVIEWER": "ann"}).invoke(cli, [str(a) for a in arguments], input=stdin, prog_name="kg")


def ok(*arguments: str | Path, stdin: str | bytes | None = None) -> str:
    result = kg(*arguments, stdin=stdin)
    assert result.exit_code == 0, result.output
    return result.stdout


def told(result: Result) -> str:
    """The one line on standard error of a failure."""
    assert result.exit_code == 1 and result.stdout == "", result.output
    assert result.stderr.startswith("kg: error: ") and result.stderr.count("\n") == 1
    return result.stderr.removeprefix("kg: error: ").rstrip()


@pytest.fixture(scope="module")
def _linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two questions: 吉林 with two candidates, and 平房区 with one."""
    folder = tmp_path_factory.mktemp("cli-link")
    report = folder / "长春市-2012.txt"
    report.write_text(
        "长春市2012年政府工作报告\n市长 王五\n各位代表:\n一、2011年工作回顾\n地区生产总值200亿元,增长11%。"
        "与广州市、吉林开展合作。朝阳区建成科技园。俄罗斯赤塔市代表团来访。平房区改造完成。\n",
        encoding="utf-8",
    )
    assert not build([report], store_dir=folder / "built").failures
    assert kg("link", "--store", folder / "built").exit_code == 0
    return folder / "built"


@pytest.fixture
def store(_linked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(_linked, tmp_path / "store"))


def ledger(folder: Path) -> Ledger:
    return read_ledger(open_store(folder, read_only=True), DEFAULT_BASE)


def mine(folder: Path) -> list[tuple[str, str, str]]:
    """People's decisions: the object's code, the judgement, the match."""
    return [
        (d.object.rsplit("/", 1)[1].removesuffix(".html"), d.judgement.value, d.match.value)
        for d in ledger(folder).effective()
        if d.manual
    ]


# the run --------------------------------------------------------------------------------------------------------------


def test_a_run_prints_what_came_of_it(store: Path) -> None:
    out = ok("link", "--store", store)
    assert out.split("\n")[0].split() == ["target", "exact", "close", "open", "rejected"]
    assert "of which 3 have their code, 1 are ambiguous" in out and "1 are abroad" in out
    assert "0 triples added, 0 removed" in out and "candidates are open: kg link review" in out


def test_a_run_as_json(store: Path) -> None:
    told = json.loads(ok("link", "--store", store, "--json"))
    assert told["targets"]["gbt2260"]["open"] == 3 and told["areas"]["abroad"] == 1
    assert told["triplesAdded"] == 0 == told["requestsSent"]


def test_one_provider(store: Path) -> None:
    told = json.loads(ok("link", "--store", store, "--provider", "divisions", "--json"))
    assert told["targets"]["geonames"]["close"] == 3  # as it was


def test_an_offline_run_imports_nothing_of_the_network(store: Path) -> None:
    code = (
        "import sys; from kg.cli import cli\n"
        "try: cli(['link', '--store', sys.argv[1]])\n"
        "except SystemExit as end: assert not end.code\n"
        "print(sorted({'httpx', 'sqlite3', 'ssl', 'rdflib', 'nicegui'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code, str(store)], capture_output=True, text=True, check=True)
    assert result.stdout.rstrip().endswith("[]"), result.stdout


def test_the_constants_are_those_of_the_modules() -> None:
    assert tuple(cli_link.ROLES) == tuple(ROLES)
    offline = (DivisionTable.name, GeoNamesTable.name, "table")
    assert offline == cli_link.OFFLINE
    from kg.link.providers.reconcile import ReconciliationService
    from kg.link.providers.table import OwnTable
    from kg.link.providers.wikidata import Wikidata

    assert (*offline[:2], Wikidata.name, ReconciliationService.name, OwnTable.name) == cli_link.PROVIDERS


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--provider", "wikidata"], "allow it with --online"),
        (["--provider", "table"], "--provider table needs --table"),
        (["--provider", "reconcile", "--online", "--contact", "a@example.org"], "needs --endpoint"),
        (["--provider", "nobody"], "nobody"),
        (["--max-age", "-1"], "--max-age"),
        (["--table", "a.csv"], "--table needs --provider table"),
        (["--provider", "table", "--endpoint", "http://localhost/"], "--endpoint needs --provider reconcile"),
        (["--online", "--property", "type=P31"], "--property needs --provider reconcile"),
        (["--target", "mine"], "--target needs --provider table or"),
        (["--provider", "table", "--table", "a.csv", "--target", "geonames"], "--target geonames: the names gbt2260, "),
        (["--dry-run", "review"], "--dry-run is for a run; kg link review has none"),
        (["--dry-run", "undo"], "--dry-run is for a run; kg link undo has none"),
        (["undo", "吉林", "--import"], "leave out the name"),
    ],
)
def test_wrong_usage(store: Path, arguments: list[str], message: str) -> None:
    result = kg("link", "--store", store, *arguments)
    assert result.exit_code == 2 and message in result.stderr and not result.stdout


def test_a_run_that_writes_nothing_says_so(store: Path) -> None:
    before = ledger(store).quads()
    out = ok("link", "--store", store, "--dry-run", "--provider", "divisions")
    assert "nothing was written" in out and "candidates are open" in out and ledger(store).quads() == before


def test_what_would_be_sent_does_not_mix_with_json(store: Path) -> None:
    arguments = ("--provider", "reconcile", "--endpoint", "http://127.0.0.1:9/", "--contact", "a@example.org")
    result = kg("link", "--store", store, "--dry-run", "--json", *arguments)
    assert result.exit_code == 0 and json.loads(result.stdout)["triplesAdded"] == 0
    assert "http://127.0.0.1:9/" in result.stderr


def table(file: Path) -> Path:
    file.write_text("id,name\nj,吉林\n", encoding="utf-8")
    return file


def test_another_table_of_the_same_name_is_told(store: Path, tmp_path: Path) -> None:
    one, other = table(tmp_path / "one.csv"), table(tmp_path / "other.csv")
    for file in (one, one):
        result = kg("link", "--store", store, "--provider", "table", "--table", file, "--target", "mine")
        assert result.exit_code == 0 and result.stderr == ""
    result = kg("link", "--store", store, "--provider", "table", "--table", other, "--target", "mine")
    assert "the table other.csv took the place of the table one.csv, since both are called mine" in result.stderr


def test_there_is_no_store(tmp_path: Path) -> None:
    for command in ([], ["review"], ["export"], ["undo"]):
        assert "there is no store in" in told(kg("link", *command, "--store", tmp_path / "no"))
    (tmp_path / "d.tsv").write_text("", encoding="utf-8")
    assert "there is no store in" in told(kg("link", "import", tmp_path / "d.tsv", "--store", tmp_path / "no"))
    assert not (tmp_path / "no").exists()


def test_nothing_is_linked_yet(seed_folder: Path) -> None:
    for command in (["review"], ["export"], ["undo"]):
        assert told(kg("link", *command, "--store", seed_folder)) == (
            "nothing has been linked in this store (run: kg link)"
        )


@pytest.mark.parametrize("command", ["review", "export", "undo"])
def test_the_store_is_named_before_or_after_the_subcommand(store: Path, tmp_path: Path, command: str) -> None:
    if command == "undo":
        ok("link", "review", "--store", store, stdin="n\nn\n")
        assert "undone" in ok("link", "--store", store, "undo") and "undone" in ok("link", "undo", "--store", store)
        return
    before, after = kg("link", "--store", store, command), kg("link", command, "--store", store)
    assert before.exit_code == after.exit_code == 0 and before.stdout == after.stdout
    nearer = kg("link", "--store", tmp_path / "no", command, "--store", store)
    assert nearer.stdout == after.stdout


def test_a_link_is_shown_by_name_and_iri(store: Path) -> None:
    assert "广州市 <https://www.stats.gov.cn/" in ok("show", "广州市", "--store", store)


# review ---------------------------------------------------------------------------------------------------------------


def test_review_shows_why_and_where(store: Path) -> None:
    out = ok("link", "review", "--store", store)
    assert "吉林  AdministrativeArea  in GB/T 2260" in out and "(1 of 2)" in out
    assert "与广州市、【吉林】开展合作" in out
    assert "ambiguous without its level: 吉林省 or 吉林市" in out and "+name: 吉林 is 吉林省" in out
    assert out.rstrip().endswith("0 decided, 2 of 2 left open.")  # the end of the input ends it
    assert not mine(store)


def test_review_as_json(store: Path) -> None:
    told = json.loads(ok("link", "review", "--store", store, "--json"))
    assert [(q["name"], len(q["candidates"])) for q in told] == [("吉林", 2), ("平房区", 1)]
    assert told[0]["subject"] == JILIN and told[0]["target"] == "gbt2260"
    assert {c["code"] for c in told[0]["candidates"]} == {"220000", "220200"}
    assert json.loads(ok("link", "review", "--store", store, "--json", "--target", "geonames")) == []
    assert ok("link", "review", "--store", store, "--target", "geonames") == "Nothing is open.\n"


def first(store: Path) -> list[str]:
    """The candidates for 吉林, as they are shown."""
    asked = json.loads(ok("link", "review", "--store", store, "--json"))
    (jilin,) = [question for question in asked if question["subject"] == JILIN]
    return [c["iri"].rsplit("/", 1)[1].removesuffix(".html") for c in jilin["candidates"]]


def test_accept(store: Path) -> None:
    one, _ = first(store)
    out = ok("link", "review", "--store", store, stdin="1\nq\n")
    assert mine(store) == [(one, "accepted", "exactMatch")] and "1 decided, 1 of 2 left open." in out
    (decision,) = [d for d in ledger(store).decisions.values() if d.manual]
    assert decision.reviewer == "ann" and decision.subject == JILIN
    assert len(json.loads(ok("link", "review", "--store", store, "--json"))) == 1


def test_accept_as_near(store: Path) -> None:
    _, two = first(store)
    ok("link", "review", "--store", store, "--reviewer", "bob", stdin="c2\n")
    assert mine(store) == [(two, "accepted", "closeMatch")]
    assert [d.reviewer for d in ledger(store).decisions.values() if d.manual] == ["bob"]


def test_reject_one_of_two_and_the_other_is_still_asked_about(store: Path) -> None:
    one, two = first(store)
    out = ok("link", "review", "--store", store, stdin="r1\nq\n")
    assert mine(store) == [(one, "rejected", "exactMatch")] and "1 decided, 2 of 2 left open." in out
    shown = out.split("(1 of 2)")
    assert len(shown) == 3 and f"/{one}.html" in shown[1] and f"/{one}.html" not in shown[2]
    assert f"/{two}.html" in shown[2]
    # the other keeps its number
    assert first(store) == [two]
    ok("link", "undo", "--store", store)
    out = ok("link", "review", "--store", store, stdin="r1\nr1\n2\nq\n")
    assert sorted(mine(store)) == sorted([(one, "rejected", "exactMatch"), (two, "accepted", "exactMatch")])
    assert "1 accepts, c1 accepts as near" in out and "2 decided, 1 of 2 left open." in out


def test_reject_all_is_to_settle_it(store: Path) -> None:
    out = ok("link", "review", "--store", store, stdin="r2\nR1\nr1\n")
    assert [judgement for _, judgement, _ in mine(store)] == ["rejected"] * 3
    assert "3 decided, 0 of 2 left open." in out
    assert ok("link", "review", "--store", store) == "Nothing is open.\n"


def test_none_later_and_undo(store: Path) -> None:
    out = ok("link", "review", "--store", store, stdin="u\nn\nu\n\nl\n")
    assert "There is nothing to undo." in out and not mine(store)
    assert out.rstrip().endswith("0 decided, 2 of 2 left open.")
    out = ok("link", "review", "--store", store, stdin="n\nl\n")
    assert mine(store) == [("NoTermFound", "accepted", "exactMatch")] and "1 decided, 1 of 2 left open." in out


def test_undo_of_a_rejected_one_shows_it_again(store: Path) -> None:
    one, _ = first(store)
    out = ok("link", "review", "--store", store, stdin="r1\nu\nq\n")
    shown = out.split("(1 of 2)")
    assert [f"/{one}.html" in part for part in shown[1:]] == [True, False, True] and not mine(store)


def test_undo_takes_the_decisions_of_this_review_alone(store: Path) -> None:
    """Someone else may have decided in between, or long ago."""
    ok("link", "review", "--store", store, stdin="l\nn\n")
    out = ok("link", "review", "--store", store, stdin="u\nq\n")
    assert "There is nothing to undo." in out and len(mine(store)) == 1


def test_an_undo_of_what_was_taken_back_elsewhere(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.link.review import Reviewer

    monkeypatch.setattr(Reviewer, "undo", lambda *arguments: None)
    out = ok("link", "review", "--store", store, stdin="1\nu\nu\nq\n")
    assert "The last decision was taken back elsewhere." in out and "There is nothing to undo." in out


def test_what_somebody_else_decided_meanwhile_stands(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The questions were read before; the first of them is decided while it is shown."""
    import click

    from kg.link import review

    asked = click.prompt

    def prompt(*arguments: object, **more: object) -> object:
        if not mine(store):
            question = review.questions(ledger(store))[0]
            review.Reviewer(store, "eve").none_of_these(question.subject, question.target)
        return asked(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(click, "prompt", prompt)
    result = kg("link", "review", "--store", store, stdin="1\nq\n")
    assert (
        "吉林 in gbt2260: none was accepted by eve (take it back first: kg link undo 吉林 --target gbt2260)"
        in result.stderr
    )
    assert mine(store) == [("NoTermFound", "accepted", "exactMatch")] and "0 decided" in result.stdout


def test_a_graph_that_there_is_not(store: Path) -> None:
    assert told(kg("link", "review", "--target", "nope", "--store", store)) == (
        "nothing is linked to a graph 'nope' in this store (there are: gbt2260, geonames)"
    )


def test_answers_that_are_none(store: Path) -> None:
    out = ok("link", "review", "--store", store, stdin="3\nc\nr0\nx1\n-1\n 1 \nq\n")
    assert out.count("1 accepts, c1 accepts as near, r1 rejects") == 5 and len(mine(store)) == 1


def test_a_store_in_use_ends_no_review(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.errors import StoreLocked
    from kg.link import review

    tries: list[int] = []
    real = review.open_store

    def busy(*arguments: object, **more: object) -> object:
        tries.append(1)
        if len(tries) == 1:
            raise StoreLocked("another process is writing to the store in s")
        return real(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(review, "open_store", busy)
    result = kg("link", "review", "--store", store, stdin="1\n1\nq\n")
    assert result.exit_code == 0 and "nothing was written" in result.stderr
    assert len(mine(store)) == 1 and "1 decided" in result.stdout


# export, import, undo -------------------------------------------------------------------------------------------------


def test_export_and_import(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "decisions.sssom.tsv"
    result = kg("link", "export", file, "--store", store)
    count = len(ledger(store).effective())
    assert result.exit_code == 0 and result.stdout == "" and result.stderr == f"{count} decisions in {file}\n"
    text = file.read_text(encoding="utf-8")
    assert text == ok("link", "export", "--store", store) == ok("link", "export", "-", "--store", store)
    before = ledger(store).quads()
    out = ok("link", "import", file, "--store", store)
    assert out == f"{count} rows: 0 decisions taken, 0 added as they are\n" and ledger(store).quads() == before


def test_decide_in_a_spreadsheet(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "d.tsv"
    one, _ = first(store)
    ok("link", "export", file, "--store", store, "--only", "open")
    lines = file.read_text(encoding="utf-8").split("\n")
    changed = [line.replace("\topen\t", "\taccepted\t") if f"{one}.html" in line else line for line in lines]
    file.write_text("\n".join(changed), encoding="utf-16")
    told = json.loads(ok("link", "import", file, "--store", store, "--reviewer", "bob", "--json"))
    assert told == {
        "rows": 3, "decided": 1, "restored": 0, "takenBack": 0, "overwritten": 0, "added": 0,
        "conflicts": [], "unknown": [],
    }  # fmt: skip
    assert mine(store) == [(one, "accepted", "exactMatch")]
    again = "\n".join(changed).encode()
    assert json.loads(ok("link", "import", "-", "--store", store, "--json", stdin=again))["decided"] == 0


def test_an_older_export_takes_nothing_back(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "d.tsv"
    one, _ = first(store)
    ok("link", "export", file, "--store", store)
    ok("link", "review", "--store", store, stdin="1\nq\n")
    before = ledger(store).quads()
    assert "0 decisions taken" in ok("link", "import", file, "--store", store) and ledger(store).quads() == before
    lines = file.read_text(encoding="utf-8").split("\n")
    changed = [line.replace("\topen\t", "\trejected\t") if f"{one}.html" in line else line for line in lines]
    file.write_text("\n".join(changed), encoding="utf-8")
    result = kg("link", "import", file, "--store", store)
    number = 1 + next(n for n, line in enumerate(changed) if "\trejected\t" in line and f"{one}.html" in line)
    assert f"{file}:{number}: left as it is, decided since the export: 吉林 in gbt2260" in result.stderr
    assert "1 left, decided since" in result.stdout and ledger(store).quads() == before
    assert "1 decisions taken" in ok("link", "import", file, "--overwrite", "--store", store)
    assert mine(store) == [(one, "rejected", "exactMatch")]


def test_a_copy_restores_what_people_decided(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "d.tsv"
    ok("link", "review", "--store", store, stdin="1\nn\n")
    decided = {d for d in ledger(store).decisions.values() if d.manual}
    ok("link", "export", file, "--store", store)
    ok("link", "undo", "--store", store)
    ok("link", "undo", "--store", store)
    assert "2 decisions taken (2 restored)" in ok("link", "import", file, "--store", store)
    assert {replace(d, imported="") for d in ledger(store).decisions.values() if d.manual} == decided


def test_things_that_are_in_no_report_are_told(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "d.tsv"
    text = "subject_id\tobject_id\tjudgement\nkg:entity/长春市/无\tgeonames:1/\taccepted\n"
    file.write_text(text, encoding="utf-8")
    result = kg("link", "import", file, "--store", store)
    assert result.exit_code == 0 and "1 things with decisions are in no report of this store" in result.stderr
    assert "1 decisions of people are on things that no report names any more" in ok("link", "--store", store)
    rows = [line for line in ok("link", "export", "--only", "vanished", "--store", store).split("\n") if "无" in line]
    assert not rows  # percent-encoded
    assert ok("link", "export", "--only", "vanished", "--store", store).count("%E6%97%A0") == 1
    file.write_text(text.replace("kg:", "kgg:"), encoding="utf-8")
    assert "'kgg:entity/长春市/无' is no identifier with a known prefix" in told(
        kg("link", "import", file, "--store", store)
    )


def test_an_import_is_taken_back(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "d.tsv"
    ok("link", "export", file, "--store", store, "--only", "open")
    text = file.read_text(encoding="utf-8").replace("\topen\t", "\trejected\t")
    file.write_text(text, encoding="utf-8")
    before = ledger(store).quads()
    assert "3 decisions taken" in ok("link", "import", file, "--store", store)
    assert ok("link", "undo", "--import", "--store", store).count("undone: ") == 3 and ledger(store).quads() == before
    assert told(kg("link", "undo", "--import", "--store", store)) == "nothing that was imported is left"


def test_what_cannot_be_imported(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "d.tsv"
    before = ledger(store).quads()
    assert told(kg("link", "import", file, "--store", store)) == f"{file}: No such file or directory"
    file.write_bytes("subject_id,object_id,judgement\n海,b,accepted\n".encode("gb18030"))
    assert told(kg("link", "import", file, "--store", store)).startswith(f"{file}: not in UTF-8 (save it")
    file.write_text("subject_id\tobject_id\tjudgement\nkg:a\tgbt2260:1\tmaybe\n", encoding="utf-8")
    assert told(kg("link", "import", file, "--store", store)).startswith(f"{file}:2: judgement 'maybe' is none")
    assert ledger(store).quads() == before
    assert "No such file" in told(kg("link", "export", tmp_path / "no" / "d.tsv", "--store", store))


def test_undo(store: Path) -> None:
    assert told(kg("link", "undo", "--store", store)) == "no decision of people is recorded"
    ok("link", "review", "--store", store, stdin="1\nn\n")
    assert told(kg("link", "undo", "长春市", "--store", store)) == "no decision of people on 长春市 is recorded"
    assert "nothing in the graph is called" in told(kg("link", "undo", "无此物", "--store", store))
    assert told(kg("link", "undo", "吉林", "--target", "nbs", "--store", store)).startswith("no decision of people on")
    assert ok("link", "undo", "吉林", "--target", "gbt2260", "--store", store).startswith(
        "undone: 吉林: accepted: 吉林"
    )
    assert ok("link", "undo", "--store", store) == "undone: 平房区: accepted: none of these\n"
    assert not mine(store)


def test_undo_of_what_is_in_no_report_any_more(store: Path) -> None:
    into = open_store(store)
    it = read_ledger(into, DEFAULT_BASE)
    it.decide(
        "urn:x:gone", NO_TERM, Judgement.ACCEPTED, match=Match.EXACT, target="gbt2260", recorded="2026-01-01T00:00:00Z"
    )
    write_ledger(into, it)
    del into
    assert "undone: urn:x:gone" in ok("link", "undo", "urn:x:gone", "--store", store)


def test_a_damaged_graph_is_told_in_one_line(store: Path) -> None:
    from kg.graph.vocab import term

    into = open_store(store)
    for quad in list(into.quads_for_pattern(None, term("gwr:judgement"), None, None)):
        into.remove(quad)
    del into
    for command in ([], ["review"], ["export"], ["undo"]):
        line = told(kg("link", *command, "--store", store))
        assert "is damaged: it has no gwr:judgement (build a new store" in line


def test_keys_of_targets() -> None:
    keys = {cli_link._key(name, "table") for name in ("企业", "公司", "skos", "kg", "a b", "9", "", "urn")}
    assert len(keys) == 8 and {"table", "t-skos", "t-kg", "a-b", "t-9", "t-urn"} <= keys
