"""HJ 212-2017 (with what stations of HJ/T 212-2005 and of HJ 212-2025 do otherwise): environment stations and their
centre."""
