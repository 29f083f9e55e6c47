"""A value that cannot be used, as a sentence that is translated where it is shown."""

from __future__ import annotations


class Unfit(ValueError):
    """What is wrong with a value and what to write instead; `words` are English, with names in braces."""

    def __init__(self, words: str, **values: object) -> None:
        super().__init__(words.format(**values))
        self.words, self.values = words, values
