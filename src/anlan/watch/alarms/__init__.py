"""Alarms: one line per active point and rule, an episode from rise to clearing."""
