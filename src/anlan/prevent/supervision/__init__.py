"""Graded supervision: which grade an enterprise has and why, and how often it is visited."""
