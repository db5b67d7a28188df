"""The one blueprint that every page of billing joins."""

from flask import Blueprint

bp = Blueprint("billing", __name__)
