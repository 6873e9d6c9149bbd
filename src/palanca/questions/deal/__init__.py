"""What a deal of a month would hold: the question `deal`."""
