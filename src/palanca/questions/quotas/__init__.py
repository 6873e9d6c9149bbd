"""Who takes how many: keys on the figures of the Americas, trade in quotas, and whether it would hold."""
