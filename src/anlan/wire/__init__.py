"""Codecs of device protocols: bytes in, values out. No sockets, no clocks; one folder per protocol."""
