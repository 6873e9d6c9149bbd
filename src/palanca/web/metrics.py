"""Counts what a server does, in the plain text that monitors read."""

from __future__ import annotations

import resource
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

BOUNDS_S = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(eq=False)
class Metrics:
    """Requests by kind and status, and how long they took."""

    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    buckets: Counter[tuple[str, float]] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)

    def request(self, kind: str, status: int, took_s: float) -> None:
        """Count one request.

        Args:
            kind: Of few kinds, never a visitor's own text.
            status: Of HTTP; 499 for a visitor who left.
            took_s: Seconds to the end of the answer.
        """
        self.requests[kind, status] += 1
        self.seconds[kind] += took_s  # type: ignore[assignment]  # a counter may hold seconds
        for bound in BOUNDS_S:
            if took_s <= bound:
                self.buckets[kind, bound] += 1

    def text(self, now: Mapping[str, float]) -> str:
        """Everything counted, one number a line.

        Args:
            now: Further numbers as they stand now, by name.
        """
        lines = ["# TYPE palanca_requests_total counter"]
        lines += [
            f'palanca_requests_total{{kind="{kind}",status="{status}"}} {count}'
            for (kind, status), count in sorted(self.requests.items())
        ]
        lines.append("# TYPE palanca_request_seconds histogram")
        for kind in sorted({kind for kind, _ in self.requests}):
            total = sum(count for (one, _), count in self.requests.items() if one == kind)
            lines += [
                f'palanca_request_seconds_bucket{{kind="{kind}",le="{bound:g}"}} {self.buckets[kind, bound]}'
                for bound in BOUNDS_S
            ]
            lines.append(f'palanca_request_seconds_bucket{{kind="{kind}",le="+Inf"}} {total}')
            lines.append(f'palanca_request_seconds_sum{{kind="{kind}"}} {self.seconds[kind]:.6f}')
            lines.append(f'palanca_request_seconds_count{{kind="{kind}"}} {total}')
        lines.append("# TYPE palanca_results_total counter")
        lines += [f'palanca_results_total{{from="{name}"}} {count}' for name, count in sorted(self.results.items())]
        for name, value in {**now, "memory_bytes": float(resident())}.items():
            lines += [f"# TYPE palanca_{name} gauge", f"palanca_{name} {value:g}"]
        return "\n".join(lines) + "\n"


def resident() -> int:
    """Memory held by this process [bytes]; where the system does not say, the most it ever held."""
    status = Path("/proc/self/statm")
    if status.is_file():
        return int(status.read_text().split()[1]) * resource.getpagesize()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
