"""PDF: the text layer, read by PDFium, in a process of its own.

PDFium is a large library in C++ that ends its process where a document is of bad will: if a page unpacks to gigabytes,
say.  So it has a process for each document, with bounds of memory and time, and what happens to that is an error like
any other: the reports beside the document are built.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

from kg.errors import ReadError
from kg.patterns import compiled
from kg.text.formats import missing

#: Bounds of the process that reads one document: bytes of address space, and seconds.
MEMORY = 2 * 2**30
WAIT = 60

_MAX_PAGES = 2_000
_MAX_CHARACTERS = 8_000_000
#: a page of a report has hundreds; a scan has none, or a stamp and a page number
_LEAST_PER_PAGE = 20
_PAGE_NUMBER = compiled(r"[-—–·第\s]*(?:\d{1,4}|[一二三四五六七八九十]{1,4})(?:\s*/\s*\d{1,4})?[-—–·页\s]*$")
_PRIVATE = compiled("[\ufffe\uffff\x00-\x08\x0e-\x1f]")


def text_of(data: bytes) -> str:
    """The text of all pages, its lines as they are set; without page numbers and running heads."""
    try:
        import pypdfium2  # noqa: F401
    except ImportError:
        raise missing("pypdfium2", "pdf") from None
    if not sys.executable:  # Python within another program
        return read(data)
    # -P: a module beside the user's reports is not taken for one of ours
    command = [sys.executable, "-P", "-m", "kg.text.formats.pdf"]
    try:
        done = subprocess.run(
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=WAIT, preexec_fn=_bounds()
        )
        told = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise ReadError(f"the PDF could not be read within {WAIT} seconds") from None
    except ValueError:
        raise ReadError("the PDF cannot be read: it is damaged, or unpacks to more than there is memory for") from None
    except OSError as error:
        raise ReadError(f"the PDF cannot be read: {error.strerror or error}") from None
    if "error" in told:
        raise ReadError(told["error"], hint=told["hint"])
    return str(told["text"])


def main() -> None:
    """Read a document from standard input; write JSON with its ``text``, or with ``error`` and ``hint``."""
    told: dict[str, str | None]
    try:
        told = {"text": read(sys.stdin.buffer.read())}
    except ReadError as error:
        told = {"error": error.message, "hint": error.hint}
    sys.stdout.write(json.dumps(told))


def _bounds() -> Callable[[], None] | None:
    """What bounds the process of a document; None where the system knows no bounds."""
    try:
        import resource
    except ImportError:
        return None

    def bind() -> None:
        for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, WAIT), (resource.RLIMIT_CORE, 0)):
            _, hard = resource.getrlimit(kind)
            if hard == resource.RLIM_INFINITY or hard > most:
                resource.setrlimit(kind, (most, most))

    return bind


def read(data: bytes) -> str:
    """What :func:`text_of` gives, in this process."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError("the PDF is protected by a password", hint="save it without one") from None
        raise ReadError("the PDF is damaged") from None
    try:
        if count > _MAX_PAGES:
            raise ReadError(f"the PDF has {count:,} pages; at most {_MAX_PAGES:,} are read")
        pages: list[list[str]] = []
        size = 0
        for number in range(count):
            pages.append(_page(document, number))
            size += sum(map(len, pages[-1]))
            if size > _MAX_CHARACTERS:
                raise ReadError(f"the PDF has more than {_MAX_CHARACTERS:,} characters")
    except pypdfium2.PdfiumError as error:
        raise ReadError(f"the PDF is damaged at page {len(pages) + 1}") from error
    finally:
        document.close()
    if size < _LEAST_PER_PAGE * max(count, 1):
        raise ReadError(
            f"the PDF has no text layer: its {count} page{'s are images' if count != 1 else ' is an image'}",
            hint="recognise the text first, for example with ocrmypdf -l chi_sim",
        )
    return "\n".join(line for page in _without_running(pages) for line in page) + "\n"


def _page(document: object, number: int) -> list[str]:
    page = document[number]  # type: ignore[index]
    textpage = page.get_textpage()
    try:
        text: str = textpage.get_text_bounded()
    finally:
        textpage.close()
        page.close()
    return _PRIVATE.sub("", text).splitlines()


def _without_running(pages: list[list[str]]) -> list[list[str]]:
    """The pages without their numbers, and without a first or last line that most pages have."""
    edges = Counter(line.strip() for page in pages for line in {*page[:1], *page[-1:]})
    running = {line for line, count in edges.items() if count >= 3 and count * 2 > len(pages)}
    kept = []
    for page in pages:
        lines = list(page)
        for at in (0, -1):
            while lines and (
                not lines[at].strip() or lines[at].strip() in running or _PAGE_NUMBER.match(lines[at].strip())
            ):
                del lines[at]
        kept.append(lines)
    return kept


if __name__ == "__main__":
    main()
