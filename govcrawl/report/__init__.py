"""What people read: summaries, bulletins, dashboards."""
