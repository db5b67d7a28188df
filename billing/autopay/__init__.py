"""Charging a saved card by itself: agreed to, announced the evening before, stopped in two taps."""
