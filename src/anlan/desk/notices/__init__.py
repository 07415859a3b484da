"""Telling people: the inbox, the live stream to open pages, and the channels that leave the platform."""
