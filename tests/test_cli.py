"""The commands as a user sees them: what they print where, and their exit statuses."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from kg import cli as module
from kg import resources
from kg.cli import cli
from kg.graph import export, results
from kg.graph.queries import load_templates
from kg.graph.store import named_quads, open_store
from kg.pipeline import build
from tests.test_pipeline import nquads

KG = [sys.executable, "-m", "kg.cli"]


def kg(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], input=stdin, prog_name="kg")


def told(result: Result) -> str:
    """The one line on standard error of a failure."""
    assert result.exit_code == 1 and result.stdout == "", result.output
    assert result.stderr.startswith("kg: error: ") and result.stderr.count("\n") == 1
    return result.stderr.removeprefix("kg: error: ").rstrip()


@pytest.fixture
def small_folder(small_store: ox.Store, tmp_path: Path) -> Path:
    """The small graph as a store on disk."""
    store = open_store(tmp_path / "small")
    store.extend(small_store)
    del store
    return tmp_path / "small"


# help and usage -------------------------------------------------------------------------------------------------------


def commands(command: click.Command, *words: str) -> list[tuple[str, ...]]:
    found = [words]
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            sub = command.get_command(click.Context(command), name)
            assert sub is not None
            found += commands(sub, *words, name)
    return found


@pytest.mark.parametrize("words", commands(cli), ids=" ".join)
def test_every_command_has_help(words: tuple[str, ...]) -> None:
    for option in ("--help", "-h"):
        result = kg(*words, option)
        assert result.exit_code == 0 and result.stdout.startswith(f"Usage: {' '.join(('kg', *words))}")
        assert result.stderr == ""


def test_help_of_a_question_comes_from_its_header() -> None:
    text = kg("query", "projects-by-status", "--help").stdout
    template = load_templates()["projects-by-status"]
    assert template.summary in text and template.summary_zh in text
    assert "--status completed|underway|planned" in text
    assert all(column.name in text and column.doc.split()[0] in text for column in template.columns)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], "No such command 'nothing'"),
        (["query", "suports"], "There is no query 'suports'; did you mean supports"),
        (["query", "qqq"], "There is no query 'qqq'; 'kg query' lists them."),
        (["query", "supports", "--nothing", "1"], "No such option"),
        (["query", "about"], "Missing option '--name'"),
        (["query", "growth-between", "--from", "2oo6", "--to", "2010"], "'--from': takes a whole number, not '2oo6'"),
        (["query", "projects-by-status", "--status", "done"], "'--status': takes one of completed, underway, planned"),
        (["query", "supports", "--limit", "-1"], "'--limit': takes a whole number, not '-1'"),
        (["query", "supports", "--format", "turtle"], "'turtle' is not one of 'table', 'csv', 'tsv', 'json', 'xml'"),
        (["sparql"], "Give either a QUERY or --file."),
        (["sparql", "ASK {}", "-f", "x.rq"], "Give either a QUERY or --file."),
        (["show"], "Missing argument 'NAME'"),
        (["build", "--segmenter", "other"], "'other' is not one of 'rjieba', 'jieba'"),
        (["export", "--format", "csv"], "'csv' is not one of"),
    ],
)
def test_wrong_usage_is_status_2(arguments: list[str], message: str) -> None:
    result = kg(*arguments)
    assert result.exit_code == 2 and result.stdout == ""
    assert message in " ".join(result.stderr.split())


def test_what_is_repeated_in_the_command_line_is_what_the_modules_say() -> None:
    assert results.TABLE_FORMATS == module.TABLE_FORMATS
    assert results.GRAPH_FORMATS == module.GRAPH_FORMATS
    assert export.FORMATS == module.EXPORT_FORMATS
    assert export.GRAPHS == module.EXPORT_GRAPHS


@pytest.mark.parametrize(
    "arguments", [["--help"], ["build", "--help"], ["coverage", "--help"], ["query", "supports", "--help"]]
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = "import sys; from kg.cli import cli\ntry: cli(sys.argv[1:])\nexcept SystemExit: print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, encoding="utf-8", check=True)
    loaded = set(run.stdout.split("\n")[-2].split())
    assert "click" in loaded
    assert not loaded & {"rdflib", "rich", "rjieba", "jieba", "pyoxigraph", "pyshacl", "kg.pipeline", "hypothesis"}


# build ----------------------------------------------------------------------------------------------------------------


def test_build_prints_what_it_found(tmp_path: Path) -> None:
    result = kg("build", "--store", tmp_path / "store")
    assert result.exit_code == 0 and result.stderr == ""
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[0][:4] == ["Built", "1", "report", "into"]
    columns = ["report", "area", "year", "entities", "figures", "relations", "triples", "numerals", "accounted", "for"]
    assert columns in lines
    assert next(line for line in lines if line[:1] == ["haizhu-2011.txt"])[1:3] == ["广州市海珠区", "2011"]
    assert int(next(line for line in lines if line[:1] == ["Project"])[1]) > 20


def test_build_names_what_failed_and_keeps_the_rest(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"")
    good = "甲区2011年政府工作报告\n区长 张三\n各位代表:\n地区生产总值100亿元。\n"
    (tmp_path / "good.txt").write_text(good, encoding="utf-8")
    result = kg("build", tmp_path, tmp_path / "none.txt", "--store", tmp_path / "store")
    assert result.exit_code == 1
    assert "good.txt" in result.stdout and "bad.txt" not in result.stdout
    errors = [line for line in result.stderr.splitlines() if line.startswith("kg: error:")]
    assert len(errors) == 2
    assert f"{tmp_path / 'none.txt'}: no such file or folder" in errors[0] and f"{tmp_path / 'bad.txt'}: " in errors[1]
    assert "good.txt" in kg("stats", "--store", tmp_path / "store").stdout


def test_build_as_json(tmp_path: Path) -> None:
    result = kg("build", "--store", tmp_path / "store", "--json", "--segmenter", "jieba")
    data = json.loads(result.stdout)
    assert data["segmenter"] == "jieba" and data["failures"] == [] and data["observations"] > 50
    result = kg("build", tmp_path / "none", "--store", tmp_path / "other", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["failures"][0]["message"] == "no such file or folder"


def test_build_into_a_store_in_use(tmp_path: Path) -> None:
    held = open_store(tmp_path / "store")
    assert "another process" in told(kg("build", "--store", tmp_path / "store"))
    del held


# coverage -------------------------------------------------------------------------------------------------------------

MISSED = "甲区2011年政府工作报告\n区长 张三\n各位代表:\n一、工作回顾\n去库存周期降至6.3个月。地区生产总值100亿元。\n"


@pytest.fixture
def three_reports(tmp_path: Path) -> Path:
    """Two reports, one with a numeral that no rule explains, and a file that is none."""
    folder = tmp_path / "报告"
    (folder / "下").mkdir(parents=True)
    (folder / "a.txt").write_text(MISSED, encoding="utf-8")
    (folder / "下" / "a.txt").write_text(MISSED.replace("去库存周期降至6.3个月。", ""), encoding="gb18030")
    (folder / "bad.txt").write_bytes(b"")
    return folder


def test_coverage_of_the_seed() -> None:
    result = kg("coverage")
    assert result.exit_code == 0 and result.stderr == ""
    header, _, row = (line.split() for line in result.stdout.splitlines())
    classes = ["observation", "name", "date", "ordinal", "slogan", "word", "unaccounted"]
    assert header == ["report", "numerals", *classes, "share"]
    assert row[0] == "haizhu-2011.txt" and int(row[1]) == sum(map(int, row[2:9])) > 250
    assert float(row[-1].rstrip("%")) <= 1


def test_coverage_names_what_failed_and_keeps_the_rest(three_reports: Path) -> None:
    result = kg("coverage", three_reports, "--unaccounted", "--rules")
    assert result.exit_code == 1
    assert result.stderr == f"kg: error: {three_reports / 'bad.txt'}: the file is empty\n"
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines[2:5]] == ["a.txt", "下/a.txt", "together"]
    assert ["unaccounted", "-", "1"] in [line.split() for line in lines]
    assert lines[-1] == f"{three_reports / 'a.txt'}:{MISSED.index('6.3')}: 去库存周期降至【6.3】个月。"


def test_coverage_for_programs(three_reports: Path) -> None:
    result = kg("coverage", three_reports, "--json", "--unaccounted", "--rules")
    data = json.loads(result.stdout)
    assert result.exit_code == 1 and [f["message"] for f in data["failures"]] == ["the file is empty"]
    assert data["numerals"]["total"] == sum(r["numerals"]["total"] for r in data["reports"])
    assert data["numerals"]["total"] == sum(rule["numerals"] for rule in data["rules"])
    (missed,) = data["reports"][0]["unaccounted"]
    assert MISSED[missed["begin"] : missed["end"]] == missed["numeral"] == "6.3"
    assert missed["sentence"][missed["at"] :].startswith("6.3个月")
    assert data["reports"][1]["unaccounted"] == []
    assert json.loads(kg("coverage", three_reports, "--format", "json").stdout)["numerals"] == data["numerals"]


def test_coverage_as_one_table(three_reports: Path) -> None:
    counts = list(csv.DictReader(io.StringIO(kg("coverage", three_reports, "--format", "csv").stdout)))
    assert [row["unaccounted"] for row in counts] == ["1", "0"]
    listed = kg("coverage", three_reports, "--format", "tsv", "--unaccounted").stdout.splitlines()
    assert listed[0].split("\t") == ["report", "begin", "end", "numeral", "at", "sentence"] and len(listed) == 2
    rules = list(csv.DictReader(io.StringIO(kg("coverage", three_reports, "--format", "csv", "--rules").stdout)))
    assert {"class": "unaccounted", "rule": "", "numerals": "1"} in rules
    result = kg("coverage", three_reports, "--format", "csv", "--rules", "--unaccounted")
    assert result.exit_code == 2 and "either --unaccounted or --rules" in result.stderr


def test_coverage_of_nothing(tmp_path: Path) -> None:
    result = kg("coverage", tmp_path / "none")
    assert result.exit_code == 1 and result.stdout == "" and "no such file or folder" in told(result)


def test_the_summary_of_a_build_says_what_coverage_says(three_reports: Path, tmp_path: Path) -> None:
    built = json.loads(kg("build", three_reports, "--store", tmp_path / "store", "--json").stdout)
    counted = json.loads(kg("coverage", three_reports, "--json").stdout)
    assert built["numerals"] == counted["numerals"]
    assert [r["numerals"] for r in built["reports"]] == [r["numerals"] for r in counted["reports"]]
    shown = kg("build", three_reports, "--store", tmp_path / "store").stdout.splitlines()
    assert [line.split()[-1] for line in shown[4:6]] != ["100.0%", "100.0%"] and shown[5].endswith("100.0%")


# query and sparql -----------------------------------------------------------------------------------------------------


def test_query_alone_lists_by_topic() -> None:
    result = kg("query")
    assert result.exit_code == 0
    listed = {line.split()[0] for line in result.stdout.splitlines() if line.startswith("  ")}
    assert listed == load_templates().keys()
    assert "figures 指标\n  figures-by-unit " in result.stdout


def test_a_question_in_every_format(small_folder: Path) -> None:
    ask = ("query", "honours", "--receiver", "我区", "--store", small_folder)
    row = ["市文明城区", "江州市江城区", "江州市"]
    assert kg(*ask).stdout.splitlines()[2].split() == row
    assert list(csv.reader(io.StringIO(kg(*ask, "--format", "csv").stdout))) == [["honour", "receiver", "grantor"], row]
    assert kg(*ask, "--format", "tsv").stdout.splitlines()[1] == "\t".join(f'"{cell}"@zh' for cell in row)
    (binding,) = json.loads(kg(*ask, "--format", "json").stdout)["results"]["bindings"]
    assert [cell["value"] for cell in binding.values()] == row
    assert f'<literal xml:lang="zh">{row[0]}</literal>' in kg(*ask, "--format", "xml").stdout


def test_several_values_limit_and_the_query_itself(small_folder: Path) -> None:
    ask = ("query", "projects-by-status", "--status", "underway", "--status", "planned", "--store", small_folder)
    assert len(kg(*ask, "--format", "csv").stdout.splitlines()) == 3
    assert len(kg(*ask, "--format", "csv", "--limit", "1").stdout.splitlines()) == 2
    shown = kg(*ask, "--sparql", "--limit", "1").stdout
    assert 'VALUES (?__status) { ("underway") ("planned") }' in shown and shown.endswith("LIMIT 1\n")
    assert kg("sparql", shown, "--format", "csv", "--store", small_folder).stdout == (
        kg(*ask, "--format", "csv", "--limit", "1").stdout
    )


def test_a_hostile_value_is_an_unknown_name(small_folder: Path) -> None:
    result = kg("query", "about", "--name", '"@zh) } } # \n', "--store", small_folder, "--format", "csv")
    assert result.exit_code == 0 and result.stdout.splitlines() == ["subject,property,value,period"]
    assert "nothing is called" in result.stderr


def test_a_misspelt_name_gets_a_hint(small_folder: Path) -> None:
    result = kg("query", "within", "--place", "东湖片曲", "--store", small_folder)
    assert result.exit_code == 0
    assert result.stderr == "kg: nothing is called '东湖片曲'; similar: 东湖片区, 东湖\n"


def test_sparql_from_argument_file_and_standard_input(small_folder: Path, tmp_path: Path) -> None:
    text = "SELECT ?name { ?p a gwr:Park ; skos:prefLabel ?name }  # 园区"
    (tmp_path / "q.rq").write_text(text, encoding="utf-8-sig")
    options = ("--store", small_folder, "--format", "csv")
    expected = "name\r\n东湖科技园\r\n"
    assert kg("sparql", text, *options).stdout_bytes.decode() == expected
    assert kg("sparql", "-f", tmp_path / "q.rq", *options).stdout_bytes.decode() == expected
    assert kg("sparql", "-", *options, stdin=text.encode()).stdout_bytes.decode() == expected
    assert kg("sparql", "-f", "-", *options, stdin=text.encode()).stdout_bytes.decode() == expected


def test_sparql_of_every_form(small_folder: Path) -> None:
    store = ("--store", small_folder)
    assert kg("sparql", "ASK { ?s a gwr:Park }", *store, "--format", "csv").stdout == "true\n"
    described = kg("sparql", 'DESCRIBE ?x { ?x skos:prefLabel "灯会"@zh }', *store).stdout
    assert "a gwr:Event" in described and described.startswith("@prefix")
    built = kg("sparql", "CONSTRUCT WHERE { ?s a gwr:Park }", *store, "--format", "ntriples").stdout
    assert built.count("\n") == 1


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * {", "line 1: column 10: '{' is not closed"),
        ("INSERT DATA { <a:b> <a:b> 1 }", "line 1: column 1: INSERT is not allowed: a query may not change the store"),
        ("ASK { SERVICE <http://127.0.0.1:9/> { } }", "line 1: column 7: SERVICE is not allowed"),
        ("SELECT * { ?s ex:p ?o }", "line 1: column 15: the prefix ex: is not declared"),
    ],
)
def test_what_is_wrong_with_a_query_is_told(query: str, message: str, small_folder: Path, tmp_path: Path) -> None:
    assert told(kg("sparql", query, "--store", small_folder)).startswith(message)
    (tmp_path / "q.rq").write_text(query, encoding="utf-8")
    in_file = told(kg("sparql", "-f", tmp_path / "q.rq", "--store", small_folder))
    assert in_file.startswith(f"{tmp_path / 'q.rq'}:{message.removeprefix('line ')}")


def test_a_query_file_that_cannot_be_read(small_folder: Path, tmp_path: Path) -> None:
    assert "No such file" in told(kg("sparql", "-f", tmp_path / "none.rq", "--store", small_folder))
    (tmp_path / "q.rq").write_bytes("查询".encode("gb18030"))
    assert "not UTF-8" in told(kg("sparql", "-f", tmp_path / "q.rq", "--store", small_folder))


@pytest.mark.parametrize(
    "arguments",
    [["query", "supports"], ["sparql", "ASK {}"], ["show", "琶洲"], ["stats"], ["export"], ["validate"]],
    ids=lambda a: a[0],
)
def test_a_store_that_is_not_there(arguments: list[str], tmp_path: Path) -> None:
    message = told(kg(*arguments, "--store", tmp_path / "none"))
    assert message == f"there is no store in {tmp_path / 'none'} (build one with: kg build)"
    assert not (tmp_path / "none").exists()


def test_the_store_may_come_from_the_environment(small_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE", str(small_folder))
    assert kg("query", "supports", "--format", "csv").stdout.splitlines()[1:] == ["江州市江城区,云州,"]


# show, stats, export, validate ----------------------------------------------------------------------------------------


def test_show(small_folder: Path) -> None:
    text = kg("show", "东湖", "--store", small_folder).stdout
    assert text.splitlines()[:3] == [
        "东湖片区  功能区域",
        "also called 东湖",
        "https://w3id.org/gwr/id/entity/江州市江城区/东湖片区",
    ]
    assert "  甲公司 落户 东湖片区\n" in text
    assert '  甲公司、乙"集团"总部【落户东湖片区】。  江城区2011年政府工作报告, ' in text


def test_show_draws_figures_over_time(small_folder: Path) -> None:
    lines = kg("show", "江城区", "--store", small_folder, "--sentences", "1").stdout.splitlines()
    at = lines.index("地区生产总值")
    assert lines[at + 1].split() == ["2006", "100亿元", "█" * 12]
    assert lines[at + 2].split() == ["2010", "250亿元", "█" * 30]
    at = lines.index("第三产业比重")
    assert lines[at + 3].split() == ["2015", "55%以上", "█" * 30, "target"]
    assert lines[-1].endswith("more: --all")
    everything = kg("show", "江城区", "--store", small_folder, "--all").stdout
    assert "more: --all" not in everything and everything.count("【") > 5


def test_show_as_json(small_folder: Path) -> None:
    (thing,) = json.loads(kg("show", "灯会", "--store", small_folder, "--json").stdout)
    assert thing["name"] == "灯会" and thing["classes"] == ["Event"]
    assert thing["facts"] == [{"subject": "江州市江城区", "predicate": "hosts", "object": "灯会"}]


def test_show_of_an_unknown_name(small_folder: Path) -> None:
    message = told(kg("show", "灯 \n 火会", "--store", small_folder))
    assert message.startswith("nothing in the graph is called") and "similar: 灯会" in message


def test_stats(small_folder: Path) -> None:
    text = kg("stats", "--store", small_folder).stdout
    assert ["江城区-2011.txt", "江州市江城区", "2011"] in [line.split()[:3] for line in text.splitlines()]
    data = json.loads(kg("stats", "--store", small_folder, "--json").stdout)
    assert (data["observations"], data["relations"], data["entities"]["Project"]) == (9, 13, 4)
    assert data["reports"][0]["year"] == 2011


@pytest.mark.parametrize("ending", [".ttl", ".nt", ".nq", ".trig", ".jsonld", ".nq.gz", ".unknown"])
def test_export_by_ending(ending: str, small_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / f"graph{ending}"
    result = kg("export", "--store", small_folder, "--graph", "report", "-o", file)
    assert result.exit_code == 0 and result.stdout == "" and f"triples written to {file}" in result.stderr
    format = {".nt": "ntriples", ".nq": "nquads", ".nq.gz": "nquads", ".trig": "trig", ".jsonld": "jsonld"}.get(ending)
    printed = kg("export", "--store", small_folder, "--graph", "report", "--format", format or "turtle").stdout_bytes
    if ending.endswith(".gz"):
        import gzip

        assert gzip.decompress(file.read_bytes()) == printed
    else:
        assert file.read_bytes() == printed


def test_export_to_standard_output_by_name(small_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    printed = kg("export", "--store", small_folder, "-o", "-", "--format", "nquads")
    assert printed.stdout_bytes == kg("export", "--store", small_folder, "--format", "nquads").stdout_bytes
    assert printed.stderr == "" and list(tmp_path.iterdir()) == [small_folder]


def test_export_to_where_nothing_can_be_written(small_folder: Path, tmp_path: Path) -> None:
    message = told(kg("export", "--store", small_folder, "-o", tmp_path / "none" / "graph.ttl"))
    assert message.startswith(f"{tmp_path / 'none' / 'graph.ttl'}: ")


def test_validate(small_folder: Path) -> None:
    pytest.importorskip("pyshacl", reason="pySHACL, the extra 'validate', is not installed")
    result = kg("validate", "--store", small_folder)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1].startswith("The graph conforms to its rules: 0 violations")
    store = open_store(small_folder)
    stored = named_quads(store)
    (bound,) = [q for q in stored if q.predicate.value.endswith("#bound") and q.object.value.endswith("#ge")]
    store.remove(bound)
    del store
    result = kg("validate", "--store", small_folder)
    assert result.exit_code == 1
    assert "第三产业比重达55%以上" in result.stdout, "the sentence of the figure that lost its bound"
    data = json.loads(kg("validate", "--store", small_folder, "--json").stdout)
    assert data["conforms"] is False and data["findings"][0]["severity"] == "Violation"


# as a process ---------------------------------------------------------------------------------------------------------


def process(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*KG, *map(str, arguments)], capture_output=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


def test_one_report_alone_is_built_to_the_byte_as_any_other(tmp_path: Path) -> None:
    # by the command another process cuts its words while the store is made, by the library none does
    for number in range(2):  # a new store, and one that is there
        told = process("build", resources.folder("seeds") / "haizhu-2011.txt", "--store", tmp_path / "a", "--rebuild")
        assert told.returncode == 0, (number, told.stderr)
    build(store_dir=tmp_path / "b")
    assert nquads(tmp_path / "a") == nquads(tmp_path / "b")


def test_the_installed_command(small_folder: Path) -> None:
    kg_command = shutil.which("kg", path=str(Path(sys.executable).parent))
    if kg_command is None:
        pytest.skip("kg is not installed beside this interpreter")
    run = subprocess.run([kg_command, "--version"], capture_output=True, encoding="utf-8", check=True)
    assert run.stdout.startswith("kg ")


def test_a_reader_that_goes_away_is_no_error(small_folder: Path) -> None:
    command = [*KG, "export", "--store", str(small_folder), "--format", "ntriples"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None and run.stderr is not None
        run.stdout.read(10)
        run.stdout.close()
        assert run.stderr.read() == b""


def test_a_terminal_without_chinese_is_no_reason_to_fail(small_folder: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    run = process("query", "supports", "--store", small_folder, "--format", "csv", env=environment)
    assert run.returncode == 0 and "云州" in run.stdout.decode()
    assert process("show", "灯会", "--store", small_folder, env=environment).returncode == 0
    run = process("show", "none", "--store", small_folder, env=environment)
    assert run.returncode == 1 and run.stderr.startswith(b"kg: error: nothing in the graph is called")


def test_a_terminal_gets_a_table_with_names_as_they_are(small_folder: Path, tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    out, end = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm", "NO_COLOR": "1"}
    run = subprocess.run(
        [*KG, "query", "enterprises-settled", "--store", str(small_folder)], stdout=end, env=environment, check=True
    )
    os.close(end)
    shown = os.read(out, 65536).decode()
    os.close(out)
    assert run.returncode == 0
    assert '乙"集团"总部' in shown and "enterprise" in shown and "─" in shown


def test_debugging_shows_the_place(tmp_path: Path) -> None:
    run = process("stats", "--store", tmp_path / "none", env={**os.environ, "KG_DEBUG": "1"})
    assert run.returncode == 1 and b"Traceback" in run.stderr
