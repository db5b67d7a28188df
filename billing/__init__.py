"""Money: payments, invoices and the ledger."""
