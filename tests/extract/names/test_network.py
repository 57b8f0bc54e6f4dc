"""The network of names: its file, what it is asked, and that its sums are those of whole numbers."""

from __future__ import annotations

import re
from base64 import b64decode
from collections import defaultdict
from functools import lru_cache
from math import prod

import numpy as np
import pytest

from kg.extract.lexicon import tokenize
from kg.extract.names import network, reckoning
from kg.extract.names.finder import Finder
from kg.extract.names.network import Judged, judged, of_place, whole
from kg.extract.names.reckoning import Network
from kg.extract.names.spans import Sight, groups
from kg.extract.names.told import OF_STRETCH, OF_WORD, TOLD, WORDS
from kg.resources import folder, table
from kg.text.reader import make_report, read_report
from kg.text.segment import _MAX_SENTENCE as MOST_SIGNS

ROWS = table(reckoning.FILE, "part", "key", "size", "values", "source")
#: below this whole numbers are floats of 32 bits, each as it is
EXACT = 2**24

HEAD = "东河区2011年政府工作报告\n区长 李明\n各位代表：\n一、2010年工作回顾\n"


@pytest.fixture(scope="module")
def net() -> Network:
    return reckoning.network()


@pytest.fixture(scope="module")
def sights() -> list[Sight]:
    report = read_report(folder("seeds") / "haizhu-2011.txt")
    finder = Finder(report, report.norm, tokenize(report.norm))
    return [Sight(finder.ctx, scene) for scene in finder.sentences()]


def seen(text: str) -> list[Sight]:
    report = make_report(HEAD + text, source="", sha256="")
    finder = Finder(report, report.norm, tokenize(report.norm))
    return [Sight(finder.ctx, scene) for scene in finder.sentences()]


def test_every_number_of_the_file_is_there_once() -> None:
    assert len({(part, key) for part, key, *_ in ROWS}) == len(ROWS)
    sizes = defaultdict(set)
    for part, _, size, values, source in ROWS:
        shape = tuple(map(int, size.split("x")))
        assert len(b64decode(values)) == prod(shape) * np.dtype(reckoning.kind_of(part)).itemsize
        assert source
        sizes[part].add(shape)
    assert all(len(found) == 1 for found in sizes.values())
    for name in TOLD:
        assert ("", name) in {(key, part) for part, key, *_ in ROWS}, "a row for what the table does not know"


def test_it_knows_no_word_but_those_of_five_places_reports() -> None:
    """What a report is about has no place in it, only how reports are worded."""
    keys = defaultdict(set)
    for part, key, *_ in ROWS:
        keys[part].add(key)
    assert keys["word"] - {"", "0"} <= groups().keys()
    for name in ("first sign", "last sign", "second sign", "former sign"):
        assert all(len(key) < 2 for key in keys[name])
    others = {key for part, of in keys.items() if part != "word" and not part.endswith(" sign") for key in of}
    assert not [key for key in others if re.search(r"[\u4e00-\u9fff]", key)]


def test_no_sum_grows_beyond_what_floats_have_exactly(net: Network) -> None:
    layers = net.layers
    width = layers["bias"].size
    assert width * reckoning.MOST * reckoning.MOST < EXACT, "the squares, for the variance"
    for k in range(len(reckoning.REACH)):
        assert np.abs(layers[f"conv {k}"]).sum(axis=(0, 1)).max() * 128 + np.abs(layers[f"bias {k}"]).max() < EXACT
    told = sum(np.abs(largest(name)) for name in OF_STRETCH)
    assert (
        np.abs(layers["between"]).sum(axis=(0, 1)) * reckoning.MOST + np.abs(layers["bias of stretch"]) + told
    ).max() < EXACT
    for name in ("hidden", "out"):
        assert (np.abs(layers[name]).sum(axis=0) * reckoning.MOST + np.abs(layers[f"bias of {name}"])).max() < EXACT
    # a sentence has as many words as signs at the most, and a batch ends with the one that fills it
    assert (network.BATCH + MOST_SIGNS) * reckoning.MOST < EXACT, "what the words of a batch come to together"


