"""What is asked of a fitted corridor: what if, why, what comes next, who holds leverage, what a deal would hold."""
