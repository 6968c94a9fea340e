"""Every statement of the book has checks and near misses, and every check a statement."""

from pathlib import Path

from exactzeros.book.claims import checks, gaps, statements

BOOK = Path(__file__).parents[2]


def test_no_gaps():
    assert gaps(statements(BOOK), checks(BOOK)) == []
