"""The gate: floors under the scores of every annotated report, in ``baseline.json``.

The seed report's annotation stands beside its text in ``seeds/``.  The cuttings of other reports are not part
of the project; they are read from the folder that the environment variable ``KG_SHARED`` names (``../shared``
beside the checkout by default) and left out, with a word about it, where that is not there.  So are the texts of the
project's own annotations in ``annotations/``.
"""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared")
BASELINE = Path(__file__).with_name("baseline.json")
CUTTINGS = ("nanshan-2021", "guangzhou-2003", "hailar-2016", "futian-2014", "guangdong-2008")

#: annotation by name of the report; not all of them need to be there
GOLDS = {
    "haizhu-2011": ROOT / "seeds" / "haizhu-2011.gold.json",
    **{name: SHARED / "evaluation" / "gold" / f"{name}.json" for name in CUTTINGS},
}

#: the project's own annotations; their texts need not be there
OWN = {path.stem: path for path in sorted(Path(__file__).with_name("annotations").glob("*.json"))}
