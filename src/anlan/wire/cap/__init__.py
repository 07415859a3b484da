"""The Common Alerting Protocol, CAP 1.0 to 1.2, as authorities send it, alone or in a feed or envelope."""
