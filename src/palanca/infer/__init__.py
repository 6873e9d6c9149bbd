"""From figures back to parameters: what the statistics show of a world, the fit, and its store."""
