"""Facts that a faithful model reproduces, each judged on the posterior by a probe, and the scorecard of all."""
