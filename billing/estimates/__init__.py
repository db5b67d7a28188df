"""Good-faith estimates for whoever pays without insurance (45 CFR 149.610)."""
