"""Tools without a word of the domain: clock, addresses, log, retry."""
