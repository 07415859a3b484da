"""Accidents: how grave, who is told by when, which kind."""
