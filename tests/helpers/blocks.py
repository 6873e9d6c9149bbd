"""The code blocks of a page: what they hold, where they stand, and whether they are marked as not run."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

OPENS = re.compile(r"^```(\w+)\s*$")
NOT_RUN = re.compile(r"^<!-- not run: (.{5,}) -->$")


@dataclass(frozen=True)
class Block:
    """One fenced block: its page, first line, language, content, and why it is not run, if it is not."""

    page: str
    line: int
    language: str
    content: str
    not_run: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    def commands(self) -> list[tuple[list[str], list[str]]]:
        """The words of each command after `$ `, with the lines of output shown below it."""
        found: list[tuple[list[str], list[str]]] = []
        for line in self.content.splitlines():
            if line.startswith("$ "):
                found.append((shlex.split(line[2:], comments=True), []))
            elif line.strip() and found:
                found[-1][1].append(line.strip())
        return found


def blocks(page: str, text: str) -> list[Block]:
    """Every fenced block of a page that names a language."""
    found, lines, at = [], text.splitlines(), 0
    while at < len(lines):
        opened = OPENS.match(lines[at])
        if opened:
            end = next((i for i in range(at + 1, len(lines)) if lines[i] == "```"), None)
            if end is None:
                raise ValueError(f"{page}:{at + 1}: the block is never closed")
            mark = NOT_RUN.match(lines[at - 1]) if at else None
            content = "\n".join(lines[at + 1 : end])
            found.append(Block(page, at + 1, opened[1], content, mark[1] if mark else ""))
            at = end
        at += 1
    return found
