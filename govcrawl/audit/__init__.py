"""The verdict of a site against a set of official indicators."""
