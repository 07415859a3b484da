"""Admission: contractors, their people, and the permit with which they come onto an enterprise's ground."""
