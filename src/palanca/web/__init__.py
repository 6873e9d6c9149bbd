"""The page and its interface: every question of a case asked from a browser, shown as the same answer."""
