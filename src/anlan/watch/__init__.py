"""Watching: devices and their points, alarms as episodes, warnings as cases."""
