"""On which of the machine's addresses media is received."""

import aioice.ice


def settle(*, loopback: bool) -> None:
    """Offer 127.0.0.1 too when asked, or when the machine has no other address; aioice alone never does."""
    stock = aioice.ice.get_host_addresses
    if getattr(stock, "is_ours", False):
        stock = stock.stock  # type: ignore[attr-defined]

    def gathered(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        found = stock(use_ipv4, use_ipv6)
        return [*found, "127.0.0.1"] if loopback or not found else found

    gathered.is_ours, gathered.stock = True, stock  # type: ignore[attr-defined]
    aioice.ice.get_host_addresses = gathered
