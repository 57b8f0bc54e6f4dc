"""The decisions as SSSOM/TSV, for spreadsheets and other tools, and back.

https://mapping-commons.github.io/sssom/spec-formats-tsv/.  One row for each pair, with what holds of it.  SSSOM has no
word for "not decided"; such rows have the predicate ``gwr:candidateMatch``, which claims nothing, and the extension
column ``judgement`` says ``accepted``, ``rejected`` or ``open`` of every row.  Of the others, ``target`` has the key of
the graph that the object is of, ``recorded`` the instant of a person's decision, and ``exported`` what held when the
file was written (judgement, match, object, reviewer): a row that still says so was not edited, whatever has been
decided since.

SSSOM's identifiers are URIs, so ours are percent-encoded: ``kg:area/%E5%B9%BF%E5%B7%9E%E5%B8%82``.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote, unquote

import kg
from kg.errors import DataError
from kg.graph.iri import segment
from kg.graph.vocab import PREFIXES
from kg.link.decisions import MANUAL, NO_TERM, Decision, Ledger, key_of
from kg.link.model import Judgement, Match, Target
from kg.link.targets import TARGETS

COLUMNS: Final = (
    "subject_id", "subject_label", "subject_category", "predicate_id", "predicate_modifier", "object_id",
    "object_label", "object_source", "mapping_justification", "confidence", "mapping_tool", "mapping_tool_version",
    "mapping_date", "reviewer_label", "target", "judgement", "comment", "recorded", "exported",
)  # fmt: skip
_NEEDED: Final = ("subject_id", "object_id")
_OURS: Final = "kg link "
#: What is taken for an IRI, where no prefix of that name is declared.
_IS_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|(urn|tag|info|doi|ark|did):", re.IGNORECASE)
_OWN: Final = ("dcterms", "gwr", "owl", "rdf", "rdfs", "semapv", "skos", "sssom")


def export(ledger: Ledger, *, only: Judgement | None = None, subjects: Container[str] | None = None) -> str:
    """The decisions that hold, of all pairs, or of one judgement or some things, as SSSOM/TSV; sorted."""
    prefixes = _prefixes(ledger)
    out = io.StringIO()
    for line in _header(ledger, prefixes):
        out.write(f"#{line}\n")
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    for decision in ledger.effective():
        if only in (None, decision.judgement) and (subjects is None or decision.subject in subjects):
            writer.writerow(_row(decision, ledger.targets[decision.target], prefixes))
    return out.getvalue()


@dataclass(slots=True)
class Imported:
    """What an import changed."""

    rows: int = 0
    decided: int = 0  # decisions of people that are new or other than before
    restored: int = 0  # of these, those that were people's when the file was written, and came in as they were
    added: int = 0  # decisions of runs on pairs that were not known
    taken_back: int = 0  # decisions of people that the file opens again
    overwritten: int = 0  # decisions of people on other things of the target, which gave way to the file's
    decisions: list[Decision] = field(default_factory=list)
    #: rows that were edited but say otherwise than what people have decided since, and so were left: line and why
    conflicts: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A row that is to change something: by a person, unless ``run``; ``restored`` from an export, or edited."""

    line: int
    decision: Decision
    run: bool = False
    restored: bool = False


