"""What the families hang their endpoints on."""

from flask import Blueprint

v3 = Blueprint("v3", __name__, url_prefix="/v3")
