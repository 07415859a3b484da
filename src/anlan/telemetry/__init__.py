"""From the socket to the alarm and the archive: asyncio and NATS, no Django. docs/telemetry.md tells the whole way."""
