"""What a detector sees: one parsed page, and what can be read off it."""
