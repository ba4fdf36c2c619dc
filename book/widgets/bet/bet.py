"""Bet first: a reader says in which order a network will learn a curve's waves, and sees it."""

from __future__ import annotations

from fpkit import plots
from fpkit.widgets import Widget

__all__ = ["Bet", "bet"]

# The waves of the first chapter's first figure: the first three have the same colours here.
FIVE = (1, 3, 5, 7, 9)


class Bet(Widget):
    """A bet on the order of a curve's waves, and the network that decides it in the browser."""

    module = "bet"
    fallback = (
        "Here one bets which wave of a curve a network learns first, and trains it in the page. "
        "As a rule it is the slowest, and the fastest comes last. The bet needs a browser with "
        "JavaScript modules, and the page must come from a web server."
    )
    styles = ("shared/widgets", "playground/playground", "bet/bet")


def bet() -> Bet:
    """Return a bet on a curve that the reader chooses: which of its waves is learned first?

    The curves are three equally high waves with 1, 3 and 5 periods; the same with the fastest three
    times as high; a staircase; and one that the reader draws. A network 1-32-32-1 is trained in the
    browser, and a wave counts as learned once its relative error is under 10 %.
    """
    return Bet(data={"colors": plots.frequency_colors(FIVE)})
