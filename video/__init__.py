"""Streams, decoding, the ring and the review player."""
