"""The wire as it is shown, and failures of the emulator itself."""

from marshmallow import Schema, fields

from emulator.control.schemas.values import Instant

_HEADERS = {"type": "object", "additionalProperties": {"type": "string"}}


class RequestOut(Schema):
    method = fields.String(required=True)
    path = fields.String(required=True)
    headers = fields.Raw(required=True, metadata=_HEADERS)
    body = fields.String(required=True)
    cut = fields.Boolean(required=True, metadata={"description": "the body was longer than what is kept"})


class ResponseOut(Schema):
    status = fields.Integer(required=True)
    headers = fields.Raw(required=True, metadata=_HEADERS)
    body = fields.String(required=True)
    cut = fields.Boolean(required=True)


class RefusalOut(Schema):
    code = fields.String(required=True)
    rule = fields.String(required=True)
    detail = fields.String(required=True)
    field = fields.String(required=True, allow_none=True)
    source = fields.String(required=True, allow_none=True)
    evidence = fields.String(required=True, allow_none=True)
    setting = fields.String(required=True, allow_none=True, metadata={"description": "the setting that relaxes the rule"})


class RefusedMessageOut(RefusalOut):
    to = fields.String(required=True)


class ExchangeOut(Schema):
    id = fields.String(required=True)
    provider = fields.String(required=True)
    account = fields.String(required=True, allow_none=True)
    operation = fields.String(required=True, allow_none=True)
    at = Instant(required=True)
    request = fields.Nested(RequestOut, required=True)
    response = fields.Nested(ResponseOut, required=True)
    refusal = fields.Nested(RefusalOut, required=True, allow_none=True)
    refused = fields.List(
        fields.Nested(RefusedMessageOut),
        required=True,
        metadata={"description": "of a request that was answered message by message, the first few that were refused"},
    )
    messages = fields.List(fields.String(), required=True, metadata={"description": "ids of the messages it brought"})


class ExchangesOut(Schema):
    exchanges = fields.List(fields.Nested(ExchangeOut), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class CrashOut(Schema):
    """Something the emulator did not foresee."""

    id = fields.String(attribute="key", required=True)
    at = Instant(required=True)
    account = fields.String(required=True, allow_none=True)
    where = fields.String(required=True)
    traceback = fields.String(required=True)


class CrashesOut(Schema):
    crashes = fields.List(fields.Nested(CrashOut), required=True)


CRASH_OUT = CrashOut()
