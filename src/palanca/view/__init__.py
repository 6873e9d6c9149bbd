"""Turns results into charts, tables and sentences once, for every outlet."""
