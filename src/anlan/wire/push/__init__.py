"""What the IoT platforms of network operators push over HTTP, in the forms of three platforms."""
