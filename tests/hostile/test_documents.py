"""Documents of bad will are refused or harmless: bombs, entities, depth, references to elsewhere, paths outside.

Each is read in a process of its own with little memory and little time, in which to open a connection, or a file that
is not its own, is the end of it.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.text.makers import W, docx, paragraph, pdf

REPORT = (
    "海珠区2011年政府工作报告\n各位代表：\n一、2010年工作回顾\n地区生产总值100亿元，增长12%。\n"
    "二、2011年工作安排\n力争增长11%。\n"
)
#: of address space, beside what the process has when it begins; of the processor
MEMORY, SECONDS = 600 * 2**20, 20

#: Reads a file, and tells what came of it; whatever else it opens, or whom it calls, is told, too.
READER = """
import sys
path, secret = sys.argv[1:]
from pathlib import Path
from kg.errors import ReadError
from kg.text.reader import read_report
def warm():
    for name in ("html", "pdf", "docx"):
        __import__("kg.text.formats." + name)
    import lxml.html, pypdfium2, trafilatura
    trafilatura.bare_extraction("<html><body><p>" + "海珠区建设。" * 50 + "</p></body></html>")
warm()
import resource
used = int(open("/proc/self/statm").read().split()[0]) * 4096
resource.setrlimit(resource.RLIMIT_AS, (used + MOST, used + MOST))
def watch(event, arguments):
    if event.startswith("socket.") and event not in ("socket.gethostname",):
        print("NETWORK", event, arguments)
    if event == "open" and secret in str(arguments[0]):
        print("OPENED", arguments[0])
    if event == "os.system" or (event == "subprocess.Popen" and "kg.text.formats.pdf" not in arguments[1]):
        print("RAN", event)
sys.addaudithook(watch)
try:
    report = read_report(Path(path))
except ReadError as error:
    print("REFUSED", " ".join(str(error).split()))
else:
    print("READ", "SECRET" in report.text, len(report.text), "100亿元" in report.text)
""".replace("MOST", str(MEMORY))


def deflated(size: int, unit: bytes = b" " * 2**20) -> bytes:
    """So many megabytes, in a thousandth of the room."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(unit) for _ in range(size)) + packer.flush()


def bomb(name: str = "word/document.xml", megabytes: int = 700) -> bytes:
    """A document one part of which unpacks to far more than there is."""
    whole = docx(paragraph(REPORT))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for other in old.namelist():
            if other != name:
                new.writestr(other, old.read(other))
        with new.open(name, "w", force_zip64=True) as part:
            part.write(f"<w:document {W}><w:body>".encode())
            for _ in range(megabytes):
                part.write(b" " * 2**20)
    return out.getvalue()


def many_parts() -> bytes:
    out = io.BytesIO(docx(paragraph(REPORT)))
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(12_000):
            archive.writestr(f"word/{number}.xml", "")
    return out.getvalue()


