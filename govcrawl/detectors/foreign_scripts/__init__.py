"""Scripts of other sites, which whoever owns their host may change at any time."""
