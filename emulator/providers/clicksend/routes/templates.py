"""SMS templates: texts kept for later."""

from flask import request
from werkzeug.wrappers import Response

from emulator.providers.clicksend.auth import authenticate
from emulator.providers.clicksend.responses import success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.schemas.templates import TEMPLATE_IN, template_out
from emulator.providers.clicksend.tables import Table

_TEMPLATES = Table("template", TEMPLATE_IN, template_out, "NOT_FOUND/template", ("template_id", "template_name", "body"))


@v3.get("/sms/templates")
def view_templates() -> Response:
    """The account's templates."""
    return success("Here are your data.", _TEMPLATES.page(authenticate(request)))


@v3.post("/sms/templates")
def create_template() -> Response:
    """Keep a text by a name."""
    return success("New template has been saved.", _TEMPLATES.add(authenticate(request)))


@v3.get("/sms/templates/<template_id>")
def view_template(template_id: str) -> Response:
    """One template."""
    return success("Here is your template.", _TEMPLATES.view(authenticate(request), template_id))


@v3.put("/sms/templates/<template_id>")
def update_template(template_id: str) -> Response:
    """Change its name, its text or both."""
    return success("Your template has been updated.", _TEMPLATES.change(authenticate(request), template_id))


@v3.delete("/sms/templates/<template_id>")
def delete_template(template_id: str) -> Response:
    """Forget the template."""
    return success("Your template has been deleted.", _TEMPLATES.remove(authenticate(request), template_id))
