"""What must be inspected: sites, their hosts and their columns."""
