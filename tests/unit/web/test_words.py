"""Every string is in the catalogue, its places are the same in every language, and numbers survive translation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from palanca.core.clock import Month
from palanca.questions import outcomes
from palanca.web import view_means, view_scene, words

WEB = Path(words.__file__).parent
CALL = re.compile(r"""words\(\s*(?:"((?:[^"\\]|\\.)+)"|'((?:[^'\\]|\\.)+)')\s*[,)]""")
PLACE = re.compile(r"\{[a-z]*\}")
SAME = {"?"}


def texts() -> set[str]:
    found = set()
    for path in (*WEB.glob("templates/*.html"), *WEB.glob("view*.py")):
        found |= {one or other for one, other in CALL.findall(path.read_text(encoding="utf-8"))}
    found |= set(view_scene.PLURAL.values()) | set(view_scene.STATION.values()) | set(view_means.PEOPLE.values())
    return found


def test_every_text_of_the_page_has_a_spanish_one():
    held = words.words("es").held
    assert not sorted(
        text for text in texts() if text not in held.plain and text not in held.names and text not in SAME
    )


def test_every_named_text_stands_in_both_catalogues():
    english, spanish = (words.words(lang).held.plain for lang in ("en", "es"))
    assert not set(english) - set(spanish)


def test_a_translation_has_the_places_of_its_text():
    held = words.words("es").held
    for text, own in held.plain.items():
        assert sorted(PLACE.findall(own)) == sorted(PLACE.findall(text)), text
    for one in held.sentences:
        assert sorted(PLACE.findall(one.to)) == sorted(PLACE.findall(one.en)), one.en


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "In January to June 2024 there would have been 46,800 more encounters [30,500, 63,500]: 779,000 "
            "rather than 733,000 (6\u00a0% more).",
            "En enero a junio de 2024 habría habido 46,800 encuentros más [30,500, 63,500]: 779,000 en lugar de "
            "733,000 (6\u00a0% más).",
        ),
        ("Most of it: Guatemala +11,800 [+7,800, +15,900], Mexico −10 [−12, −8].",
         "La mayor parte: Guatemala +11,800 [+7,800, +15,900], México −10 [−12, −8]."),
    ],
)  # fmt: skip
def test_a_finding_is_told_in_spanish_with_its_own_numbers(text, wanted):
    said = words.words("es").said(text)
    assert (said.text, said.lang) == (wanted, "es")


def test_a_sentence_that_nobody_translated_stays_english_and_says_so():
    said = words.words("es").said("In March 2024 there would have been something new.")
    assert (said.text, said.lang) == ("In March 2024 there would have been something new.", "en")


def test_months_and_numbers_are_written_as_each_language_does():
    month = Month.parse("2024-01")
    assert words.words("en").month(month) == "January\u00a02024"
    assert words.words("es").month(month) == "enero de 2024"
    assert words.words("es").amount(2.5e6) == "2.50\u00a0millones"


def test_an_unknown_language_is_english():
    assert words.words("xx")("Share") == "Share"


def test_every_outcome_of_the_page_is_an_outcome_of_the_model():
    assert set(view_scene.STATION) | set(view_scene.SHOWN.values()) <= set(outcomes.OUTCOMES)
