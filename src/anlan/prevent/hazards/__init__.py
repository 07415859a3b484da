"""Hidden dangers: found, graded, rectified, verified and cancelled, and the whole file of each."""
