"""The PTSD Checklist for DSM-5, word for word. Pure.

Weathers, Litz, Keane, Palmieri, Marx & Schnurr (8/14/2013), National Center for PTSD (ptsd.va.gov): made by the United
States government and in the public domain. The sum of 20 items is 0 to 80; a provisional cut-point of 31 to 33 is
advised there, and no bands of severity are published. Reliable change: 15 points in one of two samples and 18 in the
other (Marx et al. 2022, Psychological Assessment 34, 197-203); 9 to 12 points mattered to people in primary care
(Blanchard et al. 2023).
"""

from notes.measures.instruments import Band, Instrument, Item, Scale

PCL5 = Instrument(
    key="pcl5",
    name="PCL-5",
    about="After a very stressful experience, twenty questions",
    version="8/14/2013, without criterion A",
    intro="Below is a list of problems that people sometimes have in response to a very stressful experience. Please "
    "read each problem carefully and then choose the answer that says how much you have been bothered by that problem "
    "in the past month.",
    stem="In the past month, how much were you bothered by:",
    answers=("Not at all", "A little bit", "Moderately", "Quite a bit", "Extremely"),
    items=(
        Item("Repeated, disturbing, and unwanted memories of the stressful experience?"),
        Item("Repeated, disturbing dreams of the stressful experience?"),
        Item(
            "Suddenly feeling or acting as if the stressful experience were actually happening again (as if you were "
            "actually back there reliving it)?"
        ),
        Item("Feeling very upset when something reminded you of the stressful experience?"),
        Item(
            "Having strong physical reactions when something reminded you of the stressful experience (for example, "
            "heart pounding, trouble breathing, sweating)?"
        ),
        Item("Avoiding memories, thoughts, or feelings related to the stressful experience?"),
        Item(
            "Avoiding external reminders of the stressful experience (for example, people, places, conversations, "
            "activities, objects, or situations)?"
        ),
        Item("Trouble remembering important parts of the stressful experience?"),
        Item(
            "Having strong negative beliefs about yourself, other people, or the world (for example, having thoughts "
            "such as: I am bad, there is something seriously wrong with me, no one can be trusted, the world is "
            "completely dangerous)?"
        ),
        Item("Blaming yourself or someone else for the stressful experience or what happened after it?"),
        Item("Having strong negative feelings such as fear, horror, anger, guilt, or shame?"),
        Item("Loss of interest in activities that you used to enjoy?"),
        Item("Feeling distant or cut off from other people?"),
        Item(
            "Trouble experiencing positive feelings (for example, being unable to feel happiness or have loving "
            "feelings for people close to you)?"
        ),
        Item("Irritable behavior, angry outbursts, or acting aggressively?"),
        Item("Taking too many risks or doing things that could cause you harm?"),
        Item("Being “superalert” or watchful or on guard?"),
        Item("Feeling jumpy or easily startled?"),
        Item("Having difficulty concentrating?"),
        Item("Trouble falling or staying asleep?"),
    ),
    scales=(
        Scale(
            "pcl5",
            "PCL-5",
            tuple(range(1, 21)),
            80,
            (Band(0, "Below the cut-point"), Band(31, "At or above cut-point")),
            reliable_change=15,
        ),
    ),
    source="National Center for PTSD, US Department of Veterans Affairs; ptsd.va.gov",
    licence="Free: in the public domain, not copyrighted.",
    rules="A sum from 31 to 33 up is a provisional sign; a diagnosis needs an interview. Scored only when every "
    "question is answered; we know of no published rule for a missing answer. Reliable change: 15 points (Marx et al. "
    "2022 found 15 and 18 in two samples; smaller changes may still matter).",
    minutes=8,
)
