"""Named numbers that capabilities compute for a period and a region; measures put them into formulas."""
