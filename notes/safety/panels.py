"""The way to a safety plan from where somebody in need of one may be."""

from flask import render_template

from practice.core.panels import fills


@fills("crisis", order=10)
def kept_plan(**_more: object) -> str:
    """Lead to the plan that this device keeps, where it keeps one; the page itself finds out."""
    return render_template("notes/safety/way_kept.html")
