"""How the network of names is learnt (:mod:`tools.name_network`): with torch, in two steps.

What a word is like is first learnt from what stands beside it in all reports (the continuous bag of words: Mikolov et
al., 2013, "Efficient estimation of word representations in vector space").  Then all is learnt from the stretches that
readers name or do not.  Weights, and what words come to, are rounded while that is learnt as they will be (Jacob et
al., 2018; the slope of rounding is taken for one: Bengio et al., 2013, "Estimating or propagating gradients through
stochastic neurons").  Another run, another version of torch or another processor gives other weights, as good as these.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from kg.extract.names.network import CLASSES
from kg.extract.names.reckoning import FINE_STEPS, LEAST_VARIANCE, MOST, REACH, STEPS, TABLE_STEPS, WEIGHT_STEPS
from kg.extract.names.told import OF_STRETCH, TOLD

if TYPE_CHECKING:
    from tools.name_network import Example

#: how many numbers a word comes to, a stretch, and a stretch before what comes out
WIDTH, STRETCH, HIDDEN = 96, 64, 32
#: how many numbers what is told of a word is learnt by, in the order of TOLD
_SIZES = dict(zip(TOLD, (64, 32, 32, 24, 24, 8, 12, 4, 6, 6, 4, 12, 8), strict=True))
#: how often the examples are gone through, with how many words at once, and by how much is learnt from them
_ROUNDS, _WORDS, _RATE = 8, 3000, 2e-3
#: how much is left out at random, so that nothing is relied on alone: numbers, words, all that rules have found
_DROPPED, _UNKNOWN, _UNRULED = 0.3, 0.1, 0.05
#: how much the classes count beside the name
_CLASSES = 0.3


class Row:
    """An example in numbers."""

    def __init__(self, at: Mapping[str, Mapping[str, int]], words: Sequence[tuple[str, ...]]) -> None:
        told = [[at[name].get(key, 0) for name, key in zip(TOLD, word, strict=True)] for word in words]
        self.words = np.array(told, dtype=np.int64)
        self.others, self.weight = False, 1.0
        self.stretches = np.zeros((0, 2 + len(OF_STRETCH)), dtype=np.int64)
        self.named = np.zeros(0, dtype=np.float32)
        self.classes = np.zeros((0, len(CLASSES)), dtype=np.float32)

    def add(self, at: Mapping[str, Mapping[str, int]], example: Example) -> Row:
        """With what a reader says."""
        self.others, self.weight = example.others, example.weight
        self.stretches = np.array(
            [
                [first, last, *(at[name].get(key, 0) for name, key in zip(OF_STRETCH, of, strict=True))]
                for first, last, of in example.stretches
            ],
            dtype=np.int64,
        )
        self.named = np.array([named for named, _ in example.named], dtype=np.float32)
        self.classes = np.array([[c in classes for c in CLASSES] for _, classes in example.named], dtype=np.float32)
        return self


def _rounded(x: torch.Tensor, steps: int) -> torch.Tensor:
    """In so many steps of one, with the slope of what is not rounded."""
    return x + (torch.round(x * steps) / steps - x).detach()


def _byte(x: torch.Tensor, steps: int) -> torch.Tensor:
    return _rounded(x, steps).clamp(-128 / steps, 127 / steps)


def _kept(x: torch.Tensor) -> torch.Tensor:
    """What a word, or a stretch, comes to between two layers."""
    return _rounded(torch.relu(x), STEPS).clamp(max=MOST / STEPS)


class _Linear(nn.Linear):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        bias = None if self.bias is None else _rounded(self.bias, WEIGHT_STEPS)
        return functional.linear(x, _byte(self.weight, WEIGHT_STEPS), bias)


class _Convolution(nn.Conv1d):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weight, bias = _byte(self.weight, WEIGHT_STEPS), _rounded(self.bias, WEIGHT_STEPS)
        return functional.conv1d(x, weight, bias, padding=self.padding, dilation=self.dilation)


class _Norm(nn.Module):
    """To one mean and one variance (Ba, Kiros and Hinton, 2016, "Layer normalization")."""

    def __init__(self) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(WIDTH))
        self.shift = nn.Parameter(torch.zeros(WIDTH))

    def forward(self, h: torch.Tensor) -> torch.Tensor:
        apart = h - h.mean(-1, keepdim=True)
        variance = (apart**2).mean(-1, keepdim=True) + LEAST_VARIANCE / STEPS**2
        return _byte(apart * torch.rsqrt(variance) * self.gain + self.shift, STEPS)


class Net(nn.Module):
    """The network while it is learnt; :class:`kg.extract.names.reckoning.Network` is what becomes of it."""

    def __init__(self, keys: Mapping[str, Sequence[str]], vectors: np.ndarray[Any, Any]) -> None:
        super().__init__()
        self.keys = keys
        self.tables = nn.ModuleList([nn.Embedding(len(keys[name]), _SIZES[name]) for name in TOLD])
        with torch.no_grad():
            for name, told in zip(TOLD, self.tables, strict=True):
                if name.endswith(" sign"):
                    nn.init.normal_(told.weight, 0, 0.2)
            self.tables[0].weight.copy_(torch.from_numpy(vectors))
        width = math.sqrt(sum(_SIZES.values()))
        self.into = nn.ModuleList([nn.Linear(_SIZES[name], WIDTH, bias=False) for name in TOLD])
        for layer in self.into:
            nn.init.uniform_(layer.weight, -1 / width, 1 / width)
        self.others = nn.Embedding(2, WIDTH)
        nn.init.normal_(self.others.weight, 0, 0.1)
        self.bias = nn.Parameter(torch.zeros(WIDTH))
        self.convolutions = nn.ModuleList([_Convolution(WIDTH, WIDTH, 3, padding=r, dilation=r) for r in REACH])
        self.norms = nn.ModuleList([_Norm() for _ in REACH])
        for layer in self.convolutions:
            with torch.no_grad():
                layer.weight *= 0.7
        #: the word before a stretch, its first, its last, the one after it, the mean of its words
        self.between = nn.ModuleList([_Linear(WIDTH, STRETCH, bias=False) for _ in range(5)])
        self.bias_of_stretch = nn.Parameter(torch.zeros(STRETCH))
        self.of_stretch = nn.ModuleList([nn.Embedding(len(keys[name]), STRETCH) for name in OF_STRETCH])
        for told in self.of_stretch:
            nn.init.normal_(told.weight, 0, 0.1)
        self.to_name, self.name = _Linear(STRETCH, HIDDEN), _Linear(HIDDEN, 1)
        self.to_classes, self.classes = _Linear(STRETCH, HIDDEN), _Linear(HIDDEN, len(CLASSES))
        self.drop, self.drop_less = nn.Dropout(_DROPPED), nn.Dropout(0.2)

    def words(self, told: torch.Tensor, stands: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
        """What words come to where they stand: sentences, words, numbers."""
        total = self.bias + self.others(others)[:, None]
        for k, (rows, into) in enumerate(zip(self.tables, self.into, strict=True)):
            at = told[..., k]
            if self.training and TOLD[k] == "word":
                at = torch.where(torch.rand(at.shape) < _UNKNOWN, 0, at)
            if self.training and TOLD[k] == "found":
                at = torch.where(torch.rand(len(at), 1) < _UNRULED, 0, at)
            total = total + _byte(into(self.drop(rows(at))), TABLE_STEPS)
        h = _kept(total) * stands
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            more = _kept(convolution((norm(h) * stands).transpose(1, 2)).transpose(1, 2))
            h = (h + self.drop(more) * stands).clamp(max=MOST / STEPS)
        return h

    def forward(
        self,
        told: torch.Tensor,
        stands: torch.Tensor,
        others: torch.Tensor,
        stretches: torch.Tensor,
        of: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """The logits of stretches, for a name and for its classes; ``of`` is the sentence of each."""
        h = self.words(told, stands, others)
        nothing = h.new_zeros(len(h), 1, WIDTH)
        wide = torch.cat([nothing, h, nothing], 1)
        held = torch.cat([nothing, h.cumsum(1)], 1)
        first, last = stretches[:, 0], stretches[:, 1]
        mean = _rounded((held[of, last + 1] - held[of, first]) / (last - first + 1)[:, None], STEPS)
        before, begin, end, after, whole = self.between
        v = before(wide)[of, first] + begin(wide)[of, first + 1] + end(wide)[of, last + 1] + after(wide)[of, last + 2]
        v = v + whole(mean) + _rounded(self.bias_of_stretch, WEIGHT_STEPS)
        for k, rows in enumerate(self.of_stretch):
            v = v + rows(stretches[:, 2 + k])
        v = self.drop_less(_kept(v))
        return self.name(_kept(self.to_name(v))).squeeze(-1), self.classes(_kept(self.to_classes(v)))


def learn(
    examples: Sequence[Example], keys: Mapping[str, Sequence[str]], corpus: Sequence[Sequence[tuple[str, ...]]]
) -> Net:
    """The network of these examples; the sentences of all reports tell what words are like."""
    torch.set_num_threads(1)
    random.seed(1)
    torch.manual_seed(1)
    at = {name: {key: row for row, key in enumerate(rows)} for name, rows in keys.items()}
    net = Net(keys, _vectors(keys["word"], corpus))
    _name(net, [Row(at, example.words).add(at, example) for example in examples])
    return net.eval()


def _vectors(words: Sequence[str], corpus: Iterable[Sequence[tuple[str, ...]]]) -> np.ndarray[Any, Any]:
    """What each word is like, by the words beside it."""
    from gensim.models import Word2Vec  # type: ignore[import-not-found]

    sentences = [[word[0] for word in sentence] for sentence in corpus]
    size = _SIZES["word"]
    model = Word2Vec(sentences, vector_size=size, window=4, min_count=5, negative=8, workers=1, epochs=5, seed=1)
    return np.array([model.wv[word] / 2 if word in model.wv else np.zeros(size) for word in words], dtype=np.float32)


def _batches(rows: Iterable[Row], words: int) -> list[list[Row]]:
    """Sentences of like length together, in no order."""
    found: list[list[Row]] = []
    for row in sorted(rows, key=lambda row: len(row.words) + random.random() * 6):
        if not found or (len(found[-1]) + 1) * max(len(row.words), len(found[-1][-1].words)) > words:
            found.append([])
        found[-1].append(row)
    random.shuffle(found)
    return found


def _words(batch: Sequence[Row]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """What is told of the words, where words stand, and which sentences others have read."""
    told = np.zeros((len(batch), max(len(row.words) for row in batch), len(TOLD)), dtype=np.int64)
    stands = np.zeros((*told.shape[:2], 1), dtype=np.float32)
    for k, row in enumerate(batch):
        told[k, : len(row.words)] = row.words
        stands[k, : len(row.words)] = 1
    return torch.from_numpy(told), torch.from_numpy(stands), torch.tensor([int(row.others) for row in batch])


def _learnt(parameters: Iterable[nn.Parameter], losses: Iterator[torch.Tensor], steps: int) -> None:
    """Learn from each loss in turn, at first and at last by less (Adam: Kingma and Ba, 2015)."""
    kept = list(parameters)
    optimizer = torch.optim.Adam(kept, lr=_RATE)
    for step, loss in enumerate(losses):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(1, (step + 1) / 200) * max(0.02, 1 - step / steps)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(kept, 5.0)
        optimizer.step()


def _name(net: Net, rows: Sequence[Row]) -> None:
    """Learn from what readers name."""

    def losses() -> Iterator[torch.Tensor]:
        for turn in range(_ROUNDS):
            found = []
            for batch in _batches(rows, _WORDS):
                loss = _loss(net, batch)
                found.append(loss.item())
                yield loss
            print(f"{turn + 1} of {_ROUNDS}: {sum(found) / len(found):.3f}", file=sys.stderr)

    net.train()
    _learnt(net.parameters(), losses(), _ROUNDS * len(_batches(rows, _WORDS)))


def _outcomes(batch: Sequence[Row]) -> tuple[torch.Tensor, ...]:
    """The stretches of some sentences, the sentence of each, whether it is named, and its classes."""
    of = np.concatenate([np.full(len(row.stretches), k) for k, row in enumerate(batch)])
    return (
        torch.from_numpy(np.concatenate([row.stretches for row in batch])),
        torch.from_numpy(of.astype(np.int64)),
        torch.from_numpy(np.concatenate([row.named for row in batch])),
        torch.from_numpy(np.concatenate([row.classes for row in batch])),
    )


def _loss(net: Net, batch: Sequence[Row]) -> torch.Tensor:
    told, stands, others = _words(batch)
    stretches, of, named, classes = _outcomes(batch)
    name, kinds = net(told, stands, others, stretches, of)
    count = torch.tensor([row.weight for row in batch])[of]
    sure = torch.where(named == 0.5, 0.0, 1.0) * count
    loss = (functional.binary_cross_entropy_with_logits(name, (named > 0).float(), reduction="none") * sure).sum()
    one = named > 0
    of_class = (
        functional.binary_cross_entropy_with_logits(kinds[one], classes[one], reduction="none").sum(1) * count[one]
    )
    return (loss + _CLASSES * of_class.sum()) / len(batch)


def judged(net: Net, examples: Sequence[Example]) -> str:
    """What comes out for sentences that nothing was learnt from: of what is above nought and must be named."""
    at = {name: {key: row for row, key in enumerate(rows)} for name, rows in net.keys.items()}
    given = right = all_named = 0
    with torch.no_grad():
        for batch in _batches([Row(at, e.words).add(at, e) for e in examples], _WORDS):
            told, stands, others = _words(batch)
            stretches, of, named, _ = _outcomes(batch)
            above = net(told, stands, torch.zeros_like(others), stretches, of)[0] > 0
            sure = named != 0.5
            given += int((above & sure).sum())
            right += int((above & (named == 1)).sum())
            all_named += int((named == 1).sum())
    return f"{given} names, {right} of them right, of {all_named}: F1 {2 * right / max(given + all_named, 1):.3f}"


def numbers(
    net: Net,
) -> tuple[dict[str, tuple[Sequence[str], np.ndarray[Any, Any]]], dict[str, np.ndarray[Any, Any]]]:
    """The tables and layers as :class:`~kg.extract.names.reckoning.Network` has them: whole numbers."""
    both = STEPS * WEIGHT_STEPS

    def whole(x: torch.Tensor, steps: int) -> np.ndarray[Any, Any]:
        return torch.round(x * steps).to(torch.int64).numpy()

    def bias(x: torch.Tensor) -> np.ndarray[Any, Any]:
        return whole(x, WEIGHT_STEPS) * STEPS

    with torch.no_grad():
        tables = {}
        for name, rows, into in zip(TOLD, net.tables, net.into, strict=True):
            tables[name] = (net.keys[name], whole(into(rows.weight), TABLE_STEPS))
        for name, rows in zip(OF_STRETCH, net.of_stretch, strict=True):
            tables[name] = (net.keys[name], whole(rows.weight, both))
        layers = {"bias": whole(net.bias + net.others.weight[0], TABLE_STEPS)}
        for k, (convolution, norm) in enumerate(zip(net.convolutions, net.norms, strict=True)):
            layers[f"gain {k}"] = whole(norm.gain, STEPS * FINE_STEPS)
            layers[f"shift {k}"] = whole(norm.shift, STEPS * FINE_STEPS)
            layers[f"conv {k}"] = whole(convolution.weight.permute(2, 1, 0), WEIGHT_STEPS)
            layers[f"bias {k}"] = bias(convolution.bias)
        layers["between"] = whole(torch.stack([layer.weight.T for layer in net.between]), WEIGHT_STEPS)
        layers["bias of stretch"] = bias(net.bias_of_stretch)
        layers["hidden"] = whole(torch.cat([net.to_name.weight.T, net.to_classes.weight.T], 1), WEIGHT_STEPS)
        layers["bias of hidden"] = bias(torch.cat([net.to_name.bias, net.to_classes.bias]))
        out = torch.zeros(2 * HIDDEN, 1 + len(CLASSES))
        out[:HIDDEN, 0] = net.name.weight[0]
        out[HIDDEN:, 1:] = net.classes.weight.T
        layers["out"] = whole(out, WEIGHT_STEPS)
        layers["bias of out"] = bias(torch.cat([net.name.bias, net.classes.bias]))
    return tables, layers
