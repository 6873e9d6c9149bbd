"""How far to trust the model: forecasts scored, episodes left out, facts judged, deals foreseen."""
