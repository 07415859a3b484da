"""Tuning: rules change by request and approval, each version is kept, and a change is tried on the archive first."""
