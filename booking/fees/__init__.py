"""Fees for coming too late to cancel and for not coming: by rule, proposed, decided by a person."""
