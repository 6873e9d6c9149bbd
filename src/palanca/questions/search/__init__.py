"""Packages of levers, what they would have brought, and which of them nothing beats."""
