"""The decisions as SSSOM/TSV, for spreadsheets and other tools, and back.

https://mapping-commons.github.io/sssom/spec-formats-tsv/.  One row for each pair, with what holds of it.  SSSOM has no
word for "not decided"; such rows have the predicate ``gwr:candidateMatch``, which claims nothing, and the extension
column ``judgement`` says ``accepted``, ``rejected`` or ``open`` of every row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import kg
from kg.errors import DataError
from kg.graph.vocab import PREFIXES
from kg.link.decisions import MANUAL, NO_TERM, Decision, Ledger
from kg.link.model import Judgement, Match, Target

COLUMNS: Final = (
    "subject_id", "subject_label", "subject_category", "predicate_id", "predicate_modifier", "object_id",
    "object_label", "object_source", "mapping_justification", "confidence", "mapping_tool", "mapping_tool_version",
    "mapping_date", "reviewer_label", "judgement", "comment",
)  # fmt: skip
_NEEDED: Final = ("subject_id", "object_id")
_OWN: Final = ("gwr", "owl", "rdf", "rdfs", "semapv", "skos", "sssom")


def export(ledger: Ledger, *, only: Judgement | None = None) -> str:
    """The decisions that hold, of all pairs or of one judgement, as SSSOM/TSV; sorted."""
    prefixes = _prefixes(ledger)
    out = io.StringIO()
    for line in _header(ledger, prefixes):
        out.write(f"#{line}\n")
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    for decision in ledger.effective():
        if only is None or decision.judgement is only:
            writer.writerow(_row(decision, ledger.targets[decision.target], prefixes))
    return out.getvalue()


@dataclass(slots=True)
class Imported:
    """What an import changed."""

    rows: int = 0
    decided: int = 0  # decisions of people that are new or other than before
    added: int = 0  # decisions of runs on pairs that were not known
    decisions: list[Decision] = field(default_factory=list)


def import_(ledger: Ledger, text: str, *, file: str, reviewer: str, recorded: str) -> Imported:
    """Take the rows that say something else than the ledger as decisions of a person.

    Of each row ``judgement`` counts, or without that column what ``predicate_id`` and ``predicate_modifier`` say.
    A row that agrees with what holds changes nothing; rows that are missing change nothing either.  Pairs that are
    not known come in as they are, a run's as a run's.  ``recorded`` is the instant, ISO 8601.

    Raises :class:`DataError` with file and line, and changes nothing, if a row is wrong.
    """
    prefixes, rows = _parse(text, file)
    known = {(d.subject, d.target, d.object): d for d in ledger.effective()}
    out = Imported()
    taken: list[tuple[Decision, bool]] = []
    for line, row in rows:
        out.rows += 1
        decision = _decision(row, ledger, prefixes, file, line)
        before = known.get((decision.subject, decision.target, decision.object))
        if before is not None and row.get("predicate_id", "").endswith("candidateMatch"):
            decision = replace(decision, match=before.match)  # what it would be, if only the judgement was changed
        by_hand = decision.justification == MANUAL
        if before is None and not by_hand and decision.tool:
            taken.append((decision, False))
        elif before is None and decision.judgement is Judgement.OPEN:
            raise DataError("a row that is open and names no tool decides nothing", file=file, line=line)
        elif before is None or _differ(before, decision):
            if decision.judgement is Judgement.OPEN:
                if before is not None and before.manual:
                    raise DataError(
                        "a decision is not undone by a row that is open", file=file, line=line, hint="use: kg link undo"
                    )
                continue
            taken.append((decision, True))
    for decision, by_hand in taken:
        if not by_hand:
            ledger.put(decision)
            out.added += 1
        else:
            out.decisions.append(
                ledger.decide(
                    decision.subject,
                    decision.object,
                    decision.judgement,
                    target=decision.target,
                    match=decision.match,
                    reviewer=decision.reviewer or reviewer,
                    recorded=recorded,
                    comment=decision.comment if decision.justification == MANUAL else "",
                    object_label=decision.object_label,
                )
            )
            out.decided += 1
    return out


def _differ(before: Decision, now: Decision) -> bool:
    if before.judgement is not now.judgement:
        return True
    return now.judgement is Judgement.ACCEPTED and before.match is not now.match and now.object != NO_TERM


# writing --------------------------------------------------------------------------------------------------------------


def _prefixes(ledger: Ledger) -> dict[str, str]:
    out = {prefix: PREFIXES[prefix] for prefix in _OWN}
    out["kg"] = ledger.base
    for key, target in sorted(ledger.targets.items()):
        out[key] = target.namespace
        out[f"{key}.source"] = target.iri[: len(target.iri) - len(_local(target.iri))]
    return out


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1] if "#" in iri else iri.rsplit("/", 1)[-1] if "/" in iri else iri.rsplit(":", 1)[-1]


def _header(ledger: Ledger, prefixes: Mapping[str, str]) -> Iterator[str]:
    yield "sssom_version: '1.1'"
    yield "curie_map:"
    for prefix, iri in sorted(prefixes.items()):
        yield f"  {prefix}: {_quoted(iri)}"
    yield "extension_definitions:"
    yield "- slot_name: judgement"
    yield "  property: gwr:judgement"
    yield "  type_hint: xsd:string"
    yield "license: https://creativecommons.org/publicdomain/zero/1.0/"
    yield f"mapping_set_id: {_quoted(ledger.base + 'mappings')}"
    yield "mapping_tool: kg link"
    yield f"mapping_tool_version: {_quoted(kg.__version__)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _shorten(iri: str, prefixes: Mapping[str, str], prefer: str = "") -> str:
    """The CURIE by the longest namespace, the preferred prefix at equal length; the IRI itself without one."""
    best = max(
        (p for p, space in prefixes.items() if space and iri.startswith(space)),
        key=lambda p: (len(prefixes[p]), p == prefer),
        default=None,
    )
    return f"{best}:{iri[len(prefixes[best]) :]}" if best is not None else iri


def _row(d: Decision, target: Target, prefixes: Mapping[str, str]) -> list[str]:
    names = {p: n for p, n in prefixes.items() if not p.endswith(".source")}
    predicate = "gwr:candidateMatch" if d.judgement is Judgement.OPEN else f"skos:{d.match.value}"
    return [
        _shorten(d.subject, names, "kg"),
        d.subject_label,
        d.subject_category.replace(" ", "|"),
        predicate,
        "Not" if d.judgement is Judgement.REJECTED else "",
        _shorten(d.object, names, d.target),
        d.object_label,
        f"{d.target}.source:{_local(target.iri)}",
        d.justification,
        f"{d.confidence:g}" if d.confidence is not None else "",
        f"kg link {d.tool}" if d.tool else "",
        d.tool_version,
        d.date,
        d.reviewer,
        d.judgement.value,
        " ".join(d.comment.split()),
    ]


# reading --------------------------------------------------------------------------------------------------------------


def _parse(text: str, file: str) -> tuple[dict[str, str], list[tuple[int, dict[str, str]]]]:
    """The prefixes of the header, and the rows with the numbers of their lines."""
    prefixes = {prefix: PREFIXES[prefix] for prefix in _OWN}
    lines = text.removeprefix("\ufeff").splitlines()
    first = next((n for n, line in enumerate(lines) if line.strip() and not line.startswith("#")), None)
    if first is None:
        raise DataError("there are no rows", file=file)
    inside = False
    for line in lines[:first]:
        content = line[1:].rstrip()
        if content.strip() == "curie_map:":
            inside = True
        elif inside and content[:1] in (" ", "\t") and ":" in content:
            prefix, _, iri = content.strip().partition(":")
            prefixes[prefix.strip().strip("'\"")] = iri.strip().strip("'\"").replace("''", "'")
        elif content.strip():
            inside = False
    delimiter = "\t" if "\t" in lines[first] else ","  # a spreadsheet may have saved it so
    reader = csv.reader(lines[first:], delimiter=delimiter, strict=True)
    rows = []
    try:
        header = [name.strip() for name in next(reader)]
        if missing := [column for column in _NEEDED if column not in header]:
            raise DataError(f"there is no column {missing[0]!r}", file=file, line=first + 1)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) > len(header):
                    raise DataError(
                        f"{len(cells)} cells where the header has {len(header)}",
                        file=file,
                        line=first + reader.line_num,
                    )
                rows.append((first + reader.line_num, dict(zip(header, map(str.strip, cells), strict=False))))
    except csv.Error as error:
        raise DataError(str(error), file=file, line=first + reader.line_num) from None
    return prefixes, rows


def _decision(row: Mapping[str, str], ledger: Ledger, prefixes: Mapping[str, str], file: str, line: int) -> Decision:
    from pyoxigraph import NamedNode

    def iri(column: str) -> str:
        text = row.get(column, "")
        prefix, colon, local = text.partition(":")
        full = prefixes[prefix] + local if colon and prefix in prefixes else text
        try:
            NamedNode(full)
        except ValueError:
            raise DataError(f"{column} {text!r} is no identifier with a known prefix", file=file, line=line) from None
        return full

    subject, object = iri("subject_id"), iri("object_id")
    target = _target(row, ledger, prefixes, object)
    if target is None:
        raise DataError(f"which target {row['object_id']!r} is of cannot be told", file=file, line=line)
    confidence = row.get("confidence", "")
    try:
        judgement, match = _judgement(row)
        return Decision(
            subject,
            object,
            target,
            judgement,
            match,
            row.get("subject_label", ""),
            row.get("subject_category", "").replace("|", " "),
            row.get("object_label", ""),
            row.get("mapping_justification", "") or MANUAL,
            float(confidence) if confidence else None,
            row.get("mapping_tool", "").removeprefix("kg link ").removeprefix("kg link"),
            row.get("mapping_tool_version", ""),
            row.get("mapping_date", ""),
            row.get("reviewer_label", ""),
            comment=row.get("comment", ""),
        )
    except ValueError as error:
        raise DataError(str(error), file=file, line=line) from None


def _judgement(row: Mapping[str, str]) -> tuple[Judgement, Match]:
    predicate = row.get("predicate_id", "").rsplit(":", 1)[-1].rsplit("#", 1)[-1]
    match = Match.CLOSE if predicate == Match.CLOSE.value else Match.EXACT
    if told := row.get("judgement", ""):
        try:
            return Judgement(told.lower()), match
        except ValueError:
            raise ValueError(f"judgement {told!r} is none of accepted, rejected, open") from None
    if predicate == "candidateMatch":
        return Judgement.OPEN, match
    if predicate not in [m.value for m in Match]:
        raise ValueError(f"predicate_id {row.get('predicate_id', '')!r} is neither skos:exactMatch nor skos:closeMatch")
    return (Judgement.REJECTED if row.get("predicate_modifier") else Judgement.ACCEPTED), match


def _target(row: Mapping[str, str], ledger: Ledger, prefixes: Mapping[str, str], object: str) -> str | None:
    """The key of the target: by object_source, else by the namespace of the object."""
    source = row.get("object_source", "")
    prefix, colon, local = source.partition(":")
    full = prefixes[prefix] + local if colon and prefix in prefixes else source
    for key, target in sorted(ledger.targets.items()):
        if full and target.iri == full:
            return key
    if prefix.endswith(".source") and full:  # a target that this store has not met
        key = prefix.removesuffix(".source")
        ledger.add_target(Target(key, key, full, prefixes.get(key, full + "/")))
        return key
    fitting = [key for key, target in ledger.targets.items() if object.startswith(target.namespace)]
    return max(fitting, key=lambda key: len(ledger.targets[key].namespace), default=None)
