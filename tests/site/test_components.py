"""The parts pages are made of say what they are to people who cannot see them, and trust no text."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, render_template_string

from practice.core.forms import Errors, blank
from tests.support.pages import faults

ROOT = Path(__file__).parents[2]
IMPORTS = "".join(f'{{% import "components/{name}.html" as {name} %}}' for name in ("forms", "ui", "tables", "charts"))
SPRITE = (ROOT / "practice" / "static" / "img" / "icons.svg").read_text()


@pytest.fixture
def bare() -> Flask:
    """An app with our templates and nothing else: the parts need no more."""
    app = Flask("parts", root_path=str(ROOT), static_folder="practice/static", template_folder="templates")
    app.secret_key = "a secret for the tests only"
    app.jinja_env.globals["csrf_token"] = lambda: "a-token"
    return app


def render(app: Flask, part: str, **context: object) -> str:
    """Render a part as a page would."""
    with app.test_request_context():
        return render_template_string(IMPORTS + part, **context)


def test_a_field_ties_its_hint_and_its_message_to_the_control(bare: Flask) -> None:
    form = Errors({"email": "alice@"}, {"email": "Enter an e-mail address like name@example.com."})
    shown = render(bare, '{{ forms.field("email", "E-mail", form, hint="We write there.") }}', form=form)
    assert 'aria-describedby="email-hint email-error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'value="alice@"' in shown


def test_a_field_that_may_stay_empty_says_so(bare: Flask) -> None:
    shown = render(bare, '{{ forms.field("phone", "Phone", form, required=False) }}', form=blank())
    assert "(optional)" in shown
    assert " required" not in shown


def test_a_password_is_never_written_back(bare: Flask) -> None:
    form = blank(password="correct horse")
    shown = render(bare, '{{ forms.password("password", "Password", form) }}', form=form)
    assert "correct horse" not in shown


def test_the_summary_leads_to_each_field(bare: Flask) -> None:
    form = Errors({}, {"day": "Choose a day.", "time": "Choose a time."})
    shown = render(bare, "{{ forms.errors(form) }}", form=form)
    assert '<a href="#day">Choose a day.</a>' in shown
    assert 'role="alert"' in shown


def test_a_form_without_faults_has_no_summary(bare: Flask) -> None:
    assert render(bare, "{{ forms.errors(form) }}", form=blank()).strip() == ""


@pytest.mark.parametrize("chosen", ["en", ["en"], ["en", "de"]])
def test_ticked_boxes_stay_ticked_whether_one_or_many_were_sent(bare: Flask, chosen: object) -> None:
    part = '{{ forms.checkboxes("languages", "Languages", [("en", "English"), ("de", "German")], form) }}'
    shown = render(bare, part, form=blank(languages=chosen))
    assert shown.count(" checked") == (1 if isinstance(chosen, str) else len(chosen))


def test_a_button_that_does_something_carries_a_token(bare: Flask) -> None:
    shown = render(bare, '{{ ui.post_button("Cancel", "/x", "danger", fields={"version": 3}, confirm="Sure?") }}')
    assert 'name="csrf_token" value="a-token"' in shown
    assert 'name="version" value="3"' in shown
    assert 'data-confirm="Sure?"' in shown


def test_no_part_trusts_the_text_it_is_given(bare: Flask) -> None:
    evil = '"><script>alert(1)</script>'
    parts = """
      {{ ui.page_header(evil, evil) }}{{ ui.badge(evil) }}{{ ui.stat(evil, evil) }}{{ ui.status(evil) }}
      {{ ui.definition([(evil, evil)]) }}{{ ui.empty(evil, evil, evil, "/x") }}
      {{ ui.post_button(evil, "/x", confirm=evil) }}
      {{ forms.field("a", evil, form, hint=evil) }}{{ forms.textarea("a", evil, form, id="b") }}{{ forms.errors(form) }}
      {{ forms.select("a", evil, [(evil, evil)], form, id="c") }}{{ charts.bars([(evil, 1)], evil) }}
    """
    shown = render(bare, parts, evil=evil, form=Errors({"a": evil}, {"a": evil}))
    assert "<script>" not in shown


def test_every_status_is_told_by_word_and_shape(bare: Flask) -> None:
    for state in ("held", "confirmed", "completed", "no_show", "cancelled", "expired", "paid", "refunded", "draft"):
        shown = render(bare, "{{ ui.status(state) }}", state=state)
        assert "<use href=" in shown
        assert shown.rpartition("</svg>")[2].partition("<")[0].strip()


def test_a_status_nobody_foresaw_is_still_readable(bare: Flask) -> None:
    assert "Under review" in render(bare, '{{ ui.status("under_review") }}')


def test_a_chart_says_its_numbers_in_a_table_too(bare: Flask) -> None:
    shown = render(bare, '{{ charts.bars([("Mon", 4), ("Tue", 6)], "Tuesday is the fullest day") }}')
    assert '<th scope="row">Tue</th><td class="cell-number">6</td>' in shown


def test_bars_with_names_lie_below_each_other_and_keep_what_they_stand_for(bare: Flask) -> None:
    shown = render(bare, '{{ charts.lying_bars([("Long talks", 4, "$4"), ("Short ones", 1, "$1")], "Talks") }}')
    for name, amount, width in (("Long talks", "$4", "100.0"), ("Short ones", "$1", "25.0")):
        row = shown.partition(f"<span>{name}</span>")[2].partition("</li>")[0]
        assert amount in row
        assert f'class="chart-bar" width="{width}"' in row
    assert "<figure" in render(bare, '{{ charts.lying_bars([("None", 0, "$0")], "A quiet month") }}')


def test_a_chart_of_nothing_does_not_divide_by_it(bare: Flask) -> None:
    assert "<figure" in render(bare, '{{ charts.bars([("Mon", 0)], "A quiet day") }}{{ charts.bars([], "Nothing") }}')


def test_a_page_of_parts_is_well_made(bare: Flask) -> None:
    parts = """<!doctype html><html lang="en"><head><title>Parts · Stillpoint</title></head><body>
      {{ ui.page_header("Parts") }}{{ ui.stepper(["One", "Two"], 2) }}{{ ui.tabs([("A", "#", True)]) }}
      {{ ui.timeline([{"title": "Booked", "at": "10:00"}]) }}{{ ui.meter("Microphone", 40) }}
      {% call ui.card("Card") %}<p>Words</p>{% endcall %}{% call ui.notice("wait", "Held") %}<p>Words</p>{% endcall %}
      {% call tables.table("Payments", ["Day", ("Amount", "number"), ("", "actions")]) %}
        <tr>{{ tables.head_cell("Day", "Monday") }}{{ tables.cell("Amount", "$120.00", "number") }}
          {{ tables.cell("", "") }}</tr>
      {% endcall %}
      <form method="post">{{ forms.csrf() }}{{ forms.radios("kind", "Kind", [("a", "A", "hint")], form) }}
        {{ forms.checkbox("ok", "Okay", form, hint="hint") }}{{ forms.date_field("day", "Day", form) }}
        {{ forms.time_field("time", "Time", form) }}{{ forms.file_field("photo", "Photo", form) }}
        {{ forms.submit("Save") }}</form>
      </body></html>"""
    assert faults(render(bare, parts, form=blank())) == []


def test_every_icon_a_page_asks_for_is_drawn() -> None:
    drawn = set(_named(SPRITE, 'id="'))
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text()
        asked = {*_named(text, 'ui.icon("'), *_named(text, 'icon="'), *_named(text, "ui.icon('")}
        assert asked <= drawn | {""}, template.name


def _named(text: str, before: str) -> list[str]:
    return [piece.partition(before[-1])[0] for piece in text.split(before)[1:]]
