"""Sparkplug B: what an edge node and the devices behind it say over MQTT."""