def import_(ledger: Ledger, text: str, *, file: str, reviewer: str, recorded: str, overwrite: bool = False) -> Imported:
    """Take the rows that were edited as decisions of a person.

    Of each row ``judgement`` counts or, without that column and where it is as it was, what ``predicate_id`` and
    ``predicate_modifier`` say.  A row was edited if it says something else than its column ``exported`` or, in a file
    without that column, than the ledger.  Of the others nothing changes anything, but that a person's decision comes
    in again, as it was, where people have decided nothing on the pair: an export is a copy to restore from.  Rows that
    are missing change nothing either.  An edited row that opens what a person decided takes that back; one that says
    otherwise than what people have decided since the export is left, and told, unless ``overwrite``.

    Pairs that are not known come in as they are, a run's as a run's, unless that run has found other candidates for
    the thing: then it is a person who accepts.  So are rows of other tools than ours, for whoever imports vouches for
    them.  ``recorded`` is the instant, ISO 8601.

    Raises :class:`DataError` with file and line, and changes nothing, if a row is wrong, or accepts a second exact
    match in a target, or one beside "none".
    """
    prefixes, rows = _parse(text, file, _prefixes(ledger))
    known = {(d.subject, d.target, d.object): d for d in ledger.effective()}
    met = {(d.subject, d.target, d.tool) for d in ledger.decisions.values() if not d.manual}
    every = {each for d in ledger.decisions.values() for each in (d.subject, d.object)}
    iris = {**{encoded(each): each for each in every}, **{each: each for each in every}}
    targets = dict(ledger.targets)
    out = Imported()
    taken: list[_Taken] = []
    back: list[Decision] = []
    for line, row in rows:
        out.rows += 1
        read = _Row(row, targets, iris, prefixes, file, line)
        before, was = known.get(read.pair), read.exported
        holds = (before.judgement, before.match) if before is not None else None
        decision = read.decision((was and (was.judgement, was.match)) or holds, before)
        edited = was is not None and (read.moved or _differ((was.judgement, was.match), decision))
        if was is not None and edited:
            decision = _by_who_edited(decision, was, known.get((read.subject, read.target, was.object)), read.moved)
        if before is None or holds is None:
            if (one := _unknown(read, decision, edited, met)) is not None:
                taken.append(one)
        elif was is not None and not edited:
            mine = any(d.object == decision.object for d in ledger.by_people(decision.subject, decision.target))
            if decision.manual and not mine and _differ(holds, decision):
                taken.append(_Taken(line, decision, restored=True))
        elif _differ(holds, decision):
            since = was is not None and (read.moved or _differ((was.judgement, was.match), before))
            if since and before.manual and not overwrite:
                out.conflicts.append((line, _conflict(before)))
                continue
            if decision.judgement is Judgement.OPEN:
                # without knowing how the row was exported, it may only be older than the decision
                if was is not None and before.manual:
                    back.append(before)
                continue
            if was is None and decision.reviewer == before.reviewer:
                decision = replace(decision, reviewer="")  # who stood in the row already has not changed it
            taken.append(_Taken(line, decision))
    taken = _agreeing(ledger, taken, back, out, file, overwrite)
    for key in targets.keys() - ledger.targets.keys():
        ledger.add_target(targets[key])
    for decision in back:
        ledger.drop(decision)
        out.taken_back += 1
    for each in taken:
        _take(ledger, each, out, reviewer, recorded)
    return out


@dataclass(frozen=True, slots=True)
class _Was:
    """What a row said when it was written."""

    judgement: Judgement
    match: Match
    object: str
    reviewer: str


def _by_who_edited(decision: Decision, was: _Was, old: Decision | None, moved: bool) -> Decision:
    """The decision without what the row only still says of the one that it was: by whom, and of which name."""
    if decision.reviewer == was.reviewer:
        decision = replace(decision, reviewer="")
    if moved and (old is None or " ".join(old.object_label.split()) == decision.object_label):
        decision = replace(decision, object_label="")
    return decision


def _unknown(read: _Row, decision: Decision, edited: bool, met: Container[tuple[str, str, str]]) -> _Taken | None:
    """What to take of a row on a pair that the ledger does not know."""
    if decision.tool and not edited and not read.foreign:
        # the run has found other candidates for the thing: this one was written into the row by a person, or the file
        # is older than the run
        if (decision.subject, decision.target, decision.tool) not in met:
            return _Taken(read.line, decision, run=True)
        return _Taken(read.line, decision) if decision.judgement is Judgement.ACCEPTED else None
    if decision.judgement is Judgement.OPEN:
        if edited:
            return None
        raise read.fault("a row that is open and names no tool of kg link decides nothing")
    if read.foreign:
        decision = replace(decision, comment=": ".join(filter(None, (read.foreign, decision.comment))))
    return _Taken(read.line, decision, restored=decision.manual and not edited and not read.foreign)


