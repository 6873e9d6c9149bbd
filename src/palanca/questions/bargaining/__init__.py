"""Governments bargain over a declared table: deals of a month, silence, and quarters of bargaining in a row."""
