"""What can be seen; each widget works alone with sample data."""
