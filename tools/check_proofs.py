"""Let Coq check everything in `proofs/` and write `proofs/record.json`; with --check, compare with the record."""

import argparse
import sys
from pathlib import Path

from exactzeros.book import claims, coq_proofs

BOOK = Path(__file__).parents[1]
PROOFS = BOOK / "proofs"

parser = argparse.ArgumentParser(description=__doc__)
only = parser.add_mutually_exclusive_group()
only.add_argument("--check", action="store_true", help="write nothing; exit with 1 if the record differs")
only.add_argument(
    "--compared", action="store_true", help="without Coq: record that every statement says what its theorem says"
)
options = parser.parse_args()
recorded = coq_proofs.record(PROOFS) if options.check or options.compared else coq_proofs.read(PROOFS)
if options.compared:
    fresh = {**recorded, "compared": coq_proofs.compared(recorded, claims.wordings(BOOK))}
elif coq_proofs.find():
    fresh = {**coq_proofs.run(PROOFS), "compared": recorded.get("compared", {})}
else:
    sys.exit(coq_proofs.MISSING)
forbidden = fresh["axioms"].items() - coq_proofs.allowed_axioms(PROOFS).items()
if forbidden:
    sys.exit("\n".join(["not in proofs/axioms.txt:", *(" : ".join(each) for each in sorted(forbidden))]))
if options.check:
    sys.exit("\n".join(coq_proofs.differences(recorded, fresh)) or None)
(PROOFS / "record.json").write_text(coq_proofs.to_text(fresh), encoding="utf-8")
print(f"{sum(each['kind'] == 'theorem' for each in fresh['sentences'])} theorems, Coq {fresh['coq']}")
