"""Commands by family. Paths are as ``parameters.canonical_path`` leaves them."""

from flask import Blueprint

from emulator.providers.clickatell.routes import batches, pushes, queries, sending, sessions

blueprint = Blueprint("clickatell", __name__)
for _family in (sessions, sending, queries, batches, pushes):
    blueprint.register_blueprint(_family.blueprint)
