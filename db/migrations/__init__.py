"""The steps that bring a database file from one schema to the next."""
