"""What keeps visitors from a site that answers."""
