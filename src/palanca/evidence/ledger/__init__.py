"""How well deals are foreseen, held out by deal, against rivals."""
