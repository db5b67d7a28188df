"""Charts opened from outside the care team: why, as the opener said, and what came of looking into it."""
