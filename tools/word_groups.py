"""Groups of words that stand in the same surroundings, from many reports.

    python -m tools.word_groups FOLDER [FOLDER ...] [--without FILE ...] > new.tsv && mv new.tsv kg/data/word_groups.tsv

What a name holds is often a word that no annotated report has, but one that is used like others that they have: 瑞 and
华 in names of enterprises, 博览会 and 推介会 at the end of fairs.  Words are told by the words up to two places before
and behind them (positive pointwise mutual information), which is brought down to 80 dimensions (truncated singular
value decomposition) and parted by k-means; see Levy and Goldberg, "Neural Word Embedding as Implicit Matrix
Factorization", 2014.  Only words that the reports of five places use are taken.  ``--without`` names files that are
left out: those that were put aside for measuring.  Needs scikit-learn: ``pip install scikit-learn``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.extract.lexicon import tokenize
from kg.text.normalize import normalize

#: a word is taken that stands so often, in the reports of so many places
_OFTEN, _PLACES = 15, 5
#: so many of the most frequent words are told apart as neighbours, at these distances
_NEIGHBOURS, _AT = 4000, (-2, -1, 1, 2)
_DIMENSIONS, _GROUPS = 80, 256
#: frequent neighbours count for less than their share (Levy, Goldberg and Dagan, 2015)
_SMOOTHING = 0.75


def vocabulary(texts: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """The words to group, the most frequent first: place and words of each text.

    >>> vocabulary([(place, ["博览会"] * 3) for place in "甲乙丙丁戊"] + [("甲", ["鹭洲"] * 99)])
    ['博览会']
    """
    often: Counter[str] = Counter()
    places: dict[str, set[str]] = {}
    for place, words in texts:
        often.update(words)
        for word in set(words):
            places.setdefault(word, set()).add(place)
    kept = [word for word, count in often.items() if count >= _OFTEN and len(places[word]) >= _PLACES]
    return sorted(kept, key=lambda word: (-often[word], word))


def groups(texts: Sequence[tuple[str, Sequence[str]]]) -> dict[str, int]:
    """The number of the group of each word."""
    import numpy as np
    from scipy.sparse import coo_matrix
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.utils.extmath import randomized_svd

    known = vocabulary(texts)
    often = Counter(word for _, words in texts for word in words)
    row_of = {word: k for k, word in enumerate(known)}
    column_of = {word: k for k, (word, _) in enumerate(often.most_common(_NEIGHBOURS))}
    rows, columns = [], []
    for _, words in texts:
        own = np.array([row_of.get(word, -1) for word in words])
        other = np.array([column_of.get(word, -1) for word in words])
        for k, at in enumerate(_AT):
            left, right = (own[-at:], other[:at]) if at < 0 else (own[:-at], other[at:])
            both = (left >= 0) & (right >= 0)
            rows.append(left[both])
            columns.append(right[both] + k * len(column_of))
    shape = (len(known), len(_AT) * len(column_of))
    row, column = np.concatenate(rows), np.concatenate(columns)
    seen = coo_matrix((np.ones(len(row)), (row, column)), shape=shape).tocsr()
    by_row = np.asarray(seen.sum(1)).ravel() + 1
    by_column = np.asarray(seen.sum(0)).ravel() ** _SMOOTHING
    seen = seen.tocoo()
    shared = np.log(seen.data * by_column.sum() / (by_row[seen.row] * by_column[seen.col]))
    matrix = coo_matrix((np.maximum(shared, 0), (seen.row, seen.col)), shape=shape).tocsr()
    left, values, _ = randomized_svd(matrix, _DIMENSIONS, random_state=0)
    points = left * np.sqrt(values)
    points /= np.linalg.norm(points, axis=1, keepdims=True) + 1e-9
    parted = MiniBatchKMeans(_GROUPS, random_state=0, batch_size=4096, n_init=3).fit(points)
    return dict(zip(known, map(int, parted.labels_), strict=True))


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="+", type=Path)
    parser.add_argument("--without", nargs="*", type=Path, default=[])
    asked = parser.parse_args(arguments)
    left_out = {path.resolve() for path in asked.without}
    files = sorted(path for folder in asked.folder for path in folder.rglob("*.txt") if path.resolve() not in left_out)
    texts = []
    for path in files:
        tokens = tokenize(normalize(path.read_text(encoding="utf-8")))
        texts.append((path.parent.name, [word for word, _ in tokens.pairs]))
    print("# words that stand in the same surroundings share a group; which number it has means nothing;")
    print(f"# derived by tools/word_groups.py from {len(files)} reports, of words that {_PLACES} places use")
    print("word\tgroup\tsource")
    for word, group in sorted(groups(texts).items()):
        if word.strip():
            print(f"{word}\t{group}\treports")


if __name__ == "__main__":
    main(sys.argv[1:])
