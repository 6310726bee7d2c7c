"""What to fetch next: campaigns, per-host queues, leases and politeness, shared by all workers."""
