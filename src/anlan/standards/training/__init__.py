"""Training: hours that people need, and how long certificates hold (`hours`)."""
