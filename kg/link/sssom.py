"""The decisions as SSSOM/TSV, for spreadsheets and other tools, and back.

https://mapping-commons.github.io/sssom/spec-formats-tsv/.  One row for each pair, with what holds of it.  SSSOM has no
word for "not decided"; such rows have the predicate ``gwr:candidateMatch``, which claims nothing, and the extension
column ``judgement`` says ``accepted``, ``rejected`` or ``open`` of every row.  Another, ``target``, has the key of the
graph that the object is of.

SSSOM's identifiers are URIs, so ours are percent-encoded: ``kg:area/%E5%B9%BF%E5%B7%9E%E5%B8%82``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, unquote

import kg
from kg.errors import DataError
from kg.graph.iri import segment
from kg.graph.vocab import PREFIXES
from kg.link.decisions import MANUAL, NO_TERM, Decision, Ledger
from kg.link.model import Judgement, Match, Target

COLUMNS: Final = (
    "subject_id", "subject_label", "subject_category", "predicate_id", "predicate_modifier", "object_id",
    "object_label", "object_source", "mapping_justification", "confidence", "mapping_tool", "mapping_tool_version",
    "mapping_date", "reviewer_label", "target", "judgement", "comment",
)  # fmt: skip
_NEEDED: Final = ("subject_id", "object_id")
_OWN: Final = ("dcterms", "gwr", "owl", "rdf", "rdfs", "semapv", "skos", "sssom")


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

    Of each row ``judgement`` counts or, without that column and where it is as it was, what ``predicate_id`` and
    ``predicate_modifier`` say.  A row that agrees with what holds changes nothing; rows that are missing change
    nothing either.  Pairs that are not known come in as they are, a run's as a run's, unless that run has found other
    candidates for the thing: then it is a person who accepts.  ``recorded`` is the instant, ISO 8601.

    Raises :class:`DataError` with file and line, and changes nothing, if a row is wrong.
    """
    prefixes, rows = _parse(text, file, _prefixes(ledger))
    known = {(d.subject, d.target, d.object): d for d in ledger.effective()}
    met = {(d.subject, d.target, d.tool) for d in ledger.decisions.values() if not d.manual}
    every = {each for d in ledger.decisions.values() for each in (d.subject, d.object)}
    iris = {**{encoded(each): each for each in every}, **{each: each for each in every}}
    targets = dict(ledger.targets)
    out = Imported()
    taken: list[tuple[Decision, bool]] = []
    for line, row in rows:
        out.rows += 1
        read = _Row(row, targets, iris, prefixes, file, line)
        before = known.get(read.pair)
        decision = read.decision(before)
        by_hand = decision.justification == MANUAL
        if before is None and not by_hand and decision.tool:
            # the run has found other candidates for the thing: this one was written into the row by a person, or the
            # file is older than the run
            if (decision.subject, decision.target, decision.tool) not in met:
                taken.append((decision, False))
            elif decision.judgement is Judgement.ACCEPTED:
                taken.append((decision, True))
        elif before is None and decision.judgement is Judgement.OPEN:
            raise DataError("a row that is open and names no tool decides nothing", file=file, line=line)
        elif before is None or _differ(before, decision):
            if decision.judgement is Judgement.OPEN:
                continue  # what is open in the file was not decided there, though somebody may have decided it since
            taken.append((decision, True))
    for key in targets.keys() - ledger.targets.keys():
        ledger.add_target(targets[key])
    for decision, by_hand in taken:
        if not by_hand:
            ledger.put(decision)
            out.added += 1
        else:
            before = known.get((decision.subject, decision.target, decision.object))
            # a name that stood in the row already is not that of the one who changed it
            changed = before is not None and decision.reviewer == before.reviewer
            out.decisions.append(
                ledger.decide(
                    decision.subject,
                    decision.object,
                    decision.judgement,
                    target=decision.target,
                    match=decision.match,
                    reviewer=reviewer if changed or not decision.reviewer else decision.reviewer,
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
    return out


def _header(ledger: Ledger, prefixes: Mapping[str, str]) -> Iterator[str]:
    yield "sssom_version: '1.1'"
    yield "curie_map:"
    for prefix, iri in sorted(prefixes.items()):
        yield f"  {prefix}: {_quoted(iri)}"
    yield "extension_definitions:"
    yield "- slot_name: judgement"
    yield "  property: gwr:judgement"
    yield "- slot_name: target"
    yield "  property: dcterms:identifier"
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
    predicate = "gwr:candidateMatch" if d.judgement is Judgement.OPEN else f"skos:{d.match.value}"
    cells = [
        _shorten(encoded(d.subject), prefixes, "kg"),
        d.subject_label,
        d.subject_category.replace(" ", "|"),
        predicate,
        "Not" if d.judgement is Judgement.REJECTED else "",
        _shorten(encoded(d.object), prefixes, d.target),
        d.object_label,
        target.iri,
        d.justification,
        f"{d.confidence:g}" if d.confidence is not None else "",
        f"kg link {d.tool}" if d.tool else "",
        d.tool_version,
        d.date,
        d.reviewer,
        d.target,
        d.judgement.value,
        d.comment,
    ]
    return [" ".join(cell.split()) for cell in cells]  # a row is a line, whatever a label holds


def encoded(iri: str) -> str:
    """An IRI as a URI: what is not ASCII percent-encoded.

    >>> encoded("urn:海"), decoded("urn:%E6%B5%B7%2F")
    ('urn:%E6%B5%B7', 'urn:海%2F')
    """
    return re.sub("[^\x00-\x7f]+", lambda found: quote(found[0]), iri)


def decoded(uri: str) -> str:
    """An IRI, of its URI: with the characters that IRIs of ours have as they are (:func:`kg.graph.iri.segment`)."""

    def plain(found: re.Match[str]) -> str:
        try:
            return "".join(segment(char) for char in unquote(found[0], errors="strict"))
        except UnicodeDecodeError:  # a name that was no Unicode
            return found[0]

    return re.sub("(?:%[89A-Fa-f][0-9A-Fa-f])+", plain, uri)


# reading --------------------------------------------------------------------------------------------------------------


def _parse(text: str, file: str, prefixes: dict[str, str]) -> tuple[dict[str, str], list[tuple[int, dict[str, str]]]]:
    """The prefixes, those of the header before those given, and the rows with the numbers of their lines."""
    lines = re.split("\r\n|\r|\n", text.removeprefix("\ufeff"))
    # a spreadsheet may have put quotes around the lines of the header, and separators behind them
    first = next((n for n, line in enumerate(lines) if line.strip() and not line.startswith(("#", '"#'))), None)
    if first is None:
        raise DataError("there are no rows", file=file)
    inside = False
    for line in lines[:first]:
        content = line.rstrip(" \t,;")
        if content.startswith('"'):
            content = content.strip('"').replace('""', '"')
        content = content[1:].rstrip()
        if content.strip() == "curie_map:":
            inside = True
        elif inside and content[:1] in (" ", "\t") and ":" in content:
            prefix, _, iri = content.strip().partition(":")
            prefixes[prefix.strip().strip("'\"")] = iri.strip().strip("'\"").replace("''", "'")
        elif content.strip():
            inside = False
    delimiter = max("\t,;", key=lines[first].count)  # a spreadsheet may have saved it so
    reader = csv.reader((line + "\n" for line in lines[first:]), delimiter=delimiter, strict=True)
    rows = []
    begun = first
    try:
        header = [name.strip() for name in next(reader)]
        if missing := [column for column in _NEEDED if column not in header]:
            raise DataError(f"there is no column {missing[0]!r}", file=file, line=first + 1)
        if not {"judgement", "predicate_id"} & set(header):
            raise DataError("there is neither a column 'judgement' nor 'predicate_id'", file=file, line=first + 1)
        begun = first + reader.line_num
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
                    raise DataError(f"{len(cells)} cells where the header has {len(header)}", file=file, line=begun + 1)
                rows.append((begun + 1, dict(zip(header, map(str.strip, cells), strict=False))))
            begun = first + reader.line_num
    except csv.Error as error:
        raise DataError(str(error), file=file, line=begun + 1) from None
    return prefixes, rows


class _Row:
    """One row of a file, with the thing and the target that it is about; ``iris`` are those known, by their URIs."""

    def __init__(
        self,
        row: Mapping[str, str],
        targets: dict[str, Target],
        iris: Mapping[str, str],
        prefixes: Mapping[str, str],
        file: str,
        line: int,
    ) -> None:
        self.row = row
        self.file = file
        self.line = line
        self.prefixes = prefixes
        self.subject, self.object = (
            iris.get(full) or iris.get(encoded(full)) or decoded(full)
            for full in (self._iri("subject_id"), self._iri("object_id"))
        )
        self.target = self._target(targets)

    @property
    def pair(self) -> tuple[str, str, str]:
        """What the row is about."""
        return self.subject, self.target, self.object

    @property
    def tool(self) -> str:
        """The provider whose run the row is from, if from one."""
        return self.row.get("mapping_tool", "").removeprefix("kg link").strip()

    def decision(self, before: Decision | None) -> Decision:
        """What the row says, where ``before`` is what holds of the pair."""
        row = self.row
        confidence = row.get("confidence", "").replace(",", ".")
        try:
            judgement, match = self._judgement(before)
            number = float(confidence) if confidence else None
            if number is not None and not 0 <= number <= 1:
                raise ValueError(f"confidence {confidence} does not lie between 0 and 1")
            date = row.get("mapping_date", "")
            if date and not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
                date = ""  # a spreadsheet has its own way of writing it
            justification = row.get("mapping_justification", "") or MANUAL
            if not re.fullmatch(r"semapv:\w+", justification):
                raise ValueError(f"mapping_justification {justification!r} is none of semapv")
        except ValueError as error:
            raise self._fault(str(error)) from None
        return Decision(
            self.subject,
            self.object,
            self.target,
            judgement,
            match,
            row.get("subject_label", ""),
            row.get("subject_category", "").replace("|", " "),
            row.get("object_label", ""),
            justification,
            number,
            self.tool,
            row.get("mapping_tool_version", ""),
            date,
            row.get("reviewer_label", ""),
            comment=row.get("comment", ""),
        )

    def _judgement(self, before: Decision | None) -> tuple[Judgement, Match]:
        """What the row says, by the column that was changed, where one was."""
        predicate = self.row.get("predicate_id", "").rsplit(":", 1)[-1].rsplit("#", 1)[-1]
        if predicate not in ("", "candidateMatch", *(m.value for m in Match)):
            raise ValueError(
                f"predicate_id {self.row['predicate_id']!r} is neither skos:exactMatch nor skos:closeMatch"
            )
        if predicate in ("", "candidateMatch"):  # what it would be, if only the judgement was changed
            match = before.match if before is not None else Match.EXACT
        else:
            match = Match(predicate)
        modifier = self.row.get("predicate_modifier", "")
        if modifier.lower() not in ("", "not"):
            raise ValueError(f"predicate_modifier {modifier!r} is not 'Not'")
        said = Judgement.REJECTED if modifier else Judgement.OPEN if predicate == "candidateMatch" else None
        if said is None and predicate:
            said = Judgement.ACCEPTED
        if told := self.row.get("judgement", ""):
            try:
                judgement = Judgement(told.lower())
            except ValueError:
                raise ValueError(f"judgement {told!r} is none of accepted, rejected, open") from None
            # the row as it was exported, but for predicate or modifier; "open" has its own predicate, which may have
            # been left when the judgement was changed
            told_again = before is not None and judgement is before.judgement and self.tool == before.tool
            return (said if told_again and said not in (None, Judgement.OPEN) else judgement), match
        if said is None:
            raise ValueError("the row has neither a judgement nor a predicate_id")
        return said, match

    def _iri(self, column: str) -> str:
        from pyoxigraph import NamedNode

        text = self.row.get(column, "")
        prefix, colon, local = text.partition(":")
        full = self.prefixes[prefix] + local if colon and prefix in self.prefixes else text
        try:
            NamedNode(full)
        except ValueError:
            raise self._fault(f"{column} {text!r} is no identifier with a known prefix") from None
        return full

    def _target(self, targets: dict[str, Target]) -> str:
        """The key of the target: by its column, else by object_source, else by the namespace of the object."""
        key, source = self.row.get("target", ""), self.row.get("object_source", "")
        prefix, colon, local = source.partition(":")
        source = self.prefixes[prefix] + local if colon and prefix in self.prefixes else source
        for known in sorted(targets):
            if known == key or (source and targets[known].iri == source):
                if known == key and source and targets[known].iri != source:
                    raise self._fault(f"the target {key!r} is {source}, and {targets[known].iri} in this store")
                return known
        if key and source:  # a target that this store has not met
            if not re.fullmatch("[A-Za-z][A-Za-z0-9_-]*", key):
                raise self._fault(f"target {key!r} is no name of letters and digits")
            targets[key] = Target(key, key, source, self.prefixes.get(key, source + "/"))
            return key
        fitting = [key for key, target in targets.items() if self.object.startswith(target.namespace)]
        if not fitting:
            raise self._fault(f"which target {self.row['object_id']!r} is of cannot be told")
        return max(fitting, key=lambda key: (len(targets[key].namespace), key))

    def _fault(self, message: str) -> DataError:
        return DataError(message, file=self.file, line=self.line)
