"""What a report's own area adopts, receives and hosts, where learnt weights know better than the rules.

Rules (:mod:`~kg.extract.relations`) tell from a verb and its subject that an area carries out a policy, has got an
honour or holds an event.  They stay silent where the verb is another one ("“上林模式”为重点"), and speak where what is
named is hardly a policy ("推进“医养结合”").  So of every name of such a class the traits are added up: what the rules
say, the words before, behind and in it, what else stands in its clause.  Where the sum is well above zero at one of the
places where it is named a relation is stated, and where it is well below at all of them it is taken back.  The weights
(``relation_weights.tsv``, by ``tools/relation_weights.py``) are learnt by logistic regression from annotated reports,
and hold general vocabulary only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.extract.drafts import Draft
from kg.extract.names.candidates import Candidate
from kg.extract.names.doubted import ways_of
from kg.extract.names.spans import Word, vocabulary
from kg.extract.words import Words
from kg.kept import kept_on_disk
from kg.model import EntityClass as C
from kg.model import Predicate, Span
from kg.resources import table

if TYPE_CHECKING:
    from kg.extract.rel_reading import Clause

#: the classes of what is adopted, received and hosted
CLASSES: Final = {Predicate.ADOPTS: C.POLICY, Predicate.RECEIVED: C.HONOUR, Predicate.HOSTS: C.EVENT}
#: lists of words that tell of such relations, or of their not being so yet
_CUES = (
    *("adopt-verb", "begin-verb", "not-adopted", "plan-aim", "higher-actor", "works-verb", "complete-verb"),
    *("receive-verb", "reach-verb", "strive-verb", "grant-verb", "keep-verb", "intend-verb"),
    *("host-verb", "stage-verb", "takes-place"),
)
#: what the rules say: the own area does, another one does, nothing
OWN, OTHER, NONE = "own", "other", "no"
#: only a sum so far from zero overrules the rules
MARGIN = 0.3
#: so many words before and behind a name are told
_NEAR = 3
_QUOTES = '“"‘《「'


class Place(NamedTuple):
    """Where a thing is named that may be adopted, received or hosted."""

    draft: Draft
    #: the clause, which says what is stated
    span: Span
    #: what the rules say
    ruled: str
    traits: list[str]


def traits(words: Words, clause: Clause, c: Candidate, draft: Draft, predicate: Predicate, ruled: str) -> list[str]:
    """What can be told of a name and of the clause that it stands in, as names of traits.

    ``ruled`` is what the rules say of the thing: OWN, OTHER or NONE.
    """
    row = clause.row
    first = next((k for k, u in enumerate(row) if u.end > c.span.begin), len(row) - 1)
    last = next((k for k in range(len(row) - 1, -1, -1) if row[k].begin < c.span.end), first)
    known = vocabulary()
    told = [known[u.kind, u.text, u.tag] for u in row]
    part = clause.scene.part.value
    found = ["always", f"ruled {ruled}", f"part {part}", f"ruled {ruled} part {part}"]
    for way in ways_of(c.rule):
        found += (f"way {way}", f"ruled {ruled} way {way}")
    found += [f"class {name.value}" for name in sorted(draft.classes)]
    found += [f"only {name.value}" for name in sorted(draft.classes) if len(draft.classes) == 1]
    if draft.guessed:
        found.append(f"guessed ruled {ruled}")
    found.append(f"length {min(len(c.span), 12)}")
    opening = row[first].text[:1]
    found.append("quoted whole" if opening in _QUOTES and first == last else f"opens {opening in _QUOTES}")
    found += [f"named {min(len(draft.spans), 3)}"]
    for k in range(first, last + 1):
        found += (f"holds {told[k].said}", f"holds group {told[k].group}")
    found += _of(told[last], "last")
    found += _of(told[first], "first")
    for n in range(1, _NEAR + 1):
        found += _of(told[first - n], f"before {n}") if first - n >= 0 else [f"before {n} begin"]
        found += _of(told[last + n], f"after {n}") if last + n < len(told) else [f"after {n} end"]
    for side, ks in (("ahead", range(first - 1, -1, -1)), ("behind", range(last + 1, len(row)))):
        verb = next((told[k] for k in ks if row[k].kind == "verb" or told[k].tag == "v"), None)
        if verb is None:
            found.append(f"verb {side} none")
        else:
            found += [*_of(verb, f"verb {side}"), f"ruled {ruled} verb {side} {verb.said}"]
        found += [f"{side} says {told[k].said}" for k in ks]
        texts = {row[k].text for k in ks} | {row[k].text[2:] for k in ks if len(row[k].text) == 4}
        hit = [cue for cue in _CUES if not words.cues[cue].isdisjoint(texts)]
        found += [f"cue {side} {cue}" for cue in hit]
        found += [f"cue {side} {cue} ruled {ruled}" for cue in hit]
        found += [f"cue {side} {cue} part {part}" for cue in hit]
    others = [o for o in clause.candidates if o is not c]
    before = [o for o in others if o.span.end <= c.span.begin]
    if before:
        found += [f"opened by {name.value}" for name in sorted(before[0].classes)]
    else:
        found.append("opened by none")
    found += [f"among {name.value}" for name in sorted({name for o in others for name in o.classes})]
    found.append(f"number {min(len(others), 4)}")
    return [f"{predicate.value} {trait}" for trait in dict.fromkeys(found)]


def _of(word: Word, place: str) -> tuple[str, str, str]:
    return f"{place} {word.said}", f"{place} group {word.group}", f"{place} kind {word.kind}"


def asked(draft: Draft) -> Iterator[Predicate]:
    """What may be said of a thing and the report's own area."""
    if not draft.own_area:
        for predicate, name in CLASSES.items():
            if name in draft.classes:
                yield predicate


@kept_on_disk
def weights() -> dict[str, float]:
    """By trait: what it says for such a relation."""
    return {trait: float(weight) for trait, weight in table("relation_weights.tsv", "trait", "weight")}
