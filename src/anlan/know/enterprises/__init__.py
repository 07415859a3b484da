"""Enterprises: one file per enterprise, what it is regulated as, and everything that hangs on it as panels."""
