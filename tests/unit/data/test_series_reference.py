from pathlib import Path

from palanca.data import catalogue, reference

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_of_series_is_what_the_catalogue_says():
    assert (DOCS / "reference" / "series.md").read_text(encoding="utf-8") == reference.page()


def test_the_page_has_an_entry_for_every_series():
    page = reference.page()
    for series_id in catalogue.entries():
        assert f"\n## {series_id}\n" in page


def test_the_page_of_sources_names_every_publisher():
    sources = (DOCS / "sources.md").read_text(encoding="utf-8")
    for series in catalogue.entries().values():
        assert f"`{series.id}`" in sources, series.id
