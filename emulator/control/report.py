"""Collects what a session's report tells: everything there is, and what a full reset was about to forget."""

from flask import Flask

from emulator import __version__
from emulator.control.routes.messages import links_of
from emulator.control.routes.webhooks import webhooks_of
from emulator.control.schemas.exchanges import CRASH_OUT
from emulator.control.schemas.messages import message_detail
from emulator.control.schemas.webhooks import webhook_out
from emulator.control.wire import exchange_out
from emulator.core.journal import Exchange
from emulator.core.message import Message, Status
from emulator.core.webhooks import WebhookCall
from emulator.edge.context import smsc
from emulator.edge.crashes import Crash
from emulator.report import Chapter, render, told

MOST_TOLD = 2_000  # messages, requests and calls of each chapter; beside them whatever went wrong
MOST_CHAPTERS = 500  # beside them those of failures

_ENDED_BADLY = frozenset({Status.UNDELIVERED, Status.EXPIRED, Status.REJECTED})


class Report:
    """The report of the emulator that is ``app``; costs nothing unless it ``is_wanted``."""

    def __init__(self, app: Flask, *, is_wanted: bool) -> None:
        self._app = app
        self._is_wanted = is_wanted
        self._chapters: list[Chapter] = []
        self._closed = 0
        self._chapters_left_out = 0

    def close_chapter(self) -> None:
        """Remember what there is, because it is about to be forgotten."""
        if not self._is_wanted:
            return
        self._closed += 1
        is_over = len(self._chapters) >= MOST_CHAPTERS
        chapter = self._present(f"Until reset {self._closed}", 0 if is_over else MOST_TOLD)
        if chapter.exchanges or chapter.messages or chapter.webhooks or chapter.crashes:
            self._chapters.append(chapter)
        elif is_over and any(chapter.left_out.values()):
            self._chapters_left_out += 1

    def page(self) -> str:
        with self._app.app_context():
            last = self._present("Until the end" if self._chapters else "The session", MOST_TOLD)
        chapters = [*self._chapters, last]
        return render(chapters, title="SMS session", version=__version__, chapters_left_out=self._chapters_left_out)

    def _present(self, title: str, most: int) -> Chapter:
        """Oldest first, as one reads."""
        store = smsc.store
        messages, fewer = told(store.find(Message, newest=True), most, lambda message: message.status in _ENDED_BADLY)
        exchanges, fewer_asked = told(store.find(Exchange, newest=True), most, lambda exchange: exchange.ruling is not None)
        webhooks, fewer_called = told(store.find(WebhookCall, newest=True), most, _met_trouble)
        return Chapter(
            title,
            messages=[message_detail(message, links_of(message), webhooks_of(message), None) for message in messages],
            exchanges=[exchange_out(exchange) for exchange in exchanges],
            webhooks=[webhook_out(webhook) for webhook in webhooks],
            crashes=CRASH_OUT.dump(list(store.find(Crash)), many=True),
            left_out={"messages": fewer, "requests": fewer_asked, "calls to the application": fewer_called},
        )


def _met_trouble(webhook: WebhookCall) -> bool:
    return any(attempt.status is None or not 200 <= attempt.status < 300 for attempt in webhook.attempts)
