from __future__ import annotations

import gzip
import hashlib
import json
import os
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import processes
from kg.cli import cli
from kg.cluster import load, parts
from kg.cluster.extract import extract
from kg.errors import KgError, ReadError
from kg.pipeline import build
from tests.test_pipeline import nquads

pytest.importorskip("fsspec")


def files(out: Path) -> dict[str, bytes]:
    """All that was written, by name; nothing half written may be among it."""
    found = {str(file.relative_to(out)): file.read_bytes() for file in out.rglob("*") if file.is_file()}
    assert not [name for name in found if ".part" in name.rpartition("/")[2] and not name.endswith("-part.json")]
    return found


def test_extracted_and_loaded_is_as_built(reports: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    found = extract([reports], out, part=3, workers=2)
    assert (found.reports, found.parts, found.kept, found.failures) == (10, 4, 0, [])
    summary = load.into_store(parts.read_manifest(out), tmp_path / "loaded")
    assert (summary.reports, summary.triples) == (10, found.triples)
    build([reports], store_dir=tmp_path / "built")
    assert nquads(tmp_path / "loaded") == nquads(tmp_path / "built")
    again = load.into_store(parts.read_manifest(f"{out}/manifest.json"), tmp_path / "loaded")
    assert (again.reports, again.kept) == (0, 10)
    assert len(build([reports], store_dir=tmp_path / "loaded").unchanged) == 10


def test_parts_are_the_same_whoever_makes_them(reports: Path, tmp_path: Path) -> None:
    extract([reports], str(tmp_path / "one"), part=3, workers=1)
    extract([reports], str(tmp_path / "two"), part=3, workers=3)
    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    assert one.keys() == two.keys() and len(one) == 9
    for name, data in one.items():
        if name.startswith("parts/"):  # the records have the time
            assert data == two[name]
            assert name == f"parts/{hashlib.sha256(data).hexdigest()}.nq.gz"
            lines = gzip.decompress(data).splitlines()
            assert lines and all(line.endswith(b"> .") for line in lines)


def test_a_run_that_was_broken_off_does_the_rest(reports: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    extract([reports], str(out), part=2, workers=1)
    whole = files(out)
    manifest = json.loads(whole["manifest.json"])
    (out / "manifest.json").unlink()
    (out / "records" / f"{manifest['parts'][1]['record']}.json").unlink()  # killed before the record
    (out / manifest["parts"][3]["part"]).unlink()
    with pytest.raises(ReadError, match="there is no manifest"):
        parts.read_manifest(str(out))
    found = extract([reports], str(out), part=2, workers=1)
    assert (found.reports, found.kept) == (10, 6)
    assert {n for n in files(out) if n.startswith("parts/")} == {n for n in whole if n.startswith("parts/")}
    assert files(out)["manifest.json"] == whole["manifest.json"]


def test_what_changed_is_made_again(reports: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    extract([reports], out, part=2, workers=1)
    text = (reports / "3.txt").read_text(encoding="utf-8")
    (reports / "3.txt").write_text(text.replace("103亿元", "999亿元"), encoding="utf-8")
    assert extract([reports], out, part=2, workers=1).kept == 8
    load.into_store(parts.read_manifest(out), tmp_path / "loaded")
    build([reports], store_dir=tmp_path / "built")
    assert nquads(tmp_path / "loaded") == nquads(tmp_path / "built")


def test_a_bad_report_costs_none_of_the_others_and_is_tried_again(reports: Path, tmp_path: Path) -> None:
    (reports / "5.txt").write_bytes(b"\x00\x01\x02\xff" * 100)
    out = str(tmp_path / "out")
    found = extract([reports], out, part=5, workers=1)
    assert found.reports == 9 and [Path(error.file or "").name for error in found.failures] == ["5.txt"]
    assert parts.read_manifest(out).reports == 9
    again = extract([reports], out, part=5, workers=1)
    assert again.kept == 5 and len(again.failures) == 1


def deadly(task: parts.Task) -> object:
    """What a worker of this machine does, except that one report kills it."""
    if any(job.file.name == "4.txt" for job in task.jobs):
        os.kill(os.getpid(), signal.SIGKILL)
    return parts.make_part(task)


def test_a_report_that_kills_costs_none_of_the_others(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deadly(processes.Crew):
        def __init__(self, task: str, size: int, *, warm: str | None = None) -> None:
            super().__init__("tests.cluster.test_extract:deadly", size, warm=warm)

    monkeypatch.setattr(processes, "Crew", Deadly)
    found = extract([reports], str(tmp_path / "out"), part=5, workers=2)
    assert found.reports == 9
    (failure,) = found.failures
    assert Path(failure.file or "").name == "4.txt" and "died" in failure.message


@pytest.mark.parametrize("harm", ["damage", "remove"])
def test_a_part_that_is_not_what_was_written_is_not_loaded(harm: str, reports: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    extract([reports], str(out), part=5, workers=1)
    part = sorted((out / "parts").iterdir())[0]
    if harm == "remove":
        part.unlink()
    else:
        part.write_bytes(part.read_bytes()[:-1] + b"x")
    with pytest.raises(ReadError, match="this part is"):
        load.into_store(parts.read_manifest(str(out)), tmp_path / "store")


def test_any_place_of_fsspec_does(reports: Path, tmp_path: Path) -> None:
    found = extract([reports], "memory://somewhere/out", workers=1)
    assert found.reports == 10
    assert load.into_store(parts.read_manifest("memory://somewhere/out"), tmp_path / "store").reports == 10
    with pytest.raises(KgError, match="nowhere"):
        extract([reports], "nowhere://out", workers=1)


def test_a_place_that_cannot_be_written_is_told(reports: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for workers in (1, 2):
        with pytest.raises(KgError, match=r"cannot be (read|written)"):
            extract([reports], str(tmp_path / "file" / "out"), part=3, workers=workers)


def test_the_commands(reports: Path, tmp_path: Path) -> None:
    out, store = str(tmp_path / "out"), str(tmp_path / "store")
    ran = CliRunner().invoke(cli, ["extract", str(reports), "--out", out, "--workers", "1"])
    assert ran.exit_code == 0 and ran.output.startswith("10 reports, ")
    ran = CliRunner().invoke(cli, ["extract", str(reports), "--out", out, "--workers", "1"])
    assert "(10 of them before)" in ran.output
    ran = CliRunner().invoke(cli, ["load", out, "--store", store])
    assert ran.exit_code == 0 and ran.output.startswith("10 reports, ")
    ran = CliRunner().invoke(cli, ["load", str(tmp_path), "--store", store])
    assert ran.exit_code == 1 and "there is no manifest" in ran.output
