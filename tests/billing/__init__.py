"""Money: the gateway, the ledger, the pages."""
