"""Messages to and from partner agencies."""
