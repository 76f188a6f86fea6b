"""The one place where errors become answers."""

import logging
from collections.abc import Mapping

from flask import Flask, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from emulator.core.journal import Ruling
from emulator.edge.context import capture
from emulator.edge.errors import Fail, is_foreseen
from emulator.edge.faults import Struck, answer
from emulator.edge.links import is_short
from emulator.edge.provider import Api
from emulator.fixtures import Code

_log = logging.getLogger("emulator.errors")


def install(app: Flask, apis: Mapping[str, Api]) -> None:
    """Answer every error below a prefix of ``apis`` in that dialect; the longest prefix wins."""
    by_length = sorted(apis.items(), key=lambda item: -len(item[0]))

    def render(error: Exception) -> Response:
        for prefix, api in by_length:
            if f"{request.path}/".startswith(f"{prefix}/"):
                return _struck(api, error) if isinstance(error, Struck) else _rendered(api, error)
        raise error

    app.register_error_handler(Exception, render)


def finish_answers(app: Flask, apis: Mapping[str, Api]) -> None:
    """Let each dialect put its last touch on its answers.

    Those of a front end that a fault has put there stay bare, and so do short links, which are no part of any dialect.
    """
    by_length = sorted(((prefix, api.finish) for prefix, api in apis.items() if api.finish), key=lambda item: -len(item[0]))

    @app.after_request
    def finish(response: Response) -> Response:
        for prefix, touch in () if is_short(request.path) or g.get("struck") else by_length:
            if f"{request.path}/".startswith(f"{prefix}/"):
                return touch(response)
        return response


def ruling(row: Code, fail: Fail) -> Ruling:
    return Ruling(
        code=row.code,
        rule=row.when,
        field=fail.field,
        detail=fail.detail,
        source=row.source,
        evidence=row.evidence,
        setting=(row.setting if fail.setting is None else fail.setting) or None,
    )


def _struck(api: Api, struck: Struck) -> Response:
    g.struck = True
    capture().ruling = Ruling("fault", "A fault rule replaces the answer.", detail=struck.described)
    return answer(struck, api.render_status)


def _rendered(api: Api, error: Exception) -> Response:
    fail = api.errors.fail(error)
    if not is_foreseen(error):
        _log.error("%s %s: unexpected error", request.method, request.path, exc_info=error)
    row = api.errors.row(fail)
    capture().ruling = ruling(row, fail)
    response = api.render_error(fail, row)
    if isinstance(error, HTTPException) and error.code == 405:
        response.headers["Allow"] = dict(error.get_headers()).get("Allow", "")
    return response
