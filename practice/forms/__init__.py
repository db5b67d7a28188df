"""Text from people turned into trusted values."""
