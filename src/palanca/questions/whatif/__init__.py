"""What if: worlds that differ from history by declared changes, the same surprises in each."""
