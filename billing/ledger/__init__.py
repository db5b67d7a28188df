"""The ledger: double entry, what is posted into it, and what is read out of it."""
