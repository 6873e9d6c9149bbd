"""What a scheme of shared responsibility would do in the world of a case, beside what governments bargained for."""
