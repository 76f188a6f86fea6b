"""The whole state as one document; what stands in its lists follows the classes that are kept."""

from marshmallow import Schema, fields

from emulator.control.schemas.values import Instant


class SnapshotClockOut(Schema):
    now = Instant(required=True)
    frozen = fields.Boolean(required=True)
    shift = fields.Float(required=True, metadata={"description": "seconds that a running clock is ahead"})


class SnapshotOut(Schema):
    format = fields.Integer(required=True, metadata={"enum": [1]})
    version = fields.String(required=True, metadata={"description": "of the emulator that wrote it"})
    clock = fields.Nested(SnapshotClockOut, required=True)
    numbers = fields.Dict(fields.String(), fields.Integer(), required=True)
    entities = fields.Dict(fields.String(), fields.List(fields.Dict(fields.String())), required=True)
    events = fields.List(fields.Dict(fields.String()), required=True)


class SnapshotPutOut(Schema):
    loaded = fields.Boolean(required=True)