def _agreeing(
    ledger: Ledger, taken: list[_Taken], back: list[Decision], out: Imported, file: str, overwrite: bool
) -> list[_Taken]:
    """The rows but for those that contradict what people decided on other things of the target, and not take back.

    With ``overwrite`` it is these decisions that go.
    """
    fresh: dict[tuple[str, str], list[_Taken]] = defaultdict(list)
    for each in taken:
        d = each.decision
        if each.run or d.judgement is not Judgement.ACCEPTED:
            continue
        for other in fresh[d.subject, d.target]:
            if _exclude(other.decision, d):
                raise DataError(
                    f"line {other.line} accepts another for the same thing in the same graph", file=file, line=each.line
                )
        fresh[d.subject, d.target].append(each)
    gone = {decision.key for decision in back}
    while True:
        # what the file says of a pair goes before what was said of it, unless that row is left
        changed = gone | {
            key_of(d.subject, d.object, d.target) for each in taken if not each.run for d in [each.decision]
        }
        against = [
            (each, former)
            for each in taken
            if not each.run and each.decision.judgement is Judgement.ACCEPTED
            for former in ledger.by_people(each.decision.subject, each.decision.target)
            if former.key not in changed and _exclude(former, each.decision)
        ]
        if not against:
            return taken
        if overwrite:
            for former in {former.key: former for _, former in against}.values():
                ledger.drop(former)
                out.overwritten += 1
            return taken
        out.conflicts += {each.line: (each.line, _conflict(former)) for each, former in against}.values()
        left = {each.line for each, _ in against}
        taken = [each for each in taken if each.line not in left]


def _exclude(one: Decision, other: Decision) -> bool:
    """Whether both cannot be accepted for one thing in one target."""
    if one.judgement is not Judgement.ACCEPTED or one.object == other.object:
        return False
    return NO_TERM in (one.object, other.object) or one.match is other.match is Match.EXACT


def _conflict(former: Decision) -> str:
    from kg.link.review import told

    return told(former)[0]


def _take(ledger: Ledger, each: _Taken, out: Imported, reviewer: str, recorded: str) -> None:
    d = each.decision
    if each.run:
        ledger.put(d)
        out.added += 1
        return
    # an edited row has the instant at which it is read, and a restored one its own
    instant = d.recorded if each.restored and d.recorded else recorded
    made = ledger.decide(
        d.subject,
        d.object,
        d.judgement,
        target=d.target,
        match=d.match,
        reviewer=d.reviewer or reviewer,
        recorded=instant,
        comment=d.comment if d.justification == MANUAL or d.manual else "",
        subject_label=d.subject_label,
        subject_category=d.subject_category,
        object_label=d.object_label,
    )
    date = d.date if each.restored and d.date and not d.recorded else made.date
    ledger.put(made := replace(made, date=date, imported=recorded))
    out.decisions.append(made)
    out.decided += 1
    out.restored += each.restored


