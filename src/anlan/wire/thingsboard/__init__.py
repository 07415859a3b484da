"""The JSON of ThingsBoard's device API: telemetry and attributes of a device, or of many through a gateway."""
