"""Numpy kernels for consequence and quantitative risk."""
