"""Decisions to SSSOM/TSV, through other people's hands, and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pyoxigraph as ox
import pytest
from hypothesis import given, settings

from kg.errors import DataError
from kg.graph.vocab import DEFAULT_BASE, PREFIXES
from kg.link.decisions import COMPOSITE, MANUAL, NO_TERM, Decision, Ledger, read_ledger, write_ledger
from kg.link.model import Judgement, Match, Target
from kg.link.sssom import COLUMNS, Imported, decoded, encoded, export, import_
from kg.link.targets import TARGETS
from tests.link.test_decisions import ledgers

CODES = Target("codes", "codes of places", "https://example.org/codes", "https://example.org/codes/")
ME, YOU = f"{DEFAULT_BASE}area/广州市", f"{DEFAULT_BASE}entity/广州市/%E3%80%8Aa%E3%80%8B"
A, B = f"{CODES.namespace}A", f"{CODES.namespace}B"
NOON = "2026-01-02T12:00:00Z"
EARLIER = "2025-12-24T08:30:00.123456Z"

Row = dict[str, str]


@pytest.fixture
def ledger() -> Ledger:
    """广州市 may be A or B; something else is near A, and is not B."""
    out = Ledger(DEFAULT_BASE)
    out.add_target(CODES)
    told = ("codes", "广州市", "AdministrativeArea Zone", "so", "divisions")

    def put(subject: str, object: str, judgement: Judgement, match: Match = Match.EXACT) -> None:
        target, label, category, comment, tool = told
        out.put(
            Decision(
                subject,
                object,
                target,
                judgement,
                match,
                label,
                category,
                f"名\t{object[-1]}\n",
                COMPOSITE,
                0.5,
                tool,
                "1",
                "2026-01-01",
                comment=comment,
            )
        )

    put(ME, A, Judgement.OPEN, Match.CLOSE)
    put(ME, B, Judgement.OPEN)
    put(YOU, A, Judgement.ACCEPTED, Match.CLOSE)
    put(YOU, B, Judgement.REJECTED)
    return out


def rows(text: str) -> list[Row]:
    return list(csv.DictReader((line for line in text.split("\n") if not line.startswith("#")), delimiter="\t"))


def edited(ledger: Ledger, change: Callable[[Row], Row | None], columns: tuple[str, ...] = COLUMNS) -> str:
    """The export, each of whose rows went through a person's hands; None takes it out."""
    text = export(ledger)
    out = io.StringIO()
    out.write("".join(f"{line}\n" for line in text.split("\n") if line.startswith("#")))
    writer = csv.DictWriter(out, columns, delimiter="\t", lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(row for each in rows(text) if (row := change(dict(each))) is not None)
    return out.getvalue()


def only(object: str, **cells: str) -> Callable[[Row], Row | None]:
    """A change of the row on ME and that object."""
    return lambda row: row | cells if row["object_id"] == f"codes:{object}" and "area" in row["subject_id"] else row


def take(ledger: Ledger, text: str, reviewer: str = "ann") -> Imported:
    return import_(ledger, text, file="d.tsv", reviewer=reviewer, recorded=NOON)


def holds(ledger: Ledger, subject: str = ME) -> dict[str, str]:
    return {d.object.rsplit("/", 1)[-1]: d.judgement.value for d in ledger.effective() if d.subject == subject}


# export ---------------------------------------------------------------------------------------------------------------


def test_the_file_is_sssom(ledger: Ledger) -> None:
    text = export(ledger)
    header = [line for line in text.split("\n") if line.startswith("#")]
    assert header[0] == "#sssom_version: '1.1'"
    assert "#  codes: 'https://example.org/codes/'" in header and "#  kg: 'https://w3id.org/gwr/id/'" in header
    assert "#- slot_name: judgement" in header and "#- slot_name: target" in header
    assert text.split("\n")[len(header)].split("\t") == list(COLUMNS)
    assert len(rows(text)) == 4 and all(
        "\t" not in line.replace("\t", " ", len(COLUMNS) - 1) for line in text.split("\n")
    )


def test_a_row_says_what_holds(ledger: Ledger) -> None:
    told = {(r["subject_label"], r["object_id"], r["judgement"]): r for r in rows(export(ledger))}
    open_ = told["广州市", "codes:A", "open"]
    assert open_["predicate_id"] == "gwr:candidateMatch" and open_["predicate_modifier"] == ""
    assert open_["subject_id"] == "kg:area/%E5%B9%BF%E5%B7%9E%E5%B8%82"  # SSSOM wants URIs
    assert open_["object_source"] == CODES.iri and open_["target"] == "codes"
    assert open_["subject_category"] == "AdministrativeArea|Zone" and open_["object_label"] == "名 A"
    assert told["广州市", "codes:A", "accepted"]["predicate_id"] == "skos:closeMatch"
    assert told["广州市", "codes:B", "rejected"]["predicate_modifier"] == "Not"
    assert all(r["mapping_justification"].startswith("semapv:") and r["confidence"] == "0.5" for r in told.values())


def test_every_prefix_is_told(ledger: Ledger) -> None:
    text = export(ledger)
    known = {line[1:].split(":")[0].strip() for line in text.split("\n") if line.startswith("#  ")}
    for row in rows(text):
        for column in ("subject_id", "object_id", "predicate_id", "mapping_justification"):
            assert row[column].split(":")[0] in known
    assert known >= {"kg", "codes", "skos", "semapv", "sssom", "gwr"} and "skos" in PREFIXES


def test_only_some(ledger: Ledger) -> None:
    assert len(rows(export(ledger, only=Judgement.OPEN))) == 2
    assert [r["judgement"] for r in rows(export(ledger, only=Judgement.ACCEPTED))] == ["accepted"]


@pytest.mark.parametrize(
    "iri", [ME, YOU, "https://example.org/a%20b", "urn:x:é/?q=ü%F0%9F%98%80", f"{DEFAULT_BASE}a%2Fb%ED%A0%80"]
)
def test_an_iri_is_the_same_after_a_uri(iri: str) -> None:
    assert encoded(iri).isascii() and decoded(encoded(iri)) == iri and encoded(encoded(iri)) == encoded(iri)


# import: what changes nothing -----------------------------------------------------------------------------------------


def test_an_export_changes_nothing(ledger: Ledger) -> None:
    before = ledger.quads()
    done = take(ledger, export(ledger))
    assert (done.rows, done.decided, done.added) == (4, 0, 0) and ledger.quads() == before


def test_an_export_of_peoples_decisions_changes_nothing(ledger: Ledger) -> None:
    ledger.decide(ME, A, Judgement.ACCEPTED, match=Match.CLOSE, target="codes", reviewer="bob", recorded=NOON)
    ledger.none_of_these(YOU, "codes", reviewer="bob", recorded=NOON)
    before = ledger.quads()
    assert rows(export(ledger))[-1]["judgement"] == "rejected"
    assert take(ledger, export(ledger)).decided == 0 and ledger.quads() == before


@settings(max_examples=40, deadline=None)
@given(ledgers())
def test_no_export_changes_anything(it: Ledger) -> None:
    before = it.quads()
    text = export(it)
    done = take(it, text)
    assert (done.decided, done.added) == (0, 0) and it.quads() == before
    assert export(it) == text


def test_rows_that_are_missing_change_nothing(ledger: Ledger) -> None:
    before = ledger.quads()
    take(ledger, edited(ledger, lambda row: row if row["judgement"] == "rejected" else None))
    assert ledger.quads() == before


def test_other_columns_change_nothing(ledger: Ledger) -> None:
    before = ledger.quads()
    noise = {"object_label": "x", "comment": "y", "confidence": "0.1", "mapping_date": "1/2/26", "reviewer_label": "z"}
    take(ledger, edited(ledger, lambda row: row | noise))
    assert ledger.quads() == before


# import: decisions ----------------------------------------------------------------------------------------------------


def test_the_judgement_is_edited(ledger: Ledger) -> None:
    done = take(ledger, edited(ledger, only("A", judgement="accepted")))
    assert done.decided == 1
    (made,) = done.decisions
    assert (made.object, made.match, made.reviewer, made.recorded) == (A, Match.CLOSE, "ann", NOON)  # close as proposed
    assert made.manual and made.justification == MANUAL and made.subject_label == "广州市"
    assert holds(ledger) == {"A": "accepted", "B": "rejected"}


def test_who_stands_in_the_row_decides(ledger: Ledger) -> None:
    (made,) = take(ledger, edited(ledger, only("B", judgement="Accepted", reviewer_label="bob"))).decisions
    assert made.reviewer == "bob" and made.match is Match.EXACT


def test_an_accepted_one_is_rejected_and_a_rejected_one_accepted(ledger: Ledger) -> None:
    swap = {"accepted": "rejected", "rejected": "accepted", "open": "open"}
    assert take(ledger, edited(ledger, lambda row: row | {"judgement": swap[row["judgement"]]})).decided == 2
    assert holds(ledger, YOU) == {"A": "rejected", "B": "accepted"} and holds(ledger) == {"A": "open", "B": "open"}


def test_a_file_with_edits_can_be_imported_twice(ledger: Ledger) -> None:
    swap = {"accepted": "rejected", "rejected": "accepted", "open": "rejected"}
    text = edited(ledger, lambda row: row | {"judgement": swap[row["judgement"]]})
    assert take(ledger, text).decided == 4
    after = ledger.quads()
    assert take(ledger, text).decided == 0 and ledger.quads() == after
    ledger.decide(ME, A, Judgement.ACCEPTED, match=Match.CLOSE, target="codes", recorded=NOON)
    (made,) = take(ledger, edited(ledger, only("A", predicate_modifier="Not"))).decisions
    assert made.judgement is Judgement.REJECTED


def test_the_prefixes_of_the_store_are_known_without_a_header(ledger: Ledger) -> None:
    text = "subject_id,object_id,judgement\nkg:area/广州市,codes:A,accepted\n"
    assert take(ledger, text).decided == 1 and holds(ledger)["A"] == "accepted"


def test_the_match_is_edited(ledger: Ledger) -> None:
    text = edited(
        ledger, lambda row: row | {"predicate_id": "skos:exactMatch"} if row["judgement"] == "accepted" else row
    )
    (made,) = take(ledger, text).decisions
    assert made.subject == YOU and made.match is Match.EXACT


@pytest.mark.parametrize(
    ("cells", "judgement", "match"),
    [
        ({"predicate_id": "skos:exactMatch"}, Judgement.ACCEPTED, Match.EXACT),
        ({"predicate_id": "skos:closeMatch"}, Judgement.ACCEPTED, Match.CLOSE),
        ({"predicate_id": "http://www.w3.org/2004/02/skos/core#exactMatch"}, Judgement.ACCEPTED, Match.EXACT),
        ({"predicate_modifier": "Not"}, Judgement.REJECTED, Match.CLOSE),
        ({"predicate_id": "skos:exactMatch", "predicate_modifier": "Not"}, Judgement.REJECTED, Match.EXACT),
    ],
)
@pytest.mark.parametrize("column", [True, False])
def test_predicate_and_modifier_are_edited(
    ledger: Ledger, cells: Row, judgement: Judgement, match: Match, column: bool
) -> None:
    columns = COLUMNS if column else tuple(c for c in COLUMNS if c != "judgement")
    (made,) = take(ledger, edited(ledger, only("A", **cells), columns)).decisions
    assert (made.object, made.judgement, made.match) == (A, judgement, match)


def test_without_the_judgement_column_an_export_changes_nothing(ledger: Ledger) -> None:
    before = ledger.quads()
    take(ledger, edited(ledger, lambda row: row, tuple(c for c in COLUMNS if c != "judgement")))
    take(ledger, edited(ledger, lambda row: row, ("subject_id", "object_id", "judgement")))
    assert ledger.quads() == before


def test_no_term_found(ledger: Ledger) -> None:
    none = only(
        "A", object_id="sssom:NoTermFound", predicate_id="skos:exactMatch", judgement="accepted", mapping_tool=""
    )
    (made,) = take(ledger, edited(ledger, none)).decisions
    assert made.object == NO_TERM and holds(ledger) == {"A": "rejected", "B": "rejected", "NoTermFound": "accepted"}
    again = take(ledger, export(ledger))
    assert again.decided == 0
    ledger.undo()
    assert holds(ledger) == {"A": "open", "B": "open"}


def test_another_object_is_written_into_a_row(ledger: Ledger) -> None:
    """It keeps the tool of the row, and is a person's all the same: a run would take it away again."""
    (made,) = take(ledger, edited(ledger, only("A", object_id="codes:C", judgement="accepted"))).decisions
    assert made.object == f"{CODES.namespace}C" and made.manual
    assert holds(ledger) == {"A": "rejected", "B": "rejected", "C": "accepted"}


def test_what_a_run_has_not_found_again_is_not_taken_from_an_old_file(ledger: Ledger) -> None:
    def older(row: Row) -> Row:
        said = row["exported"].replace("codes:A", "codes:old").replace("codes:B", "codes:old")
        return row | {"object_id": "codes:old", "exported": said} if row["judgement"] != "accepted" else row

    before = ledger.quads()
    done = take(ledger, edited(ledger, older))
    assert (done.decided, done.added) == (0, 0) and ledger.quads() == before


def test_a_pair_that_is_not_known(ledger: Ledger) -> None:
    text = (
        "#curie_map:\n#  mine: 'https://w3id.org/gwr/id/'\nsubject_id\tpredicate_id\tobject_id\n"
        "mine:area/深圳市\tskos:exactMatch\thttps://example.org/codes/S\n"
    )
    (made,) = take(ledger, text).decisions
    assert made.subject == f"{DEFAULT_BASE}area/深圳市" and made.target == "codes"  # by the namespace


def test_into_another_store(ledger: Ledger) -> None:
    ledger.decide(ME, A, Judgement.ACCEPTED, match=Match.CLOSE, target="codes", reviewer="bob", recorded=NOON)
    other = Ledger(DEFAULT_BASE)
    done = take(other, export(ledger), reviewer="ann")
    assert done.added == 3 and done.decided == 1
    assert [d.reviewer for d in other.decisions.values() if d.manual] == ["bob"]
    assert {(d.subject, d.object, d.judgement, d.match) for d in other.accepted()} == {
        (d.subject, d.object, d.judgement, d.match) for d in ledger.accepted()
    }
    assert other.targets["codes"].namespace == CODES.namespace and other.targets["codes"].iri == CODES.iri
    store = ox.Store()
    write_ledger(store, other)
    assert read_ledger(store, DEFAULT_BASE).decisions == other.decisions
    other.undo()
    assert take(other, export(other)).decided == 0


def test_a_row_of_another_tool_is_a_decision_of_who_imports_it(ledger: Ledger) -> None:
    """So it can be taken back, and no run of that name will ever replace it."""
    cells = {"mapping_tool": "OpenRefine", "object_id": "codes:C", "judgement": "accepted", "exported": ""}
    (made,) = take(ledger, edited(ledger, only("A", **cells))).decisions
    assert made.manual and (made.reviewer, made.comment) == ("ann", "OpenRefine: so")
    taken = ledger.undo()
    assert taken is not None and taken.object.endswith("C")


def test_an_object_with_letters_of_all_kinds_into_another_store(ledger: Ledger) -> None:
    ledger.put(Decision(ME, f"{CODES.namespace}企业", "codes", Judgement.ACCEPTED, tool="table"))
    other = Ledger(DEFAULT_BASE)
    take(other, export(ledger))
    assert f"{CODES.namespace}企业" in {d.object for d in other.accepted()}


def test_an_export_is_a_copy_to_restore_from(ledger: Ledger) -> None:
    """Who decided, when, and on what, come back though neither the run nor the decision is there."""
    ledger.decide(ME, A, Judgement.ACCEPTED, match=Match.CLOSE, target="codes", reviewer="bob", recorded=EARLIER)
    ledger.none_of_these(YOU, "codes", reviewer="eve", recorded=NOON)
    text = export(ledger)
    only_people = "\n".join(line for line in text.split("\n") if "kg link divisions" not in line)
    other = Ledger(DEFAULT_BASE)
    assert take(other, only_people).restored == 2
    mine = {
        replace(d, object_label=" ".join(d.object_label.split()), imported=NOON)
        for d in ledger.decisions.values()
        if d.manual
    }
    assert set(other.decisions.values()) == mine
    assert take(other, only_people).decided == 0


def test_a_day_without_an_instant_is_kept_and_one_that_there_is_not_is_left_out(ledger: Ledger) -> None:
    ledger.decide(ME, A, Judgement.ACCEPTED, target="codes", recorded=EARLIER)
    for day, date, recorded in (("2025-06-01", "2025-06-01", NOON), ("2025-02-30", NOON[:10], NOON)):
        other = Ledger(DEFAULT_BASE)
        cells = {"recorded": "1.6.25 12:00", "mapping_date": day}
        take(other, edited(ledger, lambda row, new=cells: row | new))  # type: ignore[misc]
        (made,) = (d for d in other.decisions.values() if d.manual)
        assert (made.date, made.recorded) == (date, recorded)


def test_our_targets_have_their_names_in_another_store() -> None:
    ledger = Ledger(DEFAULT_BASE)
    ledger.add_target(TARGETS["geonames"])
    ledger.decide(ME, f"{TARGETS['geonames'].namespace}1/", Judgement.ACCEPTED, target="geonames", recorded=NOON)
    other = Ledger(DEFAULT_BASE)
    take(other, export(ledger))
    assert other.targets == ledger.targets


# an export that is older than the ledger ------------------------------------------------------------------------------


def people(ledger: Ledger) -> list[tuple[str, str, str]]:
    return sorted((d.object, d.judgement.value, d.reviewer) for d in ledger.decisions.values() if d.manual)


@pytest.mark.parametrize("object", [A, B])
@pytest.mark.parametrize("judgement", [Judgement.ACCEPTED, Judgement.REJECTED])
def test_rows_that_nobody_edited_change_nothing(ledger: Ledger, object: str, judgement: Judgement) -> None:
    text = export(ledger)
    ledger.decide(YOU, object, judgement, target="codes", reviewer="eve", recorded=NOON)
    before = ledger.quads()
    done = take(ledger, text)
    assert (done.decided, done.added, done.conflicts) == (0, 0, []) and ledger.quads() == before


def test_an_edited_row_yields_to_what_was_decided_since(ledger: Ledger) -> None:
    text = edited(ledger, only("A", judgement="accepted"))
    ledger.decide(ME, A, Judgement.REJECTED, target="codes", reviewer="eve", recorded=NOON)
    done = take(ledger, text)
    ((line, why),) = done.conflicts
    assert text.split("\n")[line - 1].split("\t")[5] == "codes:A"
    assert "名 A was rejected by eve" in why and people(ledger) == [(A, "rejected", "eve")]
    done = import_(ledger, text, file="d.tsv", reviewer="ann", recorded=NOON, overwrite=True)
    assert done.conflicts == [] and people(ledger) == [(A, "accepted", "ann")]


def test_an_edited_row_that_agrees_with_it_is_no_conflict(ledger: Ledger) -> None:
    text = edited(ledger, only("A", judgement="rejected"))
    ledger.decide(ME, A, Judgement.REJECTED, target="codes", reviewer="eve", recorded=NOON)
    assert take(ledger, text).conflicts == [] and people(ledger) == [(A, "rejected", "eve")]


def test_an_edited_row_goes_before_what_a_run_found_since(ledger: Ledger) -> None:
    text = edited(ledger, only("A", judgement="rejected"))
    ledger.put(replace(next(d for d in ledger.of(ME) if d.object == A), judgement=Judgement.ACCEPTED))
    assert take(ledger, text).conflicts == [] and people(ledger) == [(A, "rejected", "ann")]


@pytest.mark.parametrize("since", [B, NO_TERM])
def test_another_was_accepted_since(ledger: Ledger, since: str) -> None:
    text = edited(ledger, only("A", predicate_id="skos:exactMatch", judgement="accepted"))
    ledger.decide(ME, since, Judgement.ACCEPTED, target="codes", reviewer="eve", recorded=NOON)
    done = take(ledger, text)
    assert len(done.conflicts) == 1 and done.decided == 0 and people(ledger) == [(since, "accepted", "eve")]
    import_(ledger, text, file="d.tsv", reviewer="ann", recorded=NOON, overwrite=True)
    assert people(ledger) == [(A, "accepted", "ann")]


def test_a_near_one_beside_an_exact_one_is_none(ledger: Ledger) -> None:
    text = edited(ledger, only("A", predicate_id="skos:closeMatch", judgement="accepted"))
    ledger.decide(ME, B, Judgement.ACCEPTED, target="codes", reviewer="eve", recorded=NOON)
    assert take(ledger, text).conflicts == []
    assert people(ledger) == [(A, "accepted", "ann"), (B, "accepted", "eve")]


def test_another_is_chosen_in_the_file(ledger: Ledger) -> None:
    """Of the same thing and graph, what was accepted becomes rejected, and another accepted."""
    ledger.decide(ME, B, Judgement.ACCEPTED, target="codes", reviewer="eve", recorded=NOON)

    def change(row: Row) -> Row:
        return only("A", predicate_id="skos:exactMatch", judgement="accepted")(only("B", judgement="rejected")(row))

    done = take(ledger, edited(ledger, change))
    assert done.conflicts == []
    assert [each[:2] for each in people(ledger)] == [(A, "accepted"), (B, "rejected")]


def test_two_rows_that_cannot_both_hold(ledger: Ledger) -> None:
    def both(row: Row) -> Row:
        return (
            row | {"judgement": "accepted", "predicate_id": "skos:exactMatch"} if "area" in row["subject_id"] else row
        )

    before = ledger.quads()
    with pytest.raises(DataError, match=r"^d.tsv:\d+: line \d+ accepts another for the same thing"):
        take(ledger, edited(ledger, both))
    assert ledger.quads() == before


def test_what_a_person_decided_is_opened_again(ledger: Ledger) -> None:
    ledger.decide(ME, A, Judgement.ACCEPTED, target="codes", reviewer="eve", recorded=NOON)
    done = take(ledger, edited(ledger, only("A", judgement="open")))
    assert done.taken_back == 1 and not people(ledger) and holds(ledger) == {"A": "open", "B": "open"}


def test_what_was_exported_is_not_to_be_edited(ledger: Ledger) -> None:
    with pytest.raises(DataError, match="exported 'yes' is not as it was written"):
        take(ledger, edited(ledger, only("A", exported="yes")))


def test_a_file_without_that_column_is_compared_with_what_holds(ledger: Ledger) -> None:
    text = edited(ledger, lambda row: row, tuple(c for c in COLUMNS if c != "exported"))
    ledger.decide(YOU, A, Judgement.REJECTED, target="codes", reviewer="eve", recorded=NOON)
    assert take(ledger, text).decided == 1 and people(ledger) == [(A, "accepted", "ann")]


def test_to_open_again_yields_to_what_was_decided_since(ledger: Ledger) -> None:
    ledger.decide(ME, A, Judgement.ACCEPTED, target="codes", reviewer="ann", recorded=NOON)
    text = edited(ledger, only("A", judgement="open"))
    ledger.undo()
    ledger.decide(ME, A, Judgement.REJECTED, target="codes", reviewer="eve", recorded=NOON)
    done = take(ledger, text)
    assert (len(done.conflicts), done.taken_back) == (1, 0) and people(ledger) == [(A, "rejected", "eve")]
    assert import_(ledger, text, file="d", reviewer="ann", recorded=NOON, overwrite=True).taken_back == 1


def test_one_is_taken_back_and_another_accepted(ledger: Ledger) -> None:
    for first in (B, NO_TERM):
        it = replace_all(ledger)
        it.decide(ME, first, Judgement.ACCEPTED, target="codes", reviewer="eve", recorded=NOON)

        def change(row: Row) -> Row:
            if "area" not in row["subject_id"]:
                return row
            if row["object_id"] == "codes:A":
                return row | {"judgement": "accepted", "predicate_id": "skos:exactMatch"}
            return row | {"judgement": "open"} if row["judgement"] == "accepted" else row

        done = take(it, edited(it, change))
        assert done.conflicts == [] and people(it) == [(A, "accepted", "ann")]


def replace_all(ledger: Ledger) -> Ledger:
    """A ledger of the same decisions."""
    out = Ledger(ledger.base, targets=dict(ledger.targets))
    for decision in ledger.decisions.values():
        out.put(decision)
    return out


def test_another_object_in_the_row_of_a_persons_decision_is_a_decision_of_its_own(ledger: Ledger) -> None:
    """Not the old one of who decided then, and not of the old name."""
    ledger.decide(ME, A, Judgement.ACCEPTED, match=Match.CLOSE, target="codes", reviewer="eve", recorded=EARLIER)
    done = take(ledger, edited(ledger, only("A", object_id="codes:C")))
    (made,) = done.decisions
    assert (made.object[-1], made.reviewer, made.recorded, made.object_label) == ("C", "ann", NOON, "")
    assert done.restored == 0


def test_none_in_place_of_a_candidate_has_not_its_name(ledger: Ledger) -> None:
    (made,) = take(ledger, edited(ledger, only("A", object_id="sssom:NoTermFound", judgement="accepted"))).decisions
    assert (made.object, made.object_label, made.reviewer) == (NO_TERM, "", "ann")


def test_who_stood_in_a_row_that_is_edited_did_not_decide_it(ledger: Ledger) -> None:
    """Also where the store does not know the pair."""
    ledger.none_of_these(ME, "codes", reviewer="alice", recorded=NOON)
    text = edited(ledger, lambda row: row | {"judgement": "rejected"} if "NoTerm" in row["object_id"] else row)
    ledger.undo()
    (made,) = take(ledger, text, reviewer="bob").decisions
    assert (made.judgement, made.reviewer) == (Judgement.REJECTED, "bob")


def test_what_is_overwritten_is_counted(ledger: Ledger) -> None:
    text = edited(ledger, only("A", predicate_id="skos:exactMatch", judgement="accepted"))
    ledger.decide(ME, B, Judgement.ACCEPTED, target="codes", reviewer="eve", recorded=NOON)
    done = import_(ledger, text, file="d", reviewer="ann", recorded=NOON, overwrite=True)
    assert (done.overwritten, done.decided) == (1, 1)


def test_a_row_that_is_left_makes_no_room_for_another(ledger: Ledger) -> None:
    c = f"{CODES.namespace}C"
    ledger.put(replace(next(d for d in ledger.of(ME) if d.object == A), object=c))
    ledger.decide(ME, A, Judgement.ACCEPTED, match=Match.CLOSE, target="codes", reviewer="eve", recorded=NOON)

    def change(row: Row) -> Row:
        accept = {"judgement": "accepted", "predicate_id": "skos:exactMatch"}
        if "area" not in row["subject_id"] or row["object_id"] == "codes:B":
            return row
        return row | {"judgement": "rejected"} if row["object_id"] == "codes:A" else row | accept

    text = edited(ledger, change)
    ledger.undo()
    ledger.decide(ME, A, Judgement.ACCEPTED, target="codes", reviewer="eve", recorded=NOON)
    done = take(ledger, text)
    assert len(done.conflicts) == 2 and people(ledger) == [(A, "accepted", "eve")]


def test_an_import_is_taken_back_whatever_was_decided_since(ledger: Ledger) -> None:
    take(ledger, edited(ledger, only("A", judgement="rejected")))
    ledger.decide(YOU, B, Judgement.ACCEPTED, target="codes", reviewer="eve", recorded="2026-05-05T00:00:00Z")
    assert [d.object for d in ledger.undo_import()] == [A]
    assert people(ledger) == [(B, "accepted", "eve")] and ledger.undo_import() == []


def test_a_graph_that_is_no_iri_is_refused(ledger: Ledger) -> None:
    with pytest.raises(DataError, match="object_source '名' is no identifier"):
        take(ledger, edited(ledger, only("A", target="other", object_source="名")))


# other programs' hands ------------------------------------------------------------------------------------------------


def as_csv(text: str, delimiter: str, *, header: bool = True) -> str:
    """As a spreadsheet saves it: the lines of the header are cells, with empty ones beside them."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for line in text.rstrip("\n").split("\n"):
        if not line.startswith("#"):
            writer.writerow(next(csv.reader([line], delimiter="\t")))
        elif header:
            writer.writerow([line, *[""] * (len(COLUMNS) - 1)])
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_a_spreadsheet_saved_it(ledger: Ledger, delimiter: str, bom: str) -> None:
    text = edited(ledger, only("A", judgement="accepted", comment='a "quoted", and; split\tone'))
    (made,) = take(ledger, bom + as_csv(text, delimiter)).decisions
    assert (made.subject, made.object, made.match) == (ME, A, Match.CLOSE)


def test_line_ends_and_odd_characters(ledger: Ledger) -> None:
    text = edited(ledger, only("A", judgement="accepted", comment="a\u2028b\x85c\x0bd"))
    assert take(ledger, text.replace("\n", "\r\n")).decided == 1
    ledger.undo()
    assert take(ledger, text.replace("\n", "\r")).decided == 1


def test_a_cell_may_hold_lines_and_rows_may_be_empty_or_short(ledger: Ledger) -> None:
    text = (
        "#  a comment\nsubject_id\tobject_id\tjudgement\tcomment\n\n"
        f'{ME}\t{A}\taccepted\t"one\ntwo"\n\t\t\t\n{ME}\t{B}\trejected\n'
    )
    assert [(d.object, d.judgement.value) for d in take(ledger, text).decisions] == [(A, "accepted"), (B, "rejected")]


# what is wrong --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (f"{ME}\t{A}\tskos:exactMatch\t\tperhaps", "judgement 'perhaps' is none of accepted, rejected, open"),
        (f"{ME}\t{A}\tskos:broadMatch\t\taccepted", "predicate_id 'skos:broadMatch' is neither"),
        (f"{ME}\t{A}\towl:sameAs\t\t", "predicate_id 'owl:sameAs' is neither"),
        (f"{ME}\t{A}\t\t\t", "the row has neither a judgement nor a predicate_id"),
        (f"{ME}\t{A}\tskos:exactMatch\tMaybe\t", "predicate_modifier 'Maybe' is not 'Not'"),
        (f"area 51\t{A}\tskos:exactMatch\t\taccepted", "subject_id 'area 51' is no identifier with a known prefix"),
        (f"\t{A}\tskos:exactMatch\t\taccepted", "subject_id '' is no identifier"),
        (f"{ME}\tnowhere\tskos:exactMatch\t\taccepted", "object_id 'nowhere' is no identifier"),
        (f"{ME}\turn:x:1\tskos:exactMatch\t\taccepted", "which target 'urn:x:1' is of cannot be told"),
        (f"{ME}\t{CODES.namespace}N\tgwr:candidateMatch\t\topen", "a row that is open and names no tool"),
        (f"{YOU}\t{B}\tskos:exactMatch\t\topen\t1\t2\t3", "8 cells where the header has 5"),
        (f'{YOU}\t{B}\t"skos\t\topen', "unexpected end of data"),
    ],
)
def test_a_wrong_row_is_told_with_its_line_and_changes_nothing(ledger: Ledger, row: str, message: str) -> None:
    before, targets = ledger.quads(), dict(ledger.targets)
    head = "subject_id\tobject_id\tpredicate_id\tpredicate_modifier\tjudgement"
    good = f"{ME}\t{A}\tskos:exactMatch\t\taccepted"
    with pytest.raises(DataError) as raised:
        take(ledger, f"#mapping_set_id: x\n\n{head}\n{good}\n{row}\n")
    assert str(raised.value).startswith("d.tsv:5: ") and message in str(raised.value)
    assert ledger.quads() == before and ledger.targets == targets


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"confidence": "2"}, "confidence 2 does not lie between 0 and 1"),
        ({"confidence": "high"}, "could not convert"),
        ({"mapping_justification": "guessing"}, "mapping_justification 'guessing' is none of semapv"),
        ({"object_source": "https://example.org/else"}, "the target 'codes' is https://example.org/else, and"),
        ({"target": "no, no", "object_source": "urn:x:1"}, "target 'no, no' is no name of letters and digits"),
    ],
)
def test_a_wrong_cell_of_an_export_is_told(ledger: Ledger, cells: Row, message: str) -> None:
    before = ledger.quads()
    with pytest.raises(DataError, match=message):
        take(ledger, edited(ledger, only("A", **cells)))
    assert ledger.quads() == before


def test_a_new_target_of_a_wrong_file_is_not_kept(ledger: Ledger) -> None:
    head = "subject_id\tobject_id\tpredicate_id\tobject_source\ttarget"
    new = f"{ME}\turn:x:1\tskos:exactMatch\turn:x\tnew"
    with pytest.raises(DataError):
        take(ledger, f"{head}\n{new}\n{ME}\turn:y:1\tskos:exactMatch\t\t\n")
    assert list(ledger.targets) == ["codes"]
    assert take(ledger, f"{head}\n{new}\n").decided == 1 and ledger.targets["new"].iri == "urn:x"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there are no rows"),
        ("#only: a header\n", "there are no rows"),
        ("subject_id\tjudgement\n", "d.tsv:1: there is no column 'object_id'"),
        ("#x\nsubject_id\tobject_id\n", "d.tsv:2: there is neither a column 'judgement' nor 'predicate_id'"),
        ("PK\x03\x04", "there is no column 'subject_id'"),
    ],
)
def test_a_file_that_is_none(ledger: Ledger, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        take(ledger, text)


def test_a_persons_decision_is_not_undone_by_a_row_that_is_open(ledger: Ledger) -> None:
    text = export(ledger)
    ledger.decide(ME, A, Judgement.ACCEPTED, match=Match.CLOSE, target="codes", recorded=NOON)
    assert take(ledger, text).decided == 0
    assert holds(ledger)["A"] == "accepted"


def test_a_target_whose_key_is_another_graph_here(ledger: Ledger) -> None:
    other = Ledger(DEFAULT_BASE)
    other.add_target(replace(CODES, iri="https://example.org/another"))
    with pytest.raises(DataError, match=r"the target 'codes' is https://example\.org/codes, and"):
        take(other, export(ledger))
    assert not other.decisions
