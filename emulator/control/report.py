"""Collects what a session's report tells: everything there is, and what a full reset was about to forget."""

from itertools import islice

from flask import Flask

from emulator import __version__
from emulator.control.routes.messages import links_of
from emulator.control.routes.webhooks import webhooks_of
from emulator.control.schemas.exchanges import CRASH_OUT
from emulator.control.schemas.messages import message_detail
from emulator.control.schemas.webhooks import webhook_out
from emulator.control.wire import exchange_out
from emulator.core.journal import Exchange
from emulator.core.message import Message
from emulator.core.webhooks import WebhookCall
from emulator.edge.context import smsc
from emulator.edge.crashes import Crash
from emulator.report import Chapter, render

MOST_TOLD = 2_000  # messages, requests and calls of each chapter
MOST_CHAPTERS = 500


class Report:
    """The report of the emulator that is ``app``; costs nothing unless it ``is_wanted``."""

    def __init__(self, app: Flask, *, is_wanted: bool) -> None:
        self._app = app
        self._is_wanted = is_wanted
        self._chapters: list[Chapter] = []

    def close_chapter(self) -> None:
        """Remember what there is, because it is about to be forgotten."""
        if self._is_wanted and len(self._chapters) < MOST_CHAPTERS:
            chapter = self._present(f"Until reset {len(self._chapters) + 1}")
            if chapter.exchanges or chapter.messages or chapter.crashes:
                self._chapters.append(chapter)

    def page(self) -> str:
        with self._app.app_context():
            last = self._present("Until the end" if self._chapters else "The session")
        return render([*self._chapters, last], title="SMS session", version=__version__)

    def _present(self, title: str) -> Chapter:
        """Oldest first, as one reads."""
        store = smsc.store
        messages = list(islice(store.find(Message, newest=True), MOST_TOLD))[::-1]
        exchanges = list(islice(store.find(Exchange, newest=True), MOST_TOLD))[::-1]
        webhooks = list(islice(store.find(WebhookCall, newest=True), MOST_TOLD))[::-1]
        return Chapter(
            title,
            messages=[message_detail(message, links_of(message), webhooks_of(message), None) for message in messages],
            exchanges=[exchange_out(exchange) for exchange in exchanges],
            webhooks=[webhook_out(webhook) for webhook in webhooks],
            crashes=CRASH_OUT.dump(list(store.find(Crash)), many=True),
            left_out=store.count(Message) - len(messages),
        )
