"""Graded risk control: points, units and events, what they are judged to be, and what holds them."""
