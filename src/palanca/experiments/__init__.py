"""What is asked of a fitted corridor: forecasts and their scores, episodes left out, rivals to beat."""
