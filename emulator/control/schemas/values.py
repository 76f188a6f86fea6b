"""The values that all of the control API shares: instants, money, open objects, and how errors look."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from emulator.core.clock import EARLIEST, LATEST

MAX_LIMIT = 1000


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


class Flag(fields.Boolean):
    """true or false, not the numbers that Python takes for them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Cursor(fields.String):
    """An id to go on from; an empty one, as an unset variable of a shell leaves it, is none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, attr, data, **kwargs) or None


class ListingIn(Schema):
    """Query of a listing."""

    q = fields.String(load_default="", metadata={"description": "what to search for, in the q language"})
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_LIMIT))
    cursor = Cursor(load_default=None, metadata={"description": "next_cursor of the page before"})


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
