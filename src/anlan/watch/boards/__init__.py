"""Boards: what is measured, seen at a glance: a point with its past, a facility, a sector, a region."""
