"""Sessions that more than two people share: couples, families and groups."""
