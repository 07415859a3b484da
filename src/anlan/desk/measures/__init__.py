"""What is counted and judged: a formula over figures, for a region and a period, against a target."""
