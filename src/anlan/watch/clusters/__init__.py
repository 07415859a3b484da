"""Clusters: so many alarms of a kind within so many metres and minutes, which no single alarm says."""
