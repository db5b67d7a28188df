"""What a browser forgets when a counselor signs out: the drafts kept on the device, and their key.

The page deletes them and says so (js/sign_out.js); where it does not, the browser is told to clear everything, the
key that others know it by in a session included.
"""

from flask import Response, g, request

from notes.views.blueprint import bp
from practice.security import person_or_none


@bp.before_app_request
def _remember_who_leaves() -> None:
    if request.endpoint == "practice.sign_out":
        person = person_or_none()
        g.counselor_leaves = person is not None and person.is_counselor and request.form.get("drafts") != "gone"


@bp.after_app_request
def _clear_the_device(response: Response) -> Response:
    if g.pop("counselor_leaves", False):
        response.headers["Clear-Site-Data"] = '"storage"'
    return response
