"""History as the fitted model tells it, month by month, held against every published series."""
