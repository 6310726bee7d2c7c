"""A web that wants to hurt a crawler, and what must become of each of its pages."""
