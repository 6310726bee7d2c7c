"""The tables of the SQLite store: a JSON document a row, beside it only what searches need."""

SCHEMA_VERSION = 1
SCHEMA = """
CREATE TABLE IF NOT EXISTS findings (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    site_name TEXT NOT NULL,
    category TEXT NOT NULL,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,
    state TEXT NOT NULL,
    campaign TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    words TEXT NOT NULL,
    document TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS findings_by_time ON findings (last_seen DESC, id);
CREATE INDEX IF NOT EXISTS findings_by_site ON findings (site, state);

-- One row for every page that showed a finding in a campaign: what `occurrences` counts.
CREATE TABLE IF NOT EXISTS sightings (
    finding TEXT NOT NULL,
    campaign TEXT NOT NULL,
    url TEXT NOT NULL,
    PRIMARY KEY (finding, campaign, url)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS events (
    id TEXT PRIMARY KEY,
    finding TEXT NOT NULL,
    at TEXT NOT NULL,
    document TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS events_by_finding ON events (finding, at);

CREATE TABLE IF NOT EXISTS columns (
    site TEXT NOT NULL,
    url TEXT NOT NULL,
    campaign TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (site, url, campaign)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS sites (
    site TEXT NOT NULL,
    campaign TEXT NOT NULL,
    concluded_at TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (site, campaign)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS not_inspected (
    campaign TEXT NOT NULL,
    site TEXT NOT NULL,
    url TEXT NOT NULL,
    what TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (campaign, site, url, what)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS workers (
    at TEXT NOT NULL,
    document TEXT NOT NULL
);
"""
