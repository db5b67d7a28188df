"""What a stranger reads."""

from tests.support.pages import PageClient


def test_the_database_answers_the_health_check(client: PageClient) -> None:
    assert client.get("/healthz").json == {"ok": True}
