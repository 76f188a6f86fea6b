"""Why a request or a message is refused, in words every provider's code table can be mapped from."""

from enum import StrEnum


class Reason(StrEnum):
    """The causes of refusal; their values are public, fault rules name them."""

    BAD_CREDENTIALS = "bad_credentials"
    ACCOUNT_BLOCKED = "account_blocked"
    NO_CREDIT = "no_credit"
    MALFORMED = "malformed"
    MISSING_FIELD = "missing_field"
    INVALID_FIELD = "invalid_field"
    INVALID_RECIPIENT = "invalid_recipient"
    UNROUTABLE = "unroutable"
    OPTED_OUT = "opted_out"
    RECIPIENT_BLOCKED = "recipient_blocked"
    INVALID_SENDER = "invalid_sender"
    EMPTY_TEXT = "empty_text"
    TEXT_TOO_LONG = "text_too_long"
    TOO_MANY_RECIPIENTS = "too_many_recipients"
    INVALID_SCHEDULE = "invalid_schedule"
    NOT_FOUND = "not_found"
    NOT_CANCELLABLE = "not_cancellable"
    THROTTLED = "throttled"
    NOT_PERMITTED = "not_permitted"
    UNKNOWN_OPERATION = "unknown_operation"
    INTERNAL = "internal"


class Refusal(Exception):
    """A request, or one message of it, is refused for ``reason``.

    ``detail`` is for the developer at the inbox or the console, never for the provider's wire; ``field`` is the request's
    own name of the offending value; ``setting`` names the account setting that decided, where one did; empty: none would help.
    """

    def __init__(self, reason: Reason, detail: str = "", *, field: str | None = None, setting: str | None = None) -> None:
        super().__init__(detail or reason.value)
        self.reason = reason
        self.detail = detail
        self.field = field
        self.setting = setting
