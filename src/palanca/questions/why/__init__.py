"""Why an outcome changed between two months: the change shared out among its causes."""
