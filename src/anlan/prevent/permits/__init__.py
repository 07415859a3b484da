"""Permits: special works from the application to the acceptance, limited spaces, small works."""
