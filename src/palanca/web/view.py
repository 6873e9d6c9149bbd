"""What a page of what-if shows, made from an answer."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from palanca.api.model import Model
from palanca.show.answer import Answer
from palanca.web.address import Address


class WorldView(BaseModel):
    """What a page of what-if shows.

    Args:
        question: In words.
        findings: Sentences.
    """

    model_config = ConfigDict(frozen=True)
    question: str
    findings: tuple[str, ...]


def world_view(answer: Answer, model: Model, address: Address, lang: str, others: tuple[Answer, ...] = ()) -> WorldView:
    """What a page of what-if shows.

    Args:
        answer: Of the world asked for; of history where nothing is changed.
        model: The model that answered.
        address: What was asked.
        lang: Language of the page.
        others: Answers of the worlds beside it.
    """
    return WorldView(question=answer.question, findings=tuple(one.text for one in answer.findings))
