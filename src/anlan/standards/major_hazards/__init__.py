"""Major hazard installations: what counts as one, and how it is graded."""
