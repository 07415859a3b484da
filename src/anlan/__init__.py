"""Anlan (安澜): one open platform for work safety and emergency management."""

__version__ = "0.1.0"
