"""What a built page tells its readers: text and attributes, without listings and formulas."""

import re
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
MUTE = {"script", "style", "code"}  # code in a sentence, too
QUOTED = {"cell_input", "highlight", "math", "sig"}  # cells, listings, formulas, signatures
SPOKEN = ("alt", "title", "aria-label", "content")

# Traces of work that was not done. A name in braces may have calls, indices and a format; after
# ^ or _ braces belong to a formula.
UNFINISHED = re.compile(
    r"""(?<![\^_])\{[A-Za-z_][^{}\n]*:[<>^+,\d.]*[a-z%]\}  # {share:.0%}, {rate.max():,.0f}
      | (?<![\^_])\{[A-Za-z_][\w.:+-]*(?:\[[^]{}]*\]|\([^){}]*\))*(?:![rsa])?\}  # {name}, {doc}
      | %[.\d]*[dfgs]\b                          # %s, %.3f
      | :::+ | ```+ | \{\{ | \}\}                # directives, templates
      | \bnan\b | \bnp\.float\d+\( | \bat\ 0x[0-9a-f]+  # numbers and objects as code has them
    """,
    re.VERBOSE,
)


class _Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.words, self.open = [], []  # open: tag, read aloud, within an output

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        _, read, output = self.open[-1] if self.open else (tag, True, False)
        classes = set(given.get("class", "").split())
        output = output or "cell_output" in classes
        printed = output and "highlight" in classes
        if (tag in MUTE or QUOTED & classes) and not printed:
            read = False
        if read:
            self.words += [given[name] for name in SPOKEN if name in given]
        if tag not in VOID:
            self.open.append((tag, read, output))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not self.open or self.open[-1][1]:
            self.words.append(data)


def words(page):
    """Return the text of an HTML page, joined."""
    reader = _Words()
    reader.feed(page)
    return "".join(f"{part} " if part.strip() else " " for part in reader.words)


def unfinished(text):
    """Return what looks like a template that nobody filled, or markup that nobody read."""
    return [match[0] for match in UNFINISHED.finditer(text)]
