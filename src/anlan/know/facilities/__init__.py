"""Facilities: what stands at a place and can go wrong or help: tanks, workshops, reservoirs, slopes, hydrants."""
