"""One answer and everything that shows it: estimates, sentences, tables, charts, pages, files."""