def overlapping() -> bytes:
    """A directory that lists one part ten thousand times (a bomb that needs no nesting)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f"<w:document {W}><w:body>" + paragraph(REPORT) + "</w:body></w:document>"
        )
        (info,) = archive.infolist()
        archive.filelist += [info] * 9_999
    return out.getvalue()


def outside() -> bytes:
    """Parts whose names lead out of the archive."""
    out = io.BytesIO(docx(paragraph(REPORT.replace("\n", " "))))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("../../../../tmp/kg-outside", "SECRET")
        archive.writestr("/tmp/kg-outside", "SECRET")
    return out.getvalue()


def elsewhere(secret: Path) -> bytes:
    """A document whose main part is said to be a file of the machine."""
    out = io.BytesIO()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("_rels/.rels", f'<R xmlns="r"><Relationship Type="{kind}" Target="file://{secret}"/></R>')
    return out.getvalue()


LAUGHS = "<!DOCTYPE d [" + "<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)
) + "]>"  # fmt: skip


def page(body: str, head: str = "") -> bytes:
    told = "".join(f"<p>{line}</p>" for line in REPORT.splitlines())
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{told * 3}{body}</body></html>".encode()


def pdf_bomb(megabytes: int = 2_200) -> bytes:
    """A page whose content unpacks to gigabytes."""
    data = deflated(megabytes, b"q Q " * 2**18)
    head, mark, tail = pdf([REPORT.splitlines()]).partition(b"8 0 obj\n")
    rest = tail.partition(b"endobj\n")[2]
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream\nendobj\n" % (len(data), data)
    return head + mark + stream + rest


def pdf_loop() -> bytes:
    """Pages that are their own parents and children, and a count that lies."""
    return pdf([REPORT.splitlines()]).replace(b"/Kids [7 0 R]", b"/Kids [2 0 R]").replace(b"/Count 1", b"/Count 999999")


def pdf_with_actions() -> bytes:
    """A script, a form to be sent, a program to be started and a remote file, all on opening."""
    actions = (
        b"/OpenAction << /S /JavaScript /JS (app.launchURL('http://127.0.0.1:9/')) "
        b"/Next [<< /S /URI /URI (http://127.0.0.1:9/) >> << /S /Launch /F (/bin/sh) >> "
        b"<< /S /GoToR /F (/etc/passwd) >>] >>"
    )
    return pdf([REPORT.splitlines()]).replace(b"/Type /Catalog", b"/Type /Catalog " + actions)


def case(suffix: str, data: Callable[[Path], bytes], *, reads: bool | None = None) -> object:
    return suffix, data, reads


#: by name: the ending, the bytes (given the path of a secret), whether the report is read, None for either
CASES = {
    "docx: a part of gigabytes": case(".docx", lambda _: bomb(), reads=False),
    "docx: a table of relations of gigabytes": case(".docx", lambda _: bomb("_rels/.rels"), reads=False),
    "docx: twelve thousand parts": case(".docx", lambda _: many_parts(), reads=False),
    "docx: one part listed ten thousand times": case(".docx", lambda _: overlapping()),
    "docx: paths outside": case(".docx", lambda _: outside(), reads=True),
    "docx: a part elsewhere": case(".docx", elsewhere, reads=False),
    "docx: expanding entities": case(".docx", lambda _: docx("<w:p>&a11;</w:p>", head=LAUGHS), reads=False),
    "docx: an entity that is a file": case(
        ".docx", lambda s: docx("<w:p>&e;</w:p>", head=f"<!DOCTYPE d [<!ENTITY e SYSTEM 'file://{s}'>]>"), reads=False
    ),
    "docx: an entity on the web": case(
        ".docx", lambda _: docx("<w:p>&e;</w:p>", head="<!DOCTYPE d SYSTEM 'http://127.0.0.1:9/d.dtd'>"), reads=False
    ),
    "docx: a hundred thousand levels": case(
        ".docx", lambda _: docx("<w:tbl><w:tr><w:tc>" * 33_000 + "</w:tc></w:tr></w:tbl>" * 33_000)
    ),
    "docx: a hundred thousand paragraphs in each other": case(
        ".docx", lambda _: docx("<w:p>" * 100_000 + "</w:p>" * 100_000), reads=False
    ),
    "html: a hundred thousand levels": case(".html", lambda _: page("<div>" * 100_000 + "</div>" * 100_000)),
    "html: levels that are never closed": case(".html", lambda _: page("<b><i><table><tr><td>" * 20_000)),
    "html: remote things": case(
        ".html",
        lambda s: page(
            f"<img src='http://127.0.0.1:9/a.png'><iframe src='file://{s}'></iframe><object data='http://127.0.0.1:9/'>"
            "</object><script src='//127.0.0.1:9/x.js'></script><video src='http://127.0.0.1:9/v'></video>",
            "<link rel=stylesheet href='http://127.0.0.1:9/'><base href='http://127.0.0.1:9/'>"
            "<meta http-equiv=refresh content='0; url=http://127.0.0.1:9/'>",
        ),
        reads=True,
    ),
    "html: a hundred thousand attributes": case(
        ".html", lambda _: page("<p " + " ".join(f"a{n}='x'" for n in range(100_000)) + ">"), reads=False
    ),
    "html: attributes that are not closed": case(
        ".html", lambda _: page('<p a" ' + " ".join(f"a{n}=x" for n in range(100_000)) + ">"), reads=False
    ),
    "html: a large picture in the page": case(
        ".html", lambda _: page("<img src='data:image/png;base64," + "iVBORw0KGgo/AA=" * 20_000 + "'>")
    ),
    "html: entities": case(
        ".html",
        lambda s: LAUGHS.encode() + page(f"<p>&a11;</p><!DOCTYPE d [<!ENTITY e SYSTEM 'file://{s}'>]><p>&e;</p>"),
    ),
    "html: includes": case(
        ".html",
        lambda s: page(f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file://{s}' parse='text'/>"),
        reads=True,
    ),
    "html: thousands of comments before it": case(".htm", lambda _: b"<!--x-->" * 3_000 + page(""), reads=True),
    "comments, and no page behind them": case(".rep", lambda _: b"<!--x-->" * 400 + REPORT.encode()),
    "pdf: a page of gigabytes": case(".pdf", lambda _: pdf_bomb(), reads=False),
    "pdf: pages that hold themselves": case(".pdf", lambda _: pdf_loop(), reads=False),
    "pdf: actions on opening": case(".pdf", lambda _: pdf_with_actions(), reads=True),
    "text: one line of a megabyte": case(".txt", lambda _: (REPORT + "，增长12%" * 150_000).encode(), reads=True),
    "text: brackets in brackets": case(
        ".txt", lambda _: (REPORT + "（" * 100_000 + "）" * 100_000).encode(), reads=True
    ),
    "text: a hundred megabytes": case(".txt", lambda _: REPORT.encode() + b"0" * (100 << 20), reads=False),
}


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory cannot be limited here")
@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_or_harmless(name: str, tmp_path: Path) -> None:
    suffix, make, reads = CASES[name]  # type: ignore[misc]
    secret = tmp_path / "secret-4711"
    secret.write_text("SECRET")
    file = tmp_path / f"report{suffix}"
    file.write_bytes(make(secret))

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    done = subprocess.run(
        [sys.executable, "-c", READER, file, secret.name],
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=limits,
        cwd=tmp_path,
    )
    assert done.returncode == 0, (done.returncode, done.stderr[-800:])
    (told,) = done.stdout.splitlines()
    kind, *more = told.split()
    assert kind in ("READ", "REFUSED")
    if kind == "READ":
        assert more[0] == "False", "what stands elsewhere was read"
    if reads is not None:
        assert (kind == "READ") is reads, told
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([file.name, secret.name])
    assert not Path("/tmp/kg-outside").exists()


def test_the_watch_sees_connections_and_files(tmp_path: Path) -> None:
    """What the other test rests on."""
    code = READER.replace(
        "report = read_report(Path(path))", "import socket; open(path); socket.create_connection(('127.0.0.1', 9))"
    )
    code = code.replace("except ReadError as error", "except OSError as error")
    file = tmp_path / "secret-4711"
    file.write_text("x")
    done = subprocess.run([sys.executable, "-c", code, file, file.name], capture_output=True, text=True, timeout=120)
    assert "OPENED" in done.stdout and "NETWORK socket.connect" in done.stdout
