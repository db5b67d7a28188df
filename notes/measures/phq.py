"""The Patient Health Questionnaires and the GAD-7, word for word. Pure.

Items, answers and the notice "No permission required to reproduce, translate, display or distribute" stand on the
forms of Spitzer, Williams, Kroenke and colleagues (phqscreeners.com). Bands: Kroenke, Spitzer & Williams 2001 (PHQ-9),
2003 (PHQ-2), Kroenke et al. 2009 (PHQ-8), Spitzer et al. 2006 (GAD-7), Kroenke et al. 2007 (GAD-2). Reliable change of
PHQ-9 and GAD-7: Gyani et al. 2013, as the English talking therapies count it. Missing answers of the PHQ-9: up to two
count as the mean of the others (Kroenke et al. 2010, doi 10.1016/j.genhosppsych.2010.03.006; Arrieta et al. 2017).
"""

from notes.measures.instruments import Afterthought, Band, Instrument, Item, Scale

_STEM = "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
_ANSWERS = ("Not at all", "Several days", "More than half the days", "Nearly every day")
_LICENCE = "Free: no permission required to reproduce, translate, display or distribute."
_SOURCE = "Spitzer, Williams, Kroenke and colleagues, with an educational grant from Pfizer Inc.; phqscreeners.com"
_DIFFICULT = Afterthought(
    "If you checked off any problems, how difficult have these problems made it for you to do your work, take care of "
    "things at home, or get along with other people?",
    ("Not difficult at all", "Somewhat difficult", "Very difficult", "Extremely difficult"),
)
_LOW = (
    Item("Little interest or pleasure in doing things"),
    Item("Feeling down, depressed, or hopeless"),
    Item("Trouble falling or staying asleep, or sleeping too much"),
    Item("Feeling tired or having little energy"),
    Item("Poor appetite or overeating"),
    Item("Feeling bad about yourself — or that you are a failure or have let yourself or your family down"),
    Item("Trouble concentrating on things, such as reading the newspaper or watching television"),
    Item(
        "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so fidgety or "
        "restless that you have been moving around a lot more than usual"
    ),
)
_HARM = Item("Thoughts that you would be better off dead or of hurting yourself in some way", alert_from=1)
_WORRY = (
    Item("Feeling nervous, anxious or on edge"),
    Item("Not being able to stop or control worrying"),
    Item("Worrying too much about different things"),
    Item("Trouble relaxing"),
    Item("Being so restless that it is hard to sit still"),
    Item("Becoming easily annoyed or irritable"),
    Item("Feeling afraid as if something awful might happen"),
)
_WHOLE = "Scored only when every question is answered; we know of no published rule for a missing answer."
_DEPRESSION = (
    Band(0, "Minimal"),
    Band(5, "Mild"),
    Band(10, "Moderate"),
    Band(15, "Moderately severe"),
    Band(20, "Severe"),
)
_SCREEN = (Band(0, "Below the cut-off"), Band(3, "At or above cut-off"))

PHQ9 = Instrument(
    key="phq9",
    name="PHQ-9",
    about="Low mood, nine questions",
    version="2001, English (US)",
    intro="",
    stem=_STEM,
    answers=_ANSWERS,
    items=(*_LOW, _HARM),
    scales=(Scale("phq9", "PHQ-9", tuple(range(1, 10)), 27, _DEPRESSION, most_missing=2, reliable_change=6),),
    source=_SOURCE,
    licence=_LICENCE,
    rules="Bands at 5, 10, 15 and 20. Up to two missing answers count as the mean of the others (Kroenke et al. 2010); "
    "with more missing there is no score. Reliable change: 6 points (Gyani et al. 2013). "
    "Any answer above “Not at all” to question 9 alerts you at once.",
    minutes=3,
    afterthought=_DIFFICULT,
)
PHQ8 = Instrument(
    key="phq8",
    name="PHQ-8",
    about="Low mood, eight questions, none of them about harming oneself",
    version="2009, English (US)",
    intro="",
    stem=_STEM,
    answers=_ANSWERS,
    items=_LOW,
    scales=(Scale("phq8", "PHQ-8", tuple(range(1, 9)), 24, _DEPRESSION),),
    source=_SOURCE,
    licence=_LICENCE,
    rules=f"Bands at 5, 10, 15 and 20 (Kroenke et al. 2009). {_WHOLE}",
    minutes=3,
)
PHQ2 = Instrument(
    key="phq2",
    name="PHQ-2",
    about="Low mood, the two first questions",
    version="2003, English (US)",
    intro="",
    stem=_STEM,
    answers=_ANSWERS,
    items=_LOW[:2],
    scales=(Scale("phq2", "PHQ-2", (1, 2), 6, _SCREEN),),
    source=_SOURCE,
    licence=_LICENCE,
    rules=f"Cut-off at 3 (Kroenke, Spitzer & Williams 2003). {_WHOLE}",
    minutes=1,
)
GAD7 = Instrument(
    key="gad7",
    name="GAD-7",
    about="Worry, seven questions",
    version="2006, English (US)",
    intro="",
    stem=_STEM,
    answers=_ANSWERS,
    items=_WORRY,
    scales=(
        Scale(
            "gad7",
            "GAD-7",
            tuple(range(1, 8)),
            21,
            (Band(0, "Minimal"), Band(5, "Mild"), Band(10, "Moderate"), Band(15, "Severe")),
            reliable_change=4,
        ),
    ),
    source=_SOURCE,
    licence=_LICENCE,
    rules=f"Bands at 5, 10 and 15 (Spitzer et al. 2006). {_WHOLE} Reliable change: 4 points (Gyani et al. 2013).",
    minutes=2,
)
GAD2 = Instrument(
    key="gad2",
    name="GAD-2",
    about="Worry, the two first questions",
    version="2007, English (US)",
    intro="",
    stem=_STEM,
    answers=_ANSWERS,
    items=_WORRY[:2],
    scales=(Scale("gad2", "GAD-2", (1, 2), 6, _SCREEN),),
    source=_SOURCE,
    licence=_LICENCE,
    rules=f"Cut-off at 3 (Kroenke et al. 2007). {_WHOLE}",
    minutes=1,
)
