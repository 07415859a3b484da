"""Cameras: where they look, what they see now, what was found in their picture."""
