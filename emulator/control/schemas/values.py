"""The values that all of the control API shares: instants, money, open objects, and how errors look."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

MAX_LIMIT = 1000
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)  # far enough from the end of the calendar for all that is planned from there


class Instant(fields.Field[datetime]):
    """ISO 8601; without an offset it is UTC."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ARG002
        return None if value is None else iso(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:  # noqa: ARG002
        try:
            instant = datetime.fromisoformat(value)
            instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
        except (TypeError, ValueError, OverflowError) as error:
            raise ValidationError("must be a time such as 2026-01-31T12:00:00Z") from error
        if not EARLIEST <= instant <= LATEST:
            raise ValidationError(f"must be between {EARLIEST:%Y} and {LATEST:%Y}")
        return instant


class Money(fields.Field[Any]):
    """A decimal string, with two decimals at least."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:  # noqa: ARG002
        return money(value)


class ListingIn(Schema):
    """Query of a listing."""

    q = fields.String(load_default="", metadata={"description": "what to search for, in the q language"})
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_LIMIT))
    cursor = fields.String(load_default=None, metadata={"description": "next_cursor of the page before"})


class PageIn(Schema):
    """Query of a listing that is not searched."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_LIMIT))
    cursor = fields.String(load_default=None)


class DeletedOut(Schema):
    deleted = fields.Raw(required=True, metadata={"type": ["integer", "string"], "description": "how many, or the id"})


class FailureOut(Schema):
    code = fields.String(required=True)
    message = fields.String(required=True)
    field = fields.String(required=True, allow_none=True)


class ErrorOut(Schema):
    """What every refused call answers."""

    error = fields.Nested(FailureOut, required=True)


LISTING_IN = ListingIn()


def iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def money(amount: Any) -> str:
    """A decimal string, with two decimals at least and no exponent."""
    text = f"{amount:f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
