"""Modbus: from registers to values by a map of tags."""
