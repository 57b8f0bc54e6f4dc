"""Members of one list are things of one kind: what the others all are, a member is, too."""

from __future__ import annotations

from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.learned import LEARNED
from kg.model import EntityClass as C

#: how many others have to be projects, so that a member is one; and how many of another class, so that it is that
_PROJECTS, _OTHERS = 2, 3
#: the characters that tell the level of a village or quarter
_LEVEL = 2
#: what a member is whatever the others are
_LASTING = frozenset((C.ADMINISTRATIVE_AREA, C.PERSON, C.EVENT, C.HONOUR, C.POLICY))
#: what a member is that only the network has found, if the others are
_TOLD = (C.ENTERPRISE, C.ORGANIZATION, C.PERSON)


def alike(scene: Scene) -> None:
    """Make of the members of each list what all others are: a project; if the network alone has found it, a company."""
    for members in _lists(scene):
        for c in members:
            others = [o for o in members if o is not c]
            if len(others) < _PROJECTS:
                break
            shared = frozenset.intersection(*(frozenset(o.classes) for o in others))
            if C.PROJECT in shared and c.classes.isdisjoint(_LASTING) and not c.rule.startswith("known"):
                c.classes |= {C.PROJECT}
            told = next((each for each in _TOLD if each in shared), None)
            if told is not None and len(others) >= _OTHERS and c.rule == LEARNED and told not in c.classes:
                c.classes = frozenset((told,)) | (frozenset(c.classes) & {C.PROJECT})


def placed(scene: Scene) -> None:
    """What the first of a list of villages or quarters lies in, the others lie in: "向阳区林机社区、|育才社区"."""
    nested = {c.span.begin: c for c in scene.candidates if c.nested and C.ADMINISTRATIVE_AREA in c.classes}
    if not nested:
        return
    behind = {unit.begin: unit.end for unit in scene.row if unit.kind in ("enum", "conj")}
    place = ending = ""
    last = -1
    for c in scene.candidates:
        if c.nested or C.ADMINISTRATIVE_AREA not in c.classes:
            continue
        own = nested.get(c.span.begin)
        if own is not None and own.span.end < c.span.end:
            place = own.name
        elif behind.get(last) == c.span.begin and place and not c.wholes and c.name[-_LEVEL:] == ending:
            c.wholes = (place,)
        else:
            place = ""
        ending, last = c.name[-_LEVEL:], c.span.end


def _lists(scene: Scene) -> list[list[Candidate]]:
    """The candidates that stand one behind the other with a separator between them."""
    behind = {unit.begin: unit.end for unit in scene.row if unit.kind in ("enum", "conj")}
    found: list[list[Candidate]] = []
    row: list[Candidate] = []
    for c in scene.candidates:
        if c.nested:
            continue
        if row and behind.get(row[-1].span.end) != c.span.begin:
            found.append(row)
            row = []
        row.append(c)
    found.append(row)
    return [row for row in found if len(row) > _PROJECTS]
