"""What is open of the links to other graphs: each thing with its candidates, the reasons, and the sentences.

Everybody may read it.  Where the server was started for somebody to decide, there are buttons and keys, too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from nicegui import events, ui

from kg.errors import KgError
from kg.serve.explorer.frame import Visit, html, title
from kg.serve.explorer.home import scope
from kg.serve.explorer.links import is_web
from kg.serve.explorer.markup import Markup, join, tag
from kg.serve.explorer.thing import coordinates, sentence, sentences
from kg.serve.guard import is_own, names_loopback

if TYPE_CHECKING:
    from kg.serve.explorer.desk import Desk

Json = dict[str, Any]
Act = Callable[[], Awaitable[None]]

_ROWS: Final = 25
#: Candidates that have a key; further ones have their buttons only.
_KEYS: Final = 9
_SIGNS: Final = {"+": ("for", "+"), "-": ("against", "−"), "?": ("unknown", "?")}
#: After the browser has drawn what is new: the button that had the focus is gone.
_FOCUS: Final = "setTimeout(() => document.getElementById('asked')?.focus(), 30)"


async def build(visit: Visit, desk: Desk | None) -> None:
    title(visit, visit.t("review_title"))
    if desk is not None and names_loopback(visit.request.scope["headers"]):
        await _Review(visit, desk).build()
        return
    told = await visit.backend.view("review", **_asked(visit), pending=desk.pending if desk is not None else [])
    html(join(_head(visit, told, None), _shown(visit, told), _list(visit, told)))


def _asked(visit: Visit) -> Json:
    """What the address asks for."""
    asked = visit.request.query_params
    at = asked.get("at", "1")
    return {
        "target": asked.get("target") or None,
        "thing": asked.get("thing") or None,
        "of": asked.get("of") or None,
        "at": int(at[:9]) - 1 if at.isascii() and at.isdecimal() else 0,
        "limit": _ROWS,
    }


def _address(visit: Visit, **parameters: str | None) -> str:
    target = visit.request.query_params.get("target") or None
    told = {"target": target, **parameters}
    pairs = urlencode({key: value for key, value in told.items() if value})
    return "/review" + (f"?{pairs}" if pairs else "")


def _head(visit: Visit, told: Json, desk: Desk | None) -> Markup:
    """Heading, how many are open in which graph, and who may decide how."""
    t = visit.t
    chosen = visit.request.query_params.get("target") or None
    places = [("", t("all"), told["total"])] + [
        (target["key"], t.target(target["key"], target["title"]), target["count"]) for target in told["targets"]
    ]
    chips = [
        tag(
            "li",
            tag(
                "a",
                f"{name} {t.number(count)}",
                href=_address(visit, target=key),
                class_="e-Indicator",
                aria_current="page" if key == (chosen or "") else None,
            ),
        )
        for key, name, count in places
    ]
    if desk is not None:
        who = tag("p", t("review_by", name=desk.reviewer), class_="soft small")
    else:
        commands = [join(tag("code", command), " ") for command in ("kg link review", "kg serve --review NAME")]
        who = tag("p", t("review_read_only"), " ", *commands, class_="note")
    if not told["linked"]:
        who = tag("p", t("review_none_linked"), " ", tag("code", "kg link"), class_="note")
    return join(
        tag("h1", t("review_title")),
        tag("p", t("review_lead"), class_="lead"),
        who,
        tag("p", t("open_count", count=t.number(told["total"])), id="open-count"),
        tag("ul", chips, class_="chips", aria_label=t("graph")) if len(told["targets"]) > 1 else None,
    )


def _shown(visit: Visit, told: Json) -> Markup:
    """The thing that the page is about, for reading; or why there is none."""
    question = told["question"]
    if question is None:
        return _nothing(visit, told)
    candidates = [
        tag("div", _candidate(visit, i, c), class_="candidate") for i, c in enumerate(question["candidates"], 1)
    ]
    return tag("section", _asked_about(visit, told), candidates, _beside(visit, told), class_="asked")


def _nothing(visit: Visit, told: Json) -> Markup:
    if not told["linked"]:
        return join()
    asked, t = visit.request.query_params, visit.t
    why = "review_done_thing" if asked.get("thing") else "review_done_target" if asked.get("target") else None
    if why is None or not told["total"]:
        return tag("p", t("review_all_done"), class_="note", id="asked", tabindex="-1")
    return tag("p", t(why), " ", tag("a", t("review_all"), href="/review"), class_="note", id="asked", tabindex="-1")


def _asked_about(visit: Visit, told: Json) -> Markup:
    """The thing, its classes, where it is looked for, and what the reports say."""
    t, question = visit.t, told["question"]
    heading = tag("h2", visit.link(question["thing"]), id="asked", tabindex="-1")
    classes = [join(visit.badge(name), " ") for name in question["classes"]]
    position = t("number_of", number=t.number(told["number"] + 1), count=t.number(told["count"]))
    where = t("candidate_in", target=t.target(question["target"], question["title"]))
    classes.append(join(tag("span", scope(question["thing"]["iri"]), class_="soft"), " "))
    told_of = [sentence(visit, some) for some in sentences(question["quotations"])]
    if question["mentions"]:
        all_of = t("mentions_all", count=t.number(question["mentions"]))
        told_of.append(tag("p", tag("a", all_of, href=visit.href(question["thing"]["iri"])), class_="small"))
    else:
        told_of.append(tag("p", t("not_mentioned"), class_="soft"))
    return join(
        heading,
        tag("p", classes),
        tag("p", tag("strong", where), " ", tag("span", position, class_="soft", id="position")),
        told_of,
    )


def _candidate(visit: Visit, number: int, candidate: Json) -> Markup:
    t = visit.t
    iri = candidate["iri"]
    link = tag("a", iri, href=iri, rel="noopener noreferrer", target="_blank") if is_web(iri) else iri
    score = f"{candidate['score']:.2f}" if candidate["score"] is not None else "—"
    facts = [f"{t('score')} {score}", t("proposed", match=t.near(candidate["match"]))]
    if candidate["since"] or candidate["until"]:
        facts.append(t("in_force", span=f"{candidate['since'] or '…'}–{candidate['until'] or '…'}"))
    if candidate["latitude"] is not None and candidate["longitude"] is not None:
        facts.append(coordinates(candidate))
    if candidate["successors"]:
        names = "、".join(f"{s['id']} {s['label']}".strip() for s in candidate["successors"])
        facts.append(t("replaced_by", names=names))
    return join(
        tag(
            "h3",
            tag("span", str(number), class_="mark"),
            candidate["name"],
            tag("span", candidate["code"], class_="soft scores") if candidate["code"] else None,
        ),
        tag("p", candidate["description"]) if candidate["description"] else None,
        tag("p", link, class_="small"),
        tag("p", " · ".join(facts), class_="soft small scores"),
        tag("ul", [_reason(visit, reason, i == 0) for i, reason in enumerate(candidate["reasons"])], class_="reasons"),
    )


def _reason(visit: Visit, reason: Json, first: bool) -> Markup:
    """What one feature found: the sign is told in words, too, for those who hear the page.  First is why it is open."""
    t = visit.t
    text = t.reason(reason["text"])
    kind, sign = _SIGNS.get(reason["sign"], ("", ""))
    if not kind:
        return tag("li", tag("span"), tag("strong", t("why_open", reason=text)) if first else text)
    said = join(
        tag("span", sign, class_="sign", aria_hidden="true", title=t(f"sign_{kind}")),
        tag(
            "span",
            tag("span", t(f"sign_{kind}") + " ", class_="spoken"),
            tag("span", t.word("feature", reason["feature"]), class_="soft"),
            " ",
            text,
        ),
    )
    return tag("li", said, class_=kind)


def _beside(visit: Visit, told: Json) -> Markup:
    t = visit.t
    links = [
        tag("a", t(key), href=_address(visit, **told[key]), rel="prev" if key == "previous" else "next")
        for key in ("previous", "next")
        if told[key] is not None
    ]
    return tag("p", [join(link, " ") for link in links], class_="bar")


def _list(visit: Visit, told: Json) -> Markup:
    """All that is open, so many on a page."""
    if not told["rows"]:
        return join()
    t = visit.t
    names = {"thing": None, "graph": None, "candidates": "n", "score": "n"}
    head = tag("tr", [tag("th", t(name), scope="col", class_=kind) for name, kind in names.items()])
    rows = [
        tag(
            "tr",
            tag(
                "td",
                tag(
                    "a",
                    row["thing"]["name"],
                    href=_address(visit, thing=row["thing"]["iri"], of=row["target"]),
                    aria_current="true" if row["number"] == told["number"] else None,
                ),
                " ",
                visit.badge(row["thing"]["class"]) if row["thing"]["class"] else None,
                " ",
                tag("span", scope(row["thing"]["iri"]), class_="soft small"),
            ),
            tag("td", t.target(row["target"], row["title"])),
            tag("td", t.number(row["candidates"]), class_="n"),
            tag("td", f"{row['score']:.2f}" if row["score"] is not None else "—", class_="n"),
        )
        for row in told["rows"]
    ]
    pages = range(0, told["count"], _ROWS)
    here = told["rows"][0]["number"]
    links = [
        tag(
            "a",
            f"{at + 1}–{min(at + _ROWS, told['count'])}",
            href=_address(visit, at=str(at + 1)),
            aria_current="page" if at == here else None,
        )
        for at in pages
    ]
    return join(
        tag("h2", t("open_count", count=t.number(told["count"]))),
        tag("div", tag("table", tag("thead", head), tag("tbody", rows), class_="plain"), class_="scroll"),
        tag("p", [join(link, " ") for link in links], class_="bar pages") if len(pages) > 1 else None,
    )


class _Review:
    """The page of somebody who decides: its parts are made anew after each decision."""

    def __init__(self, visit: Visit, desk: Desk) -> None:
        self.visit, self.desk = visit, desk
        self.asked = _asked(visit)
        self.told: Json = {}
        self.busy = False
        self.keys: dict[str, Act] = {}

    async def build(self) -> None:
        self.head = html(join())
        self.status = html(join()).props('role="status" aria-live="polite"')
        self.place = ui.element("section").classes("asked")
        # single letters have to be switchable: who speaks to the browser says many
        self.shortcuts = ui.checkbox(self.visit.t("shortcuts"), value=True)
        ui.keyboard(self._key, repeating=False, ignore=["input", "select", "textarea"])
        self.decided = ui.element("section")
        self.list = html(join())
        await self._show()

    async def _show(self) -> None:
        """Ask anew, and put what is told into the page."""
        view = self.visit.backend.view
        self.told = told = await view("review", **self.asked, pending=self.desk.pending)
        self.head.set_content(_head(self.visit, told, self.desk))
        self.list.set_content(_list(self.visit, told))
        self.keys = {}
        self.place.clear()
        with self.place:
            if told["question"] is None:
                html(_nothing(self.visit, told))
            else:
                self._question(told["question"])
            with ui.element("div").classes("bar"):
                self._bar()
        self.decided.clear()
        with self.decided:
            self._decided()

    def _question(self, question: Json) -> None:
        t = self.visit.t
        html(_asked_about(self.visit, self.told))
        for number, candidate in enumerate(question["candidates"], 1):
            with ui.element("div").classes("candidate"):
                html(_candidate(self.visit, number, candidate))
                with ui.element("div").classes("bar"):
                    key = str(number) if number <= _KEYS else None
                    words = {"number": str(number), "name": candidate["name"]}
                    near, no = self._accept(question, candidate, "closeMatch"), self._reject(question, candidate)
                    self._button("accept", self._accept(question, candidate), t("accept_label", **words), key=key)
                    if candidate["match"] != "closeMatch":
                        self._button("accept_near", near, t("accept_near_label", **words), classes="plain")
                    self._button("reject", no, t("reject_label", **words), classes="plain bad")

    def _bar(self) -> None:
        question = self.told["question"]
        if question is not None:
            self._button("none_of_these", self._none(question), key="n", classes="plain bad")
            self._button("later", self._later, key="l", classes="plain")
        self._button("undo_last", self._undo_last, key="u", classes="plain")
        html(_beside(self.visit, self.told))

    def _decided(self) -> None:
        """What people decided last, each with the way back."""
        t, decided = self.visit.t, self.told["decided"]
        if not decided:
            return
        html(tag("h2", t("decided", count=t.number(len(decided)))))
        for each in decided:
            with ui.element("div").classes("bar"):
                when = each["recorded"].replace("T", " ")[:16]
                by = t("decided_by", name=each["reviewer"] or "—", when=when)
                html(join(_outcome(self.visit, each), " ", tag("span", by, class_="soft small")))
                label = t("undo_label", name=each["thing"]["name"])
                self._button("undo", self._undo(each), label, classes="plain")

    def _button(self, text: str, act: Act, label: str = "", *, key: str | None = None, classes: str = "") -> None:
        """A button; with its key, which does the same."""
        shown = join(self.visit.t(text), tag("kbd", key, aria_hidden="true") if key else None)
        made = ui.element("button").props("type=button").classes(f"button {classes}")
        made.props["aria-label"] = label or self.visit.t(text)
        if key:
            made.props["aria-keyshortcuts"] = key
            self.keys[key] = act
        with made:
            ui.html(shown, sanitize=False, tag="span")
        made.on("click", act)

    async def _key(self, event: events.KeyEventArguments) -> None:
        modified = event.modifiers.alt or event.modifiers.ctrl or event.modifiers.meta
        act = self.keys.get(event.key.name.lower())
        if act is not None and event.action.keydown and not modified and self.shortcuts.value:
            await act()

    # what the buttons do ----------------------------------------------------------------------------------------------

    def _accept(self, question: Json, candidate: Json, match: str | None = None) -> Act:
        from kg.link.model import Match

        as_ = Match(match or candidate["match"])
        words = {"thing": question["thing"]["name"], "name": candidate["name"]}
        text = "did_accept" if as_ is Match.EXACT else "did_accept_near"
        return lambda: self._write(lambda: self.desk.accept(question, candidate, as_), text, words)

    def _reject(self, question: Json, candidate: Json) -> Act:
        words = {"thing": question["thing"]["name"], "name": candidate["name"]}
        return lambda: self._write(lambda: self.desk.reject(question, candidate), "did_reject", words)

    def _none(self, question: Json) -> Act:
        target = self.visit.t.target(question["target"], question["title"])
        words = {"thing": question["thing"]["name"], "target": target}
        return lambda: self._write(lambda: self.desk.none_of_these(question), "did_none", words)

    def _undo(self, decided: Json) -> Act:
        async def undo() -> None:
            back = {"thing": decided["thing"]["iri"], "of": decided["target"]}
            await self._write(
                lambda: self.desk.undo(decided["thing"]["iri"], decided["object"], decided["target"]),
                "did_undo",
                {"thing": decided["thing"]["name"]},
                back,
            )

        return undo

    async def _undo_last(self) -> None:
        """Of one's own decisions: what others decide at the same time is theirs."""
        mine = next((d for d in self.told["decided"] if d["reviewer"] == self.desk.reviewer), None)
        if mine is not None:
            await self._undo(mine)()
        else:
            self._say(tag("p", self.visit.t("nothing_to_undo"), class_="note"))

    async def _later(self) -> None:
        if self.busy:
            return
        # after the last one comes the first
        self.asked |= self.told["next"] or {"thing": None, "of": None, "at": 0}
        self._say(join())
        try:
            await self._show_again()
        except KgError as error:
            self._say(tag("p", error.message, class_="error", role="alert"))

    async def _write(
        self, write: Callable[[], Awaitable[object]], text: str, words: dict[str, str], back: Json | None = None
    ) -> None:
        """Have a decision written, and show what is open then: ``back``, the same thing, or the one after it."""
        if self.busy or not self._is_own():  # a second click or key is not meant for what comes next
            return
        t, self.busy = self.visit.t, True
        self._say(tag("p", t("writing"), class_="soft"))
        try:
            await write()
        except KgError as error:
            reason = tag("p", t("not_written", message=error.message), " ", t("not_written_hint"), class_="error")
            self._say(tag("div", reason, role="alert"))
            self.busy = False
            return
        try:
            question, after = self.told["question"], self.told["next"]
            if back is None and question is not None:
                back = {"thing": question["thing"]["iri"], "of": question["target"]}
            self.asked |= (back or {}) | {"at": self.told["number"] or 0}
            await self._show_again(after)
            self._say(tag("p", t(text, **words), class_="note"))
        except KgError as error:  # the decision stands; a reload shows what is open
            self._say(tag("p", error.message, class_="error", role="alert"))
        finally:
            self.busy = False

    async def _show_again(self, after: Json | None = None) -> None:
        """Show what is asked for, or else ``after``, or else what has the number now, if it is settled."""
        with self.place.client:  # the button that was clicked is gone
            await self._show()
            if self.told["question"] is None and after is not None:
                self.asked |= after
                await self._show()
            if self.told["question"] is None:
                self.asked |= {"thing": None, "of": None}
                await self._show()
            question = self.told["question"]
            here = {"thing": question["thing"]["iri"], "of": question["target"]} if question else {}
            ui.navigate.history.replace(_address(self.visit, **here))
            ui.run_javascript(_FOCUS)

    def _say(self, content: Markup) -> None:
        self.status.set_content(content)

    def _is_own(self) -> bool:
        """Whether the event came over a connection from a page of this server, on loopback."""
        environ = self.place.client.environ or {}
        scope = environ.get("asgi.scope", {})
        if is_own(scope.get("headers", [])):
            return True
        self._say(tag("p", self.visit.t("review_from_elsewhere"), class_="error", role="alert"))
        return False


def _outcome(visit: Visit, decided: Json) -> Markup:
    """A decision in a line: the thing, a sign, and what it is or is not."""
    t = visit.t
    target = t.target(decided["target"], decided["title"])
    if decided["none"]:
        return join(t("did_none", thing=decided["thing"]["name"], target=target))
    sign = "did_reject" if decided["judgement"] == "rejected" else "did_accept"
    if sign == "did_accept" and decided["match"] == "closeMatch":
        sign = "did_accept_near"
    return join(t(sign, thing=decided["thing"]["name"], name=decided["name"]), " ", tag("span", target, class_="soft"))
