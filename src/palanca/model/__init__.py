"""The world, the order of events in a month, the scan, ensembles, invariants and labelled results."""
