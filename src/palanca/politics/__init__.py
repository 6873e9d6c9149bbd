"""What arrivals cost a government at home, what courts let stand, and the slow stocks behind the push of origins."""

import palanca.kernel  # noqa: F401  sets double precision before any array of this package is made
