"""Every numeral of many reports accounted for: what ``kg coverage`` prints.

The rules are those of :mod:`kg.extract.coverage`; here they are applied to files, and what they leave
unaccounted is shown in its sentence.  A file that cannot be read costs none of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import KgError
from kg.pipeline import Progress, collect, extraction_of, failures_as_json, for_each

if TYPE_CHECKING:
    from kg.extract.coverage import Tally
    from kg.model import Report, Span
    from kg.text.metadata import Given


@dataclass(frozen=True, slots=True)
class Unaccounted:
    """A numeral that no rule explains; ``begin`` and ``end`` are its place in the text of the report."""

    file: Path
    begin: int
    end: int
    sentence: str
    #: where the numeral begins in the sentence
    at: int

    @property
    def text(self) -> str:
        """The numeral as it stands."""
        return self.sentence[self.at : self.at + self.end - self.begin]

    def around(self, reach: int) -> tuple[str, str]:
        """What stands before and behind it in the sentence, at most ``reach`` characters of either."""
        last = self.at + self.end - self.begin
        before, behind = self.sentence[max(self.at - reach, 0) : self.at], self.sentence[last : last + reach]
        return ("…" if self.at > reach else "") + before, behind + ("…" if last + reach < len(self.sentence) else "")

    def as_json(self) -> dict[str, Any]:
        """Everything, for programs."""
        return {"numeral": self.text, "begin": self.begin, "end": self.end, "sentence": self.sentence, "at": self.at}


@dataclass(frozen=True, slots=True)
class Covered:
    """What became of the numerals of one report."""

    file: Path
    tally: Tally
    unaccounted: tuple[Unaccounted, ...]


@dataclass(slots=True)
class Coverage:
    """What became of the numerals of all reports that could be read, and what was wrong with the others."""

    reports: list[Covered] = field(default_factory=list)
    failures: list[KgError] = field(default_factory=list)

    @property
    def tally(self) -> Tally:
        """The counts of all reports together."""
        from kg.extract.coverage import Tally

        total = Tally()
        for covered in self.reports:
            total.add(covered.tally)
        return total

    @property
    def unaccounted(self) -> list[Unaccounted]:
        """The numerals that no rule explains, by report and place."""
        return [numeral for covered in self.reports for numeral in covered.unaccounted]

    def as_json(self, *, unaccounted: bool = False, rules: bool = False) -> dict[str, Any]:
        """The counts; with the numerals that are unaccounted, with the counts by rule where these are asked for."""
        tally = self.tally
        reports: list[dict[str, Any]] = []
        for covered in self.reports:
            reports.append({"file": str(covered.file), "numerals": covered.tally.as_json()})
            if unaccounted:
                reports[-1]["unaccounted"] = [numeral.as_json() for numeral in covered.unaccounted]
        data = {"reports": reports, "failures": failures_as_json(self.failures), "numerals": tally.as_json()}
        if rules:
            data["rules"] = [{"class": kind.value, "rule": rule, "numerals": n} for kind, rule, n in tally.rules()]
        return data


def cover(
    paths: Sequence[str | Path] = (),
    *,
    segmenter: str = "rjieba",
    given: Given | None = None,
    force: bool = False,
    on_progress: Progress | None = None,
) -> Coverage:
    """Account for the numerals of the reports that the paths stand for, which :func:`kg.pipeline.collect` says."""
    from kg.extract.coverage import NumeralClass, Tally, account

    files, failures = collect(paths)
    result = Coverage(failures=failures)

    def one(file: Path) -> None:
        extraction = extraction_of(file, segmenter=segmenter, given=given, force=force)
        numerals = account(extraction)
        left = (n.span for n in numerals if n.kind is NumeralClass.UNACCOUNTED)
        shown = tuple(_unaccounted(file, extraction.report, span) for span in left)
        result.reports.append(Covered(file, Tally(numerals), shown))

    result.failures += for_each(files, one, on_progress)
    return result


def _unaccounted(file: Path, report: Report, span: Span) -> Unaccounted:
    begin, end = span.begin, span.end
    if sentence := report.sentence_at(begin):
        begin, end = sentence.span.begin, max(sentence.span.end, end)
    else:  # what stands between two sentences is shown in its line
        begin = report.text.rfind("\n", 0, begin) + 1
        after = report.text.find("\n", end)
        end = after if after >= 0 else len(report.text)
    return Unaccounted(file, span.begin, span.end, report.text[begin:end], span.begin - begin)
