"""What tests of the lists share: a verdict made by hand, and what a browser reads of a list."""

from html.parser import HTMLParser

from fpkit.reproduce import Verdict

ONE = Verdict(
    figure="Xu, Zhang, Xiao (2018), Fig. 3",
    claim="a < b & c",
    seeds=8,
    effect='8/8 "strict" <b>',
    control="none",
    control_fails=True,
    outcome="undecided (fewer than 8 networks)",
    row="R3",
    chapter="one_dimension",
    trainings={"staircase": 120.0},
)


class Read(HTMLParser):
    """The attributes of a list's entries, the addresses of its links, and all words."""

    def __init__(self, page):
        super().__init__()
        self.entries, self.links, self.words = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "li":
            self.entries.append(dict(attributes))
        if tag == "a":
            self.links.append(dict(attributes)["href"])

    def handle_data(self, data):
        self.words += data
