"""Forecasts made as if at each past month, scored against what people would use instead."""
