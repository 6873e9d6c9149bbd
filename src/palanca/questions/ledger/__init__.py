"""What governments faced and did in each quarter, and the reaction rules learned from it."""
