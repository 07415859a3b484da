"""Time as the law counts it: working days, statutory limits, and the work that comes round by itself."""
