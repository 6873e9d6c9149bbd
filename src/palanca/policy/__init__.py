"""Levers: settings by month turned into the numbers that the mechanisms take."""
