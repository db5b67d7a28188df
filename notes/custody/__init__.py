"""Who holds which keys: of people, of charts, of the practice."""
