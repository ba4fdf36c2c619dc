"""Widgets that only pages of this book need, made as those of `fpkit.widgets` are."""

from .bet.bet import Bet, bet
from .grip.grip import Grip, grip
from .images.images import Images, images
from .lines.lines import Lines, lines
from .splines.splines import Splines, splines
from .two_starts.two_starts import TwoStarts, two_starts

__all__ = [
    "Bet",
    "Grip",
    "Images",
    "Lines",
    "Splines",
    "TwoStarts",
    "bet",
    "grip",
    "images",
    "lines",
    "splines",
    "two_starts",
]
