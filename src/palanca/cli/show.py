"""The old name of `listing`, for commands that are not yet answers."""

from palanca.cli.listing import as_csv
from palanca.cli.listing import print_rows as rows
from palanca.cli.options import Format

Row = dict[str, object]
__all__ = ["Format", "Row", "as_csv", "rows"]
