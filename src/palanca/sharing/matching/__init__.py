"""People to places: families with several needs, places with several capacities, and the rules that match them."""
