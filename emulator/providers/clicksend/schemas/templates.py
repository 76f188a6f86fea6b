"""SMS templates in and out."""

from typing import Any

from emulator.core.records import Record
from emulator.providers.clicksend.schemas.wire import In, Text


class TemplateIn(In):
    template_name = Text(required=True)
    body = Text(required=True)


TEMPLATE_IN = TemplateIn()


def template_out(record: Record) -> dict[str, Any]:
    values = record.values
    return {"template_id": record.number, "body": values["body"], "template_name": values["template_name"]}
