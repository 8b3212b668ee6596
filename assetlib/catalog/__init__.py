"""Assets and everything around a file: versions, metadata, rights, collections, usage."""
