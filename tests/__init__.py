"""How the practice must behave."""
