"""Prices below the usual: a sliding scale that clients attest to, pro bono, and vouchers."""