def largest(part: str) -> np.ndarray:
    return np.max([np.abs(decoded()[name, key]) for name, key in decoded() if name == part], axis=0)


@lru_cache(maxsize=1)
def decoded() -> dict[tuple[str, str], np.ndarray]:
    """The numbers of the file, as whole numbers of 64 bits."""
    return {
        (part, key if part in (*TOLD, *OF_STRETCH) else ""): np.frombuffer(b64decode(values), reckoning.kind_of(part))
        .reshape(tuple(map(int, size.split("x"))))
        .astype(np.int64)
        for part, key, size, values, _ in ROWS
    }


def told(sight: Sight) -> list[tuple[str, ...]]:
    places = of_place(sight, whole(sight.scene))
    return [(*word.told, *of) for word, of in zip(sight.words, places, strict=True)]


def of_stretch(sight: Sight, first: int, last: int) -> tuple[str, ...]:
    (shared,) = sight.shared([(first, last)])
    return str(min(last - first, WORDS)), sight.begins[first], sight.ends[last], shared


def all_judged(sights: list[Sight]) -> list[Judged]:
    found = list(judged(sights))
    assert [sight for sight, _ in found] == sights
    return [of for _, of in found]


def reckoned(sight: Sight, first: int, last: int) -> list[int]:
    """What one stretch comes to, with whole numbers of 64 bits and one sentence by itself."""
    rows = decoded()

    def kept(sums: np.ndarray, steps: int) -> np.ndarray:
        return np.clip(np.rint(sums / steps), 0, reckoning.MOST).astype(np.int64)

    h = []
    for word in told(sight):
        of = [rows.get((name, key), rows[name, ""]) for name, key in zip(TOLD, word, strict=True)]
        h.append(kept(sum(of) + rows["bias", ""], reckoning.TABLE_STEPS // reckoning.STEPS))
    size, width = len(h), len(h[0])
    nothing = np.zeros(width, np.int64)
    for k, reach in enumerate(reckoning.REACH):
        gain, shift = (
            rows[f"{name} {k}", ""].astype(np.float32) / np.float32(reckoning.FINE_STEPS) for name in ("gain", "shift")
        )
        brought = []
        for row in h:
            mean = np.float32(row.sum()) / np.float32(width)
            square = np.float32((row * row).sum()) / np.float32(width)
            root = np.sqrt(square - mean * mean + np.float32(reckoning.LEAST_VARIANCE))
            n = np.rint((row.astype(np.float32) - mean) / root * gain + shift)
            brought.append(np.clip(n, -128, 127).astype(np.int64))
        before, here, after = rows[f"conv {k}", ""]
        new = []
        for t in range(size):
            z = brought[t] @ here + rows[f"bias {k}", ""]
            z += (brought[t - reach] if t >= reach else nothing) @ before
            z += (brought[t + reach] if t + reach < size else nothing) @ after
            new.append(np.minimum(h[t] + kept(z, reckoning.WEIGHT_STEPS), reckoning.MOST))
        h = new
    before, begin, end, after, mean_of = rows["between", ""]
    total = np.sum(h[first : last + 1], axis=0)
    middle = np.rint(total.astype(np.float32) / np.float32(last - first + 1)).astype(np.int64)
    v = (h[first - 1] if first else nothing) @ before + h[first] @ begin + h[last] @ end
    v += (h[last + 1] if last + 1 < size else nothing) @ after + middle @ mean_of + rows["bias of stretch", ""]
    for name, key in zip(OF_STRETCH, of_stretch(sight, first, last), strict=True):
        v += rows.get((name, key), 0)
    v = kept(v, reckoning.WEIGHT_STEPS)
    v = kept(v @ rows["hidden", ""] + rows["bias of hidden", ""], reckoning.WEIGHT_STEPS)
    out = v @ rows["out", ""] + rows["bias of out", ""]
    return [int(x) for x in np.rint(out * 100 / (reckoning.STEPS * reckoning.WEIGHT_STEPS))]


def test_the_sums_are_those_of_whole_numbers(sights: list[Sight]) -> None:
    """So that they are the same on every machine, in whatever order it adds, and in whatever company a sentence is."""
    several = 0
    for sight, of in list(zip(sights, all_judged(sights), strict=True))[20:32]:
        for (first, last), total in of.sums.items():
            name, *classes = reckoned(sight, first, last)
            assert (name, classes) == (total, of.classes[first, last])
            several += 1
    assert several > 20


def test_what_the_extractor_tells_is_what_the_tables_have(sights: list[Sight]) -> None:
    known = decoded().keys()
    seen = defaultdict(set)
    for sight in sights:
        for word in told(sight):
            for name, key in zip(TOLD, word, strict=True):
                seen[name].add(key)
        for stretch in sight.stretches():
            for name, key in zip(OF_STRETCH, of_stretch(sight, *stretch), strict=True):
                seen[name].add(key)
    for name in ("kind", "tag", "signs", "used", "grade", "place", "found", "part", *OF_STRETCH):
        assert {(name, key) for key in seen[name]} <= known, name
    assert len({key for key in seen["word"] if ("word", key) in known}) > 1000


def test_each_way_to_a_name_is_told(sights: list[Sight]) -> None:
    """One that was called otherwise when the network was learnt would count as none."""
    ways = {c.way for sight in sights for c in sight.scene.candidates if not c.nested}
    assert len(ways) > 9
    assert {("found", f"begins {way}") for way in ways} <= decoded().keys()


def test_the_file_is_of_the_classes_of_the_model() -> None:
    """Their sums are told apart by their order alone."""
    assert [key for part, key, *_ in ROWS if part == "out"] == [network.CLASSES_KEY]


def test_a_sentence_comes_to_the_same_alone(sights: list[Sight]) -> None:
    together = all_judged(sights)
    assert [all_judged([sight])[0] for sight in sights[:60]] == together[:60]


def test_what_is_judged_is_all_that_may_be_a_name(sights: list[Sight]) -> None:
    names = 0
    for sight, of in zip(sights, all_judged(sights), strict=True):
        found = {(first, last) for _, first, last in whole(sight.scene)}
        free = {(first, last) for _, first, last in of.stretches}
        assert free <= set(sight.stretches()) - found
        assert of.sums.keys() == of.classes.keys() == free | found
        assert all(total > 0 and of.sums[first, last] == total for total, first, last in of.stretches)
        assert all(len(classes) == len(network.CLASSES) for classes in of.classes.values())
        names += len(free)
    assert names > 20


def test_stretches_begin_and_end_where_they_may(sights: list[Sight]) -> None:
    for sight in sights:
        firsts, lasts = sight.edges()
        known = sight.stretches()
        assert len(set(known)) == len(known)
        for first, last in known:
            assert first in firsts and last in lasts and first <= last <= sight.reach(first)
            assert last > first or len(sight.row[first].text) > 1


def test_what_no_table_knows_is_told_as_that() -> None:
    for text in ("推进鿃鿄鿅鿆产业园建设。", "𠀀𠀁𠀂。", "1。", "。", "（）"):
        for of in all_judged(seen(text)):
            assert all(isinstance(total, int) for total in of.sums.values())
    assert list(judged([])) == []


def test_what_was_met_is_forgotten_once_it_is_much(
    net: Network, sights: list[Sight], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = all_judged(sights[:60])
    monkeypatch.setattr(reckoning, "_KEPT", 10)
    assert all_judged(sights[:60]) == before
    assert len(net._of_words._at) < 1500


def test_a_number_is_told_as_one_whichever_it_is() -> None:
    one, other = (next(s for s in seen(text) if "投资" in s.scene.texts) for text in ("投资12.5亿元。", "投资3亿元。"))
    number = [next(w for w in sight.words if w.text[0] in "13") for sight in (one, other)]
    assert {dict(zip(OF_WORD, word.told, strict=True))["word"] for word in number} == {"0"}


def test_what_rules_have_found_is_told_of_its_words() -> None:
    sight = next(s for s in seen("建成云溪公园。") if "建成" in s.scene.texts)
    told = [found for _, found, _ in of_place(sight, whole(sight.scene))]
    begins = [way for way in told if way.startswith("begins ")]
    assert begins == ["begins head"] and told[0] == ""
