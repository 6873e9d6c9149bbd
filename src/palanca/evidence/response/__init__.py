"""What comes when levers move: past months forecast with the levers that came, from fits that end before them."""
