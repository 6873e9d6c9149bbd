"""People matched to places by several rules, side by side."""
