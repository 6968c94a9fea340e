"""What a page tells search engines and other sites about itself."""

import pytest
from docutils.core import publish_doctree

from press.publishing import LENGTH, description


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("First. **Why does it work?** Because.", "Why does it work?"),
        ("A square has no kink at all. So what?", "A square has no kink at all."),
        ("First sentence. Second.", "First sentence."),
        ("With :math:`w` in it? Yes.\n\nPlain text.", "Plain text."),
        ("", ""),
    ],
)
def test_the_first_question_else_the_first_sentence_without_formulas(text, said):
    assert description(publish_doctree(text)) == said


def test_a_description_is_not_endless():
    assert len(description(publish_doctree("word " * 100))) == LENGTH
