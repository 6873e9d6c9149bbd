"""What was observed: one catalogue of series, their tables, readers, importers of releases, vintages."""
