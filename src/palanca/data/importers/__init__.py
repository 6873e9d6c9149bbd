"""Releases exactly as their publishers lay them out, turned into cells of our series."""
