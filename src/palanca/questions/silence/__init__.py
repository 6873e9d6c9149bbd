"""Silence on a partner's democracy against criticism: the question `silence`."""
