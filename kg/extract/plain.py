"""A plain copy of a report for the rules to read, and the way back to the report as it stands.

Some texts hide their words from word lists and patterns: one copied out of a PDF breaks its lines inside names and
figures ("海珠\\n区", "363.\\n15亿元"), others put spaces around figures ("1093 亿元"), others are in traditional
characters.  The rules read a copy without the breaks and spaces, in simplified characters; what they find is put back
to the offsets of the report.  So every quotation is the text itself, that of a figure too, with the break in it; names
stand as in the text, without the break.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace

from kg.model import Entity, Extraction, Observation, Report, Sentence, Span
from kg.patterns import compiled

_SPACE = compiled(r"\s+")
#: the decimals of a number whose point a space follows, with their unit
_DECIMAL = compiled(r"\d{1,3} ?[%万亿千百元公平吨亩倍米个]")
_MARKS = frozenset("。,，、;:!?()《》“”%")
#: characters from the middle of a report by which its script is told; of a traditional one a quarter differ
_SAMPLE, _DIFFERENT = 400, 0.05


@dataclass(frozen=True, slots=True)
class Plain:
    """The plain copy of a report, and the way back."""

    report: Report
    original: Report
    #: the text of the copy in the characters of the original
    text: str
    #: where something was cut from the copy, and how much up to there
    places: tuple[int, ...]
    removed: tuple[int, ...]

    def back(self, span: Span) -> Span:
        """The stretch of the original that a span of the copy stands for."""
        return Span(self._old(span.begin), self._old(span.end - 1) + 1)

    def _old(self, offset: int) -> int:
        at = bisect_right(self.places, offset)
        return offset + (self.removed[at - 1] if at else 0)

    def restore(self, found: Extraction) -> Extraction:
        """What was found in the copy, as found in the original."""
        names = {e.name: self._name(e) for e in found.entities} if self.text != self.report.text else {}
        return replace(
            found,
            report=self.original,
            entities=tuple(self._entity(e, names.get(e.name, e.name)) for e in found.entities),
            observations=tuple(self._observation(o, names) for o in found.observations),
            relations=tuple(
                replace(
                    r,
                    subject=names.get(r.subject, r.subject),
                    object=names.get(r.object, r.object),
                    mentions=self._spans(r.mentions),
                )
                for r in found.relations
            ),
        )

    def _spans(self, mentions: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(self.back(span) for span in mentions)

    def _name(self, entity: Entity) -> str:
        """The name in the characters of the text; an area keeps the one by which all reports know it."""
        if entity.qualified is not None:
            return entity.name
        for span in entity.mentions:
            at = self.report.text.find(entity.name, span.begin, span.end)
            if at >= 0:
                return self.text[at : at + len(entity.name)]
        return self._as_written(entity.name)

    def _entity(self, entity: Entity, name: str) -> Entity:
        aliases = entity.aliases
        if self.text != self.report.text:
            aliases = tuple(sorted({*map(self._as_written, aliases), entity.name} - {name}))
        return replace(entity, name=name, aliases=aliases, mentions=self._spans(entity.mentions))

    def _as_written(self, words: str) -> str:
        at = self.report.text.find(words)
        return words if at < 0 else self.text[at : at + len(words)]

    def _observation(self, o: Observation, names: dict[str, str]) -> Observation:
        # the quotation is the text itself: what the copy leaves out of a figure stands in it
        said = next(self.back(m) for m in o.mentions if m.quote(self.report.text) == o.value_text)
        area = names.get(o.area, o.area) if o.area is not None else None
        value_text = said.quote(self.original.text)
        return replace(o, area=area, value_text=value_text, mentions=self._spans(o.mentions))


def plain(report: Report) -> Plain | None:
    """The plain copy of a report, None where the report is plain itself.

    Left out are line breaks inside sentences (between two words in Latin letters they become a space, elsewhere
    nothing: Chinese is written without) and spaces between a figure or a mark and what it stands beside, or inside a
    figure (19. 3%).
    """
    cuts = _cuts(report)
    script = _script(report)
    if not cuts and not script:
        return None
    norm = report.norm
    places: list[int] = []
    removed: list[int] = []
    texts: list[str] = []
    norms: list[str] = []
    last = total = 0
    for begin, end in cuts:
        kept = norm[begin - 1].isspace()
        texts.append(report.text[last : begin - kept] + " " * kept)
        norms.append(norm[last : begin - kept] + " " * kept)
        total += end - begin
        places.append(end - total)
        removed.append(total)
        last = end
    text = "".join([*texts, report.text[last:]])
    norm = "".join([*norms, norm[last:]])
    simple = "".join(b if _is_han(a) else a for a, b in zip(text, norm, strict=True)) if script else text
    begins = [begin for begin, _ in cuts]

    def new(offset: int) -> int:
        at = bisect_right(begins, offset) - 1
        return offset if at < 0 else max(places[at], offset - removed[at])

    def moved(span: Span) -> Span:
        return Span(new(span.begin), new(span.end))

    copy = replace(
        report,
        text=simple,
        norm=norm,
        speaker=report.speaker.translate(script) if report.speaker else None,
        body=moved(report.body),
        sections=tuple(
            replace(s, span=moved(s.span), heading=moved(s.heading) if s.heading else None) for s in report.sections
        ),
        sentences=tuple(Sentence(moved(s.span), s.section) for s in report.sentences),
        header={name: moved(span) for name, span in report.header.items()},
    )
    return Plain(copy, report, text, tuple(places), tuple(removed))


def _cuts(report: Report) -> list[tuple[int, int]]:
    """What is to be left out of the sentences."""
    norm = report.norm
    cuts: list[tuple[int, int]] = []
    for sentence in report.sentences:
        for match in _SPACE.finditer(norm, sentence.span.begin + 1, sentence.span.end - 1):
            begin, end = match.span()
            before, after = norm[begin - 1], norm[end]
            if not match.group().strip(" "):  # spaces, and no line break
                if _goes_on(before, after) or (
                    before == "." and _DECIMAL.match(norm, end) and _is_point(norm, begin - 1)
                ):
                    cuts.append((begin, end))
            elif _is_latin(before) and _is_latin(after):
                cuts.append((begin + 1, end))  # one character of it is kept, as a space
            else:
                cuts.append((begin, end))
    return cuts


def _is_point(norm: str, at: int) -> bool:
    """Whether the point belongs to a number that words lead up to ("增长19. 3%"), not to an item of a list."""
    begin = at
    while begin and norm[begin - 1].isdigit():
        begin -= 1
    if norm[begin - 1 : begin] == " ":
        begin -= 1
    return begin < at and begin > 0 and _is_han(norm[begin - 1])


def _goes_on(before: str, after: str) -> bool:
    """Whether a space between the two characters parts nothing: "1093 亿元 ,", but not "10 20" nor "李明 王芳"."""
    if before.isdigit() or before in _MARKS:
        return _is_han(after) or after in _MARKS
    return _is_han(before) and (after.isdigit() or after in _MARKS)


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _is_han(char: str) -> bool:
    return "一" <= char <= "鿿"


def _script(report: Report) -> dict[int, str]:
    """The simplified character for each traditional one of the text, as the normalised text has them."""
    middle = (report.body.begin + report.body.end) // 2
    sample = slice(max(0, middle - _SAMPLE // 2), middle + _SAMPLE // 2)
    pairs = list(zip(report.text[sample], report.norm[sample], strict=True))
    different = sum(one != other and _is_han(one) for one, other in pairs)
    if different <= _DIFFERENT * len(pairs):
        return {}
    return {ord(a): b for a, b in zip(report.text, report.norm, strict=True) if a != b and _is_han(a)}
