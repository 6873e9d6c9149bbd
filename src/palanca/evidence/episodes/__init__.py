"""Turns of policy predicted by fits that never saw their months."""
