"""All checks over a store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Store

from kg.audit.checks import CHECKS, Finding, Outcome
from kg.audit.figures import Figure, read_figures
from kg.errors import KgError


@dataclass(frozen=True, slots=True)
class Audit:
    """What the checks found: ``figures`` is how many figures the store has, ``findings`` sorted for reading."""

    figures: int
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> dict[str, Counter[Outcome]]:
        """How many findings of each outcome each check has."""
        out = {name: Counter[Outcome]() for name in CHECKS}
        for finding in self.findings:
            out[finding.check][finding.outcome] += 1
        return out

    def as_json(self) -> dict[str, Any]:
        """As ``kg audit --json`` prints it."""
        return {
            "figures": self.figures,
            "counts": {
                check: {outcome.value: number for outcome, number in sorted(counter.items())}
                for check, counter in self.counts.items()
            },
            "findings": [finding_as_json(finding) for finding in self.findings],
        }


def finding_as_json(finding: Finding) -> dict[str, Any]:
    """One finding with all its figures and quotations."""
    return {
        "check": finding.check,
        "outcome": finding.outcome.value,
        "area": finding.area,
        "indicator": finding.indicator,
        "period": finding.period,
        "told": finding.told,
        "found": finding.found,
        "across": finding.across,
        "gap": None if finding.gap is None else float(finding.gap),
        "figures": [_figure_as_json(figure) for figure in finding.figures],
    }


def _figure_as_json(figure: Figure) -> dict[str, Any]:
    place = figure.places[0]
    return {
        "observation": figure.iri,
        "text": figure.text,
        "period": figure.period or None,
        "measure": figure.measure,
        "modality": figure.modality,
        "report": figure.report,
        "reportName": figure.report_name,
        "begin": place.begin,
        "end": place.end,
        "sentence": place.sentence,
    }


def audit(store: Store, *, checks: Collection[str] = (), area: str | None = None) -> Audit:
    """Run the checks, all or those of the names, on the figures of all areas or of one, by any part of its name.

    Raises :class:`KgError` for a check that there is not.
    """
    if unknown := sorted(set(checks) - CHECKS.keys()):
        raise KgError(f"there is no check {unknown[0]!r}", hint="checks: " + ", ".join(CHECKS))
    figures = read_figures(store)
    if area is not None:
        figures = [figure for figure in figures if area in figure.area_name]
    order = list(Outcome)
    findings = [finding for name, check in CHECKS.items() if not checks or name in checks for finding in check(figures)]
    findings.sort(
        key=lambda f: (
            -order.index(f.outcome),
            f.across,
            list(CHECKS).index(f.check),
            f.area,
            f.indicator,
            f.period,
            [figure.iri for figure in f.figures],
        )
    )
    return Audit(len(figures), tuple(findings))
