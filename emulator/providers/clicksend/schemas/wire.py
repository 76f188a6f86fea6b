"""What all families share: how values are read and written."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from emulator.edge.errors import MISSING

_NUMBER = re.compile(r"\s*-?[0-9]{1,18}\s*")
FILLED = validate.Length(min=1, error=MISSING)  # an empty array counts as missing where one is required
LATEST = datetime(9000, 1, 1, tzinfo=UTC)


class In(Schema):
    class Meta:
        unknown = EXCLUDE  # the service ignores keys it does not know


class Text(fields.String):
    """A text; null is none. With ``required`` a blank one counts as missing, and so does an empty array."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if self.required and value == []:
            raise ValidationError(MISSING)
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if self.required and not text.strip():
            raise ValidationError(MISSING)
        return text


class Whole(fields.Field[int]):
    """A whole number, also as a text of digits, as the document's own samples write it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:  # noqa: ARG002
        if value == [] or (isinstance(value, str) and not value.strip()):
            raise ValidationError(MISSING)
        if isinstance(value, str):
            value = _number(value)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise ValidationError("Not a valid integer.")
        return value


class Moment(fields.Field[datetime | None]):
    """A unix timestamp, number or text; nothing, 0 and what is over mean now, which is None."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime | None:  # noqa: ARG002
        if value == "":
            return None
        if isinstance(value, str):
            value = _number(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError("no unix timestamp")
        if value <= 0:
            return None
        if value > LATEST.timestamp():
            raise ValidationError("too far ahead")
        return datetime.fromtimestamp(value, UTC)


def _number(text: str) -> int | None:
    """What the digits say, where there are no more of them than any number here has; None for anything else."""
    return int(text) if _NUMBER.fullmatch(text) else None


def unix(instant: datetime) -> int:
    return int(instant.timestamp())


def trimmed(amount: Decimal, decimals: int = 4) -> str:
    """At most so many decimals, none that are zero at the end."""
    text = f"{amount:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(amount: Decimal) -> int | float:
    """A JSON number, whole where it can be."""
    return int(amount) if amount == int(amount) else float(round(amount, 6))
