"""What a detector says: findings, their identity, masking and life cycle."""
