"""Schemes that govern a corridor, each works, works in part or is missing by checks run on the model."""
