"""What was agreed with a client not to be passed on (45 CFR 164.522(a)): read before anything goes out."""

from dataclasses import dataclass

from notes.models import Chart
from notes.requests import queries, services
from notes.requests.models import ANSWER, ASKED, RecordRequest
from notes.vault import VaultKeyMissingError, VaultRefusedError, VaultSealBrokenError


@dataclass(frozen=True, slots=True)
class Limit:
    """One agreement with its words: what was asked and what was answered; None where it does not open."""

    request: RecordRequest
    words: list[str] | None


def limits_of(chart: Chart) -> list[Limit]:
    """Open the limits that bind whoever gives something out of a chart."""
    return [Limit(request, _words(request)) for request in queries.restrictions_of(chart)]


def _words(request: RecordRequest) -> list[str] | None:
    try:
        said = services.opened(request)
    except (VaultSealBrokenError, VaultRefusedError, VaultKeyMissingError):
        return None
    return [each.text for each in said if each.row.kind in {ASKED, ANSWER}]
