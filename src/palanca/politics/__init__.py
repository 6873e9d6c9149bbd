"""What arrivals cost a government at home, what courts let stand, and the slow stocks behind the push of origins."""
