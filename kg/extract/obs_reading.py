"""What is known while the figures of a report are read: shared by those who read them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from typing import NamedTuple

from kg.extract import obs_names
from kg.extract.lexicon import Tokens
from kg.extract.obs_frames import Stretch
from kg.extract.obs_words import ObsWords, obs_words
from kg.extract.periods import PeriodMention
from kg.extract.quantities import Quantity
from kg.model import EntityClass, Measure, Report, Section, Span
from kg.patterns import compiled

#: kinds of figures of what has a size or a number, and is done bit by bit; of money as much is told of a year
SIZES = frozenset(("count", "person", "area", "length"))

Place = tuple[Span, str, frozenset[EntityClass]]


class State:
    """What the clauses read so far leave to the next."""

    def __init__(self) -> None:
        #: subjects of the paragraph's last sentence and of this one, each once, in order
        self.history: list[str] = []
        #: subjects of the last clause that had figures
        self.group: list[str] = []
        self.topic = ""
        #: what the sentence says that it is about: 装备制造产业|方面,…
        self.about = ""
        self.verbs = ""
        #: the verb of the list that is read, with the clause that it stands in: 新增|孵化器2家、创客空间3家
        self.lead: tuple[int, str] = (-1, "")
        #: that of the figure before
        self.before: tuple[int, str] = (-1, "")
        #: the verb that the figure read last has of its list
        self.led = ""
        #: where the sentence begins in which things were counted last, by what, and what they are
        self.counted: tuple[int, str, str] = (-1, "", "")
        self.period: str | None = None
        self.period_known = False
        self.base: str | None = None
        #: what the sentence compares everything with: 与2010年相比,…
        self.against: str | None = None
        #: the periods of the pair of levels that this sentence gives, and of the last one given
        self.pair: tuple[str | None, str | None] | None = None
        self.former: tuple[str | None, str | None] | None = None
        self.area: str | None = None
        #: what took the place that was told last in the sentence
        self.ranked = ""
        #: an enterprise or a facility that the clause before spoke of
        self.holder: str | None = None
        #: an enterprise or a facility that the figures of the clause before are of
        self.figured: str | None = None
        #: the park or zone that the sentence opens with, and so is about
        self.opener: str | None = None
        #: whether the area is that of a clause without figures
        self.owned = False
        self.share = ""
        #: the share that was told last, with the sentence: 占全市的57%
        self.portion: tuple[tuple[int, int], str] = (-1, -1), ""
        self.source = False
        #: the period of the clause alone
        self.local: str | None = None
        self.local_known = False

    def name(self, subject: str) -> None:
        """Note that a subject was named last."""
        if subject:
            if subject in self.history:
                self.history.remove(subject)
            self.history.append(subject)


class Draft(NamedTuple):
    """A figure with what was found out about it; ``area`` is None where it is the report's own."""

    quantity: Quantity
    name: str
    measure: Measure
    negative: bool
    period: str | None
    area: str | None


#: a count at the end of a name, which is none of it
_COUNTED_END = compiled(r"\d[\d.]*[十百千万亿]*[^\d,，、。]{1,3}$")


class Reading:
    """A report, its named things, and how far the reading has come."""

    def __init__(
        self,
        report: Report,
        norm: str,
        tokens: Tokens,
        places: Sequence[Place],
        without: Collection[str] = (),
    ) -> None:
        self.without = without
        self.report = report
        self.norm = norm
        self.words = obs_names.Words(tokens)
        self.lists: ObsWords = obs_words()
        self.places: dict[int, Place] = {}
        for place in places if "figures.areas" not in without else ():
            known = self.places.get(place[0].begin)
            if known is None or len(known[0]) < len(place[0]):
                self.places[place[0].begin] = place
        # an honour runs up to the end of its clause, with the figure that may stand there: 获评优秀奖3件
        self.named = sorted(
            (p[0].begin, p[0].end)
            for p in places
            if EntityClass.HONOUR not in p[2] or not _COUNTED_END.search(norm, p[0].begin, p[0].end)
        )
        self.state = State()
        self.section: Section | None = None
        self.sentence = (0, 0)
        self.periods: list[PeriodMention] = []
        self.clause_begin = self.clause_end = 0
        self.holes: list[tuple[int, int]] = []  # of the clause: what is left out of wordings
        self.cut: list[tuple[int, int]] = []  # where its figures are that measure something
        self.left = Stretch("", [])
        self.seasonal = False  # the period is a part of the year that the sentence names: 截至4月底
        self.begun = 0  # how many of the history's names are from sentences before
        self.grown = False  # a growth has been told in the sentence
        self.growing = False  # and it was the last that has been told

    def names_in(self, begin: int, end: int) -> list[tuple[int, int]]:
        """The names that begin in a stretch."""
        i = bisect_left(self.named, (begin, 0))
        result = []
        while i < len(self.named) and self.named[i][0] < end:
            result.append(self.named[i])
            i += 1
        return result


class Sharing:
    """Who reads a report with others: what all of them share, and what of it stays the same at hand."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.lists = reading.lists
        self.norm = reading.norm
        self.places = reading.places
        self.report = reading.report
        self.without = reading.without
        self.words = reading.words