def _differ(before: tuple[Judgement, Match], now: Decision) -> bool:
    judgement, match = before
    if judgement is not now.judgement:
        return True
    return now.judgement is Judgement.ACCEPTED and match is not now.match and now.object != NO_TERM


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
    yield "- slot_name: recorded"
    yield "  property: dcterms:created"
    yield "- slot_name: exported"
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
        d.recorded,
        f"{d.judgement.value} {d.match.value} {_shorten(encoded(d.object), prefixes, d.target)} {d.reviewer}",
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


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_instant(text: str) -> bool:
    try:
        return datetime.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


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
        self.iris = iris
        self.subject, self.object = self._known(self._iri("subject_id")), self._known(self._iri("object_id"))
        self.target = self._target(targets)

    @property
    def pair(self) -> tuple[str, str, str]:
        """What the row is about."""
        return self.subject, self.target, self.object

    @property
    def tool(self) -> str:
        """The provider whose run the row is from, if from one."""
        tool = self.row.get("mapping_tool", "")
        return tool.removeprefix(_OURS).strip() if tool.startswith(_OURS) else ""

    @property
    def foreign(self) -> str:
        """The tool that the row is from, if not from one of ours."""
        tool = self.row.get("mapping_tool", "")
        return "" if tool.startswith(_OURS) else tool

    @property
    def exported(self) -> _Was | None:
        """What held of the pair when the row was written; None if it does not say."""
        told = self.row.get("exported", "")
        if not told:
            return None
        judgement, match, object, *reviewer = [*told.split(" ", 3), "", "", ""][:4]
        try:
            return _Was(Judgement(judgement), Match(match), self._full(object), " ".join(reviewer))
        except ValueError:
            raise self.fault(f"exported {told!r} is not as it was written") from None

    @property
    def moved(self) -> bool:
        """Whether the row has another object than when it was written."""
        return self.exported is not None and self.exported.object != self.object

    def decision(self, was: tuple[Judgement, Match] | None, before: Decision | None) -> Decision:
        """What the row says, where ``was`` is what it said before it was edited, and ``before`` what holds now."""
        row = self.row
        confidence = row.get("confidence", "").replace(",", ".")
        try:
            judgement, match = self._judgement(was, before)
            number = float(confidence) if confidence else None
            if number is not None and not 0 <= number <= 1:
                raise ValueError(f"confidence {confidence} does not lie between 0 and 1")
            date = row.get("mapping_date", "")
            if not _is_day(date):
                date = ""  # a spreadsheet has its own way of writing it
            recorded = row.get("recorded", "")
            if not _is_instant(recorded):
                recorded = ""
            justification = row.get("mapping_justification", "") or MANUAL
            if not re.fullmatch(r"semapv:\w+", justification):
                raise ValueError(f"mapping_justification {justification!r} is none of semapv")
        except ValueError as error:
            raise self.fault(str(error)) from None
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
            recorded=recorded,
            comment=row.get("comment", ""),
        )

    def _judgement(self, was: tuple[Judgement, Match] | None, before: Decision | None) -> tuple[Judgement, Match]:
        """What the row says, by the column that was changed, where one was."""
        predicate = self.row.get("predicate_id", "").rsplit(":", 1)[-1].rsplit("#", 1)[-1]
        if predicate not in ("", "candidateMatch", *(m.value for m in Match)):
            raise ValueError(
                f"predicate_id {self.row['predicate_id']!r} is neither skos:exactMatch nor skos:closeMatch"
            )
        if predicate in ("", "candidateMatch"):  # what it would be, if only the judgement was changed
            match = was[1] if was is not None else Match.EXACT
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
            told_again = was is not None and judgement is was[0]
            if not self.row.get("exported"):  # then it is only supposed what the row said
                told_again = told_again and before is not None and self.tool == before.tool
            return (said if told_again and said not in (None, Judgement.OPEN) else judgement), match
        if said is None:
            raise ValueError("the row has neither a judgement nor a predicate_id")
        return said, match

    def _iri(self, column: str) -> str:
        text = self.row.get(column, "")
        try:
            return self._expanded(text)
        except ValueError:
            raise self.fault(f"{column} {text!r} is no identifier with a known prefix") from None

    def _full(self, text: str) -> str:
        """The IRI that the ledger has for an identifier, else that of the identifier."""
        return self._known(self._expanded(text))

    def _known(self, full: str) -> str:
        return self.iris.get(full) or self.iris.get(encoded(full)) or decoded(full)

    def _expanded(self, text: str) -> str:
        from pyoxigraph import NamedNode

        prefix, colon, local = text.partition(":")
        declared = colon and prefix in self.prefixes
        full = self.prefixes[prefix] + local if declared else text
        NamedNode(full)
        if not declared and not _IS_IRI.match(full):  # kgg:… is an IRI by its form, and a slip
            raise ValueError(text)
        return full

    def _target(self, targets: dict[str, Target]) -> str:
        """The key of the target: by its column, else by object_source, else by the namespace of the object."""
        key, source = self.row.get("target", ""), self.row.get("object_source", "")
        prefix, colon, local = source.partition(":")
        source = self.prefixes[prefix] + local if colon and prefix in self.prefixes else source
        for known in sorted(targets):
            if known == key or (source and targets[known].iri == source):
                if known == key and source and targets[known].iri != source:
                    raise self.fault(f"the target {key!r} is {source}, and {targets[known].iri} in this store")
                return known
        if key and source:  # a target that this store has not met
            try:
                self._expanded(source)
            except ValueError:
                raise self.fault(f"object_source {source!r} is no identifier with a known prefix") from None
            if not re.fullmatch("[A-Za-z][A-Za-z0-9_-]*", key):
                raise self.fault(f"target {key!r} is no name of letters and digits")
            own = TARGETS.get(key)
            if own is not None and own.iri != source:
                raise self.fault(f"the target {key!r} is {source}, and {own.iri} elsewhere")
            targets[key] = own or Target(key, key, source, self.prefixes.get(key, source + "/"))
            return key
        fitting = [key for key, target in targets.items() if self.object.startswith(target.namespace)]
        if not fitting:
            raise self.fault(f"which target {self.row['object_id']!r} is of cannot be told")
        return max(fitting, key=lambda key: (len(targets[key].namespace), key))

    def fault(self, message: str) -> DataError:
        """The error that the row is."""
        return DataError(message, file=self.file, line=self.line)
