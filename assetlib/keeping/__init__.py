"""Keeping what people entrusted to us: backups, putting them back, and trying whether that works."""
