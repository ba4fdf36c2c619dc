"""What a practitioner asks of a remedy: when to use it, what it costs, and when it fails."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Advice"]


@dataclass(frozen=True)
class Advice:
    """The last line of a chapter on what helps, in words and numbers from its own results.

    ``use``, ``costs`` and ``fails`` are the rest of a sentence: "Use *subject* when …", "It costs
    …", "It fails when …". ``short`` has the same three in some ten words, for the table of the page
    that compares all chapters.
    """

    subject: str
    use: str
    costs: str
    fails: str
    short: tuple[str, str, str]

    def _repr_markdown_(self) -> str:
        heads = {f"Use {self.subject} when": self.use, "It costs": self.costs,
                 "It fails when": self.fails}  # fmt: skip
        return " ".join(f"**{head}** {told}." for head, told in heads.items())
