"""In which order calls to one host are made."""

from collections import deque
from collections.abc import Collection, Iterator

from emulator.core.webhooks import WebhookCall


class Lane:
    """Calls to one host.

    Those about one message go one by one, so that no receipt overtakes another; while the clock is frozen all of them do, in
    the order planned.
    """

    def __init__(self) -> None:
        self._waiting: deque[WebhookCall] = deque()
        self._under_way = 0
        self._behind: dict[str, deque[WebhookCall]] = {}  # by the message that a call is under way about

    @property
    def is_empty(self) -> bool:
        return not self._under_way

    def queue(self, webhook: WebhookCall, *, is_frozen: bool) -> bool:
        """Whether it has to wait, and does."""
        if self._under_way and is_frozen:
            self._waiting.append(webhook)
        elif webhook.message in self._behind:
            self._behind[webhook.message].append(webhook)
        else:
            return False
        return True

    def enter(self, webhook: WebhookCall) -> None:
        """It is under way."""
        self._under_way += 1
        if webhook.message:
            self._behind.setdefault(webhook.message, deque())

    def leave(self, message: str) -> WebhookCall | None:
        """A call about this message has ended; answers the one that is under way instead of it."""
        self._under_way -= 1
        following = None
        if self._behind.get(message):
            following = self._behind[message].popleft()
        else:
            self._behind.pop(message, None)
            if self._waiting and not self._under_way:
                following = self._waiting.popleft()
        if following is not None:
            self.enter(following)
        return following

    def waiting(self) -> Iterator[WebhookCall]:
        for line in (self._waiting, *self._behind.values()):
            yield from line

    def forget(self, webhooks: Collection[str]) -> None:
        """Those of them that wait shall not be made."""
        for line in (self._waiting, *self._behind.values()):
            kept = [webhook for webhook in line if webhook.key not in webhooks]
            line.clear()
            line.extend(kept)
