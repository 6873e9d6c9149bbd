"""Governments bargain: what is at stake, what each would take, what a deal contains and whether it lasts."""
