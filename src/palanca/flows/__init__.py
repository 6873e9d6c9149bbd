"""People moving, one month at a time: pure arithmetic on named axes."""
