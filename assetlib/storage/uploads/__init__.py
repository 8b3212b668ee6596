"""A file on its way: announced, sent in parts, completed, and then looked at by the catalogue."""
