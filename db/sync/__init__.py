"""The exchange of facts with headquarters."""
