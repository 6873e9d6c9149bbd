"""How far the fit can be trusted: every check of it, and what figures say of each parameter."""
