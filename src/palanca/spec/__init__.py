"""What a user declares: countries, levers with dates and sources, elections, parameters with priors."""
