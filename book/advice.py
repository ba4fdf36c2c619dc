"""What a practitioner asks of a remedy: when to use it, what it costs, and when it fails."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Advice"]


@dataclass(frozen=True)
class Advice:
    """The last line of a chapter on what helps, in words and numbers from its own results.

    Each is the rest of a sentence: "Use it when …", "It costs …", "It fails when …".
    """

    use: str
    costs: str
    fails: str

    def _repr_markdown_(self) -> str:
        parts = {"Use it when": self.use, "It costs": self.costs, "It fails when": self.fails}
        return " ".join(f"**{head}** {told}." for head, told in parts.items())
