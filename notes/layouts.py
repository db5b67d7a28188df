"""The layouts that come with the house. Pure.

SOAP after Weed, "Medical records that guide and teach" (NEJM 1968); DAP, BIRP and GIRP as behavioural health
payers name them. What a psychotherapy note may not hold stands in 45 CFR 164.501.
"""

from notes.shapes import Layout, Section

_ASSESSMENT = Section("assessment", "Assessment", "How you understand it, and what has changed.")
_PLAN = Section("plan", "Plan", "What happens next, and who does it.")
_INTERVENTION = Section("intervention", "Intervention", "What you did, and why it was called for.")
_RESPONSE = Section("response", "Response", "How your client took it up, and any progress.")
_RISK = Section("risk", "Risk and safety", "What was asked, what was said, what was agreed.")

SOAP = Layout(
    "soap",
    "SOAP",
    "Subjective, objective, assessment, plan",
    (
        Section("subjective", "Subjective", "What your client told you, in their words where you can."),
        Section("objective", "Objective", "What you saw and heard: mood, affect, measures."),
        _ASSESSMENT,
        _PLAN,
    ),
)
DAP = Layout(
    "dap",
    "DAP",
    "Data, assessment, plan",
    (Section("data", "Data", "What was said and what you saw."), _ASSESSMENT, _PLAN),
)
BIRP = Layout(
    "birp",
    "BIRP",
    "Behavior, intervention, response, plan",
    (
        Section("behavior", "Behavior", "How your client presented: what was said and what you saw."),
        _INTERVENTION,
        _RESPONSE,
        _PLAN,
    ),
)
GIRP = Layout(
    "girp",
    "GIRP",
    "Goal, intervention, response, plan",
    (Section("goal", "Goal", "The goal or objective this session served."), _INTERVENTION, _RESPONSE, _PLAN),
    gathers="response",
)
FREE = Layout(
    "free",
    "Free text",
    "One open page",
    (Section("text", "Note", "Write as you would on paper."),),
)
INTAKE = Layout(
    "intake",
    "Intake",
    "A first meeting, whole",
    (
        Section("presenting", "What brings them", "In their words, and why now."),
        Section("history", "History", "Earlier help, family, health, work, what they have come through."),
        Section("mental_status", "Mental status", "Appearance, mood, affect, thought, memory, insight."),
        _RISK,
        Section("strengths", "Strengths and support", "Who and what already helps."),
        _ASSESSMENT,
        _PLAN,
    ),
)
TREATMENT_PLAN = Layout(
    "treatment_plan",
    "Treatment plan",
    "What was agreed about the plan",
    (
        Section("reviewed", "What was reviewed", "Problems, goals and how far they have come."),
        Section("agreed", "What was agreed", "Goals, objectives and interventions, as agreed together."),
        Section("clients_view", "Your client's view", "What they said about the plan, and whether they agree."),
        Section("next_review", "Next review", "When, and what would bring it forward."),
    ),
)
DISCHARGE = Layout(
    "discharge",
    "Discharge",
    "How the work ended",
    (
        Section("reason", "Why it ends now", "Completed, referred, moved, stopped: whose decision, and how."),
        Section("course", "Course", "What you worked on, and what changed."),
        Section("condition", "How they are now", "Compared with the beginning; last measures."),
        _RISK,
        Section("afterwards", "Afterwards", "Referrals, what helps, how to come back."),
    ),
)
CONTACT = Layout(
    "contact",
    "Contact",
    "A call, a message, a word with somebody else",
    (
        Section("with_whom", "With whom and how", "By phone, message or letter; with your client or somebody else."),
        Section("said", "What was said", "In short."),
        Section("follows", "What follows", "What you or they will do."),
    ),
    gathers="said",
)
MISSED = Layout(
    "missed",
    "Missed session",
    "Nobody came, or it was called off late",
    (
        Section("happened", "What happened", "How you learned of it, how long you waited."),
        Section("outreach", "How you reached out", "When, by which way, and what came back."),
        _RISK,
        _PLAN,
    ),
)
GROUP = Layout(
    "group",
    "Group session",
    "What the group did, and one person's own part",
    (
        Section("common", "The group", "What the group did. The same in everybody's chart, so nobody is named."),
        Section("individual", "Own part", "How this person took part. Only in their own chart."),
        _PLAN,
    ),
    gathers="individual",
)
LAYOUTS = {
    layout.key: layout
    for layout in (SOAP, DAP, BIRP, GIRP, INTAKE, TREATMENT_PLAN, DISCHARGE, CONTACT, MISSED, GROUP, FREE)
}


def usual(status: str, *, shared: bool) -> Layout:
    """Return the layout a note of a session begins in: by what became of the session, and whether it was shared."""
    if status in {"no_show", "cancelled"}:
        return MISSED
    return GROUP if shared else SOAP
