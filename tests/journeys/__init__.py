"""Whole stories, on a platform that really runs, in a browser that really draws."""
