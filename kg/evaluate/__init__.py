"""Measuring as a library: what was extracted from a report, held against what a careful reader annotated.

:mod:`~kg.evaluate.gold` reads an annotation, :mod:`~kg.evaluate.scoring` compares an extraction with it,
:mod:`~kg.evaluate.reports` goes from files to results, which fall into :mod:`~kg.evaluate.groups`;
:mod:`~kg.evaluate.tables` shows them,
:mod:`~kg.evaluate.runs` says what changed since the last run, :mod:`~kg.evaluate.gate` holds the floors, and
:mod:`~kg.evaluate.measuring` is one run of the command.
"""

from __future__ import annotations

from kg.evaluate.gate import Baseline, FloorError, Pinned, complaints, default_baseline, raised
from kg.evaluate.gold import Gold, Source, folded, load_gold
from kg.evaluate.groups import Group, means
from kg.evaluate.measuring import Measuring, change_lines, miss_lines
from kg.evaluate.reports import (
    Result,
    default_golds,
    evaluate,
    golds_in,
    left_out,
    own_golds,
    report_of,
    results_of,
    seed_golds,
    shared_folder,
    text_of,
    texts_for,
)
from kg.evaluate.runs import LAST_RUN, Change, Run, changes, run_of
from kg.evaluate.scoring import MEASURES, Miss, Scores, Share, Tally, likeness, score, together
from kg.evaluate.tables import (
    as_json,
    class_table,
    fault_table,
    group_precision_table,
    grouped_table,
    groups_as_json,
    main_table,
    means_table,
    precision_table,
)

__all__ = [
    "LAST_RUN",
    "MEASURES",
    "Baseline",
    "Change",
    "FloorError",
    "Gold",
    "Group",
    "Measuring",
    "Miss",
    "Pinned",
    "Result",
    "Run",
    "Scores",
    "Share",
    "Source",
    "Tally",
    "as_json",
    "change_lines",
    "changes",
    "class_table",
    "complaints",
    "default_baseline",
    "default_golds",
    "evaluate",
    "fault_table",
    "folded",
    "golds_in",
    "group_precision_table",
    "grouped_table",
    "groups_as_json",
    "left_out",
    "likeness",
    "load_gold",
    "main_table",
    "means",
    "means_table",
    "miss_lines",
    "own_golds",
    "precision_table",
    "raised",
    "report_of",
    "results_of",
    "run_of",
    "score",
    "seed_golds",
    "shared_folder",
    "text_of",
    "texts_for",
    "together",
]
