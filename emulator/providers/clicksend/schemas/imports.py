"""Files of contacts: where they are and what their columns hold."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from emulator.edge.errors import MISSING
from emulator.providers.clicksend.schemas.contacts import CUSTOM, FACTS, NAMES
from emulator.providers.clicksend.schemas.wire import In, Text

COLUMNS = {
    "phone": "phone_number",
    **{name: name for name in NAMES},
    **{name.replace("_", ""): name for name in CUSTOM},
    **{name: name for name in FACTS},
}
"""The contact's own name for each that a column may have."""


class Columns(fields.Field[list[str]]):
    """Names of columns in their order, as a list or, as the vendor's client has it, a text with commas; "" skips one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:  # noqa: ARG002
        if isinstance(value, str):
            value = [name.strip(' []"') for name in value.split(",")] if value.strip() else []
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise ValidationError("Not a valid list.")
        if not any(value):
            raise ValidationError(MISSING)
        if unknown := set(value) - set(COLUMNS) - {""}:
            raise ValidationError(f"no column can hold {', '.join(sorted(unknown))}")
        return value


class FileIn(In):
    url = Text(
        data_key="file_url",
        required=True,
        validate=validate.Regexp(r"https?://[^\s/?#]+\S*\Z", error="neither http nor https"),
    )


class ImportIn(FileIn):
    columns = Columns(data_key="field_order", required=True)


FILE_IN, IMPORT_IN = FileIn(), ImportIn()
