"""The one blueprint that every page of booking joins."""

from flask import Blueprint

bp = Blueprint("booking", __name__)
