"""Let Coq check everything in `proofs/` and write `proofs/record.json`; with --check, compare with the record."""

import argparse
import sys
from pathlib import Path

from exactzeros.book import kernel

PROOFS = Path(__file__).parents[1] / "proofs"

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if the record differs")
check = parser.parse_args().check
if not kernel.find():
    sys.exit(kernel.MISSING)
fresh = kernel.run(PROOFS)
forbidden = fresh["axioms"].items() - kernel.allowed_axioms(PROOFS).items()
if forbidden:
    sys.exit("\n".join(["not in proofs/axioms.txt:", *(" : ".join(each) for each in sorted(forbidden))]))
if check:
    recorded = kernel.record(PROOFS)
    sys.exit("\n".join(kernel.differences(recorded, fresh)))
(PROOFS / "record.json").write_text(kernel.to_text(fresh), encoding="utf-8")
print(f"{sum(each['kind'] == 'theorem' for each in fresh['sentences'])} theorems, Coq {fresh['coq']}")
