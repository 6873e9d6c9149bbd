"""One lever at a time: what each of those in force in a month did to the people on the move."""
