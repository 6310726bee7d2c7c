"""Judgement: one file a detector, found by walking this package."""
