"""How the ground every feature stands on must behave."""
