"""`python -m billing.testpay`: run the demo's test payment page."""

from __future__ import annotations

import logging
import signal
import sys

from billing.testpay.server import NotInProductionError, TestPay
from practice.core.settings import load


def main() -> int:
    """Serve until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    try:
        page = TestPay(load())
    except NotInProductionError as error:
        logging.getLogger(__name__).critical("%s", error)
        return 2
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: page.stop())
    logging.getLogger(__name__).info("test payment page at %s", page.url)
    page.serve()
    page.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
