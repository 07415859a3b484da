"""Warnings: the case an alarm opens, from the first telling to the verified removal."""
