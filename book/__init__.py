"""The chapters of the book, each in a folder of its own, and the tools that build it."""
