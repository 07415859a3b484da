"""Hazardous and harmful factors of production."""
