"""Kill builds of a small book at random moments, then build once more and compare the site with a clean build.

Usage: python benchmarks/faults.py [KILLS] [SEED]
"""

import random
import sys
import tempfile
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))
from small_book import SmallBook, differences


def main(kills=20, seed=0):
    """Print what each kill left behind, and fail if the site differs from a clean build."""
    moments = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        clean, book = (SmallBook(Path(folder, name)) for name in ("clean", "killed"))
        start = perf_counter()
        assert clean.build()[0]
        duration = perf_counter() - start
        for number in range(1, kills + 1):
            book.page("index", cell=f"print('index says', {number})")  # something has to run
            moment = moments.uniform(0, duration)
            book.killed(after=moment)
            left = "a whole site" if book.site.exists() else "no site"
            book.page("index")
            succeeded, ran, printed = book.build()
            assert succeeded, printed
            unequal = differences(book.site, clean.site)
            print(f"kill {number:2} after {moment:4.1f} s left {left:12}; then ran {sorted(ran)}, {unequal or 'same'}")
            assert not unequal


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
