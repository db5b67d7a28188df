"""Who works at, and comes to, the demo practice. Everybody is invented. Pure."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "quiet harbour morning"  # noqa: S105 -- the demo's own, shown on its start


@dataclass(frozen=True, slots=True)
class DemoCounselor:
    """A counselor as the directory shows her."""

    key: str
    name: str
    zone: str
    credentials: str
    pronouns: str
    headline: str
    about: str
    specialties: tuple[str, ...]
    languages: tuple[str, ...]
    licences: tuple[tuple[str, str, str], ...]
    npi: str = ""
    published: bool = True


INES_ABOUT = """When worry has taken over the day, it helps to have one hour in the week that stays quiet.

I work with people who lie awake over what might happen, who lost somebody, or whose life has \
changed faster than they could follow. We begin with what brought you here, find out what keeps it \
going, and try small things between our sessions.

The first time, I mostly listen. You can ask me anything about how I work, and you decide whether \
you want to go on."""

JONAH_ABOUT = """Couples come to me when every talk turns into the same argument. Families come when nobody talks \
at all.

I will slow you down, make sure each of you is heard to the end, and give you something to try at \
home. Most people notice after four or five sessions that the fights are shorter."""

AMARA_ABOUT = """I am a clinical psychologist. I work with people who went through something that will not stay in \
the past, and with people who built their life in a second country and a third language.

Trauma work with me is slow on purpose. You will always know what we do next and why, and we stop \
whenever you say so."""

MATEO_ABOUT = """I work with teenagers and with adults who found out late that their mind runs on another clock: \
ADHD, autism, or both.

We look at what already works for you and build on that. Sessions can be walking, drawing, or with \
the camera off."""

COUNSELORS = (
    DemoCounselor(
        key="ines",
        name="Ines Varga",
        zone="Europe/Berlin",
        credentials="PhD, LMHC",
        pronouns="she/her",
        headline="Steady company through anxiety, grief and big changes",
        about=INES_ABOUT,
        specialties=("Anxiety", "Grief and loss", "Life changes", "Panic", "Sleep"),
        languages=("English", "German", "Hungarian"),
        licences=(("LMHC", "NY-004417", "New York"), ("Psychotherapist", "BE-22-1908", "Berlin")),
        npi="1234567893",
    ),
    DemoCounselor(
        key="jonah",
        name="Jonah Whitfield",
        zone="America/New_York",
        credentials="LMFT",
        pronouns="he/him",
        headline="Couples and families who want to hear each other again",
        about=JONAH_ABOUT,
        specialties=("Couples", "Families and parenting", "Anger", "Sexuality"),
        languages=("English", "Sign language"),
        licences=(("LMFT", "NY-001922", "New York"), ("LMFT", "NJ-37F0093", "New Jersey")),
        npi="1245319599",
    ),
    DemoCounselor(
        key="amara",
        name="Amara Osei",
        zone="Europe/London",
        credentials="DClinPsy",
        pronouns="she/her",
        headline="Trauma, migration and finding your feet again",
        about=AMARA_ABOUT,
        specialties=("Trauma", "Culture and migration", "Depression", "Identity", "Self-esteem"),
        languages=("English", "French", "Twi"),
        licences=(
            ("Practitioner psychologist", "PYL-34107", "United Kingdom"),
            ("Psychologist", "MA-11820", "Massachusetts"),
        ),
    ),
    DemoCounselor(
        key="mateo",
        name="Mateo Ibarra",
        zone="America/Los_Angeles",
        credentials="LCSW",
        pronouns="he/they",
        headline="For minds that run on another clock, young or grown",
        about=MATEO_ABOUT,
        specialties=("ADHD", "Autism", "Teenagers", "Work and study", "LGBTQ+"),
        languages=("English", "Spanish"),
        licences=(("LCSW", "CA-88213", "California"), ("LCSW", "OR-5540", "Oregon")),
        npi="1558444216",
    ),
    DemoCounselor(
        key="sunniva",
        name="Sunniva Dahl",
        zone="Europe/Oslo",
        credentials="Cand.psychol.",
        pronouns="she/her",
        headline="Burnout, and what comes after it",
        about="",
        specialties=("Burnout and stress", "Depression"),
        languages=("English", "Norwegian"),
        licences=(),
        published=False,
    ),
)

CLIENTS = (
    ("alice", "Alice Moreau", "America/New_York"),
    ("ben", "Ben Okafor", "America/Chicago"),
    ("chloe", "Chloe Tran", "America/New_York"),
    ("daniel", "Daniel Roth", "America/New_York"),
    ("elif", "Elif Demir", "Europe/Berlin"),
    ("farid", "Farid Rahimi", "America/New_York"),
    ("greta", "Greta Lindqvist", "Europe/Berlin"),
    ("hugo", "Hugo Almeida", "America/Los_Angeles"),
    ("iris", "Iris Papadakis", "Europe/London"),
    ("jamal", "Jamal Carter", "America/New_York"),
    ("kaia", "Kaia Nguyen", "America/Los_Angeles"),
    ("leo", "Leo Brandt", "Europe/Berlin"),
    ("maya", "Maya Fernandes", "America/New_York"),
    ("noor", "Noor Haddad", "Europe/London"),
    ("petra", "Petra Novak", "Europe/Berlin"),
    ("rafael", "Rafael Costa", "Europe/London"),
    ("sana", "Sana Malik", "America/New_York"),
    ("tomas", "Tomas Eriksen", "Europe/Berlin"),
    ("vera", "Vera Kowalski", "Europe/Berlin"),
    ("yusuf", "Yusuf Aydin", "Europe/Berlin"),
)

ADMINISTRATOR = ("omar", "Omar Haddad", "America/New_York")
BILLER = ("rosa", "Rosa Bellini", "America/New_York")
