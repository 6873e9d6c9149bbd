"""Sharing responsibility by rule: keys, markets, matching of people to places, and who would take part."""
