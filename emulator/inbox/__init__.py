"""The inbox: what a browser sees at ``/``. Built on the control API, whose words and forms it uses.

Pages are rendered here and refreshed by ``static/inbox.js`` and htmx. They work offline; none runs a script that is no file.
"""

from flask import Blueprint, Flask

from emulator.inbox import pages
from emulator.inbox.routes import campaigns, contracts, controls, exchanges, messages, phones, stream

_ROOMS = (stream, phones, messages, exchanges, campaigns, controls, contracts)


def install(app: Flask) -> None:
    """Mount the pages and their assets."""
    inbox = Blueprint("inbox", __name__, template_folder="templates", static_folder="static", static_url_path="/_inbox/static")
    for room in _ROOMS:
        inbox.register_blueprint(room.blueprint)
    inbox.after_request(pages.guarded)
    inbox.register_error_handler(Exception, pages.failed)
    inbox.context_processor(pages.surroundings)
    app.register_blueprint(inbox)
    app.before_request(pages.lost)
    pages.teach(app.jinja_env)
