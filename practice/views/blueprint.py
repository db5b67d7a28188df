"""The blueprint that every page of the people's part hangs on."""

from flask import Blueprint

bp = Blueprint("practice", __name__)
