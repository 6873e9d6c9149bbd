"""The months ahead: arrivals from the panel of past figures, all else from the corridor replayed on them."""
