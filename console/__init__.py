"""Windows, presenters, settings, background work, start-up and the command line."""
