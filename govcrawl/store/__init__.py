"""Where findings live: one Protocol, SQLite for one machine, Elasticsearch for a cluster."""
