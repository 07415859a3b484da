"""Bulletins: weather and hazard alerts that other authorities issue, received, placed, and ending by themselves."""
