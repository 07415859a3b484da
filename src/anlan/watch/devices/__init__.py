"""Devices and their points, rules and tokens; what the gateway and the rule workers are told of them."""
