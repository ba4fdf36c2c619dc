"""Widgets that only pages of this book need, made as those of `fpkit.widgets` are."""

from .images.images import Images, images
from .lines.lines import Lines, lines
from .splines.splines import Splines, splines

__all__ = ["Images", "Lines", "Splines", "images", "lines", "splines"]
