"""Dark links: hidden or injected spam."""
