"""What matters: how much of an outcome each parameter explains, and what learning it is worth."""
