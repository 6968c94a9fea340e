"""Coq accepts every proof, the record is up to date, and the theorems match the statements of the book."""

import os
import re
import shutil

import pytest

import book
from exactzeros.book import claims, coq_proofs

PROOFS = book.ROOT / "proofs"

# Statements of the book without a theorem of the same name, with the reason.
NOT_PROVED: dict[str, str] = {
    "thm-degrees-of-freedom": "Stein's lemma integrates by parts over a normal law in n dimensions",
}


@pytest.fixture(scope="module")
def coq():
    """Skip the test if Coq is not installed."""
    if not coq_proofs.find():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(coq_proofs.MISSING)


@pytest.fixture(scope="module")
def sentences():
    return [each for path in sorted(PROOFS.glob("*.v")) for each in coq_proofs.sentences(path)]


@pytest.fixture(scope="module")
def labels():
    return {statement.label for statement in claims.statements(book.ROOT)}


def names(sentences, kind):
    return [each.name for each in sentences if each.kind == kind]


def test_the_record_is_what_coq_answers(coq):
    assert coq_proofs.differences(coq_proofs.record(PROOFS), coq_proofs.run(PROOFS)) == []


def test_no_axiom_beyond_those_of_the_real_numbers():
    recorded, allowed = coq_proofs.record(PROOFS), coq_proofs.allowed_axioms(PROOFS)
    assert recorded["axioms"].items() <= allowed.items()


def test_nothing_is_admitted():
    for path in PROOFS.glob("*.v"):
        assert not re.search(r"\b(Admitted|admit|Axiom|Parameter|Conjecture|Abort)\b", path.read_text()), path.name


def test_the_record_has_the_sentences_of_the_files(sentences):
    recorded = [
        {key: each[key] for key in coq_proofs.Sentence._fields} for each in coq_proofs.record(PROOFS)["sentences"]
    ]
    expected = [each._asdict() for each in sentences if each.kind != "lemma"]
    assert sorted(recorded, key=str) == sorted(expected, key=str)


def test_each_statement_has_its_theorem(sentences, labels):
    definitions = {f"def-{name.replace('_', '-')}" for name in names(sentences, "definition")}
    proved = {coq_proofs.label(name) for name in names(sentences, "theorem")} | definitions
    assert labels - proved - NOT_PROVED.keys() == set()
    assert NOT_PROVED.keys() & proved == set()


def test_each_statement_is_worded_as_it_was_when_compared_with_its_theorem():
    recorded = coq_proofs.record(PROOFS)
    now, then = coq_proofs.compared(recorded, claims.wordings(book.ROOT)), recorded["compared"]
    changed = sorted(label for label in now.keys() | then if now.get(label) != then.get(label))
    assert not changed, "compare with proofs/, then run python tools/check_proofs.py --compared"


def test_a_changed_word_of_a_statement_is_noticed(tmp_path):
    (tmp_path / "_toc.yml").write_text("- file: page\n")
    record = {"sentences": [{"label": "thm-one"}, {"label": "thm-two"}]}

    def compared(page):
        (tmp_path / "page.md").write_text(page)
        return coq_proofs.compared(record, claims.wordings(tmp_path))

    page = ":::{prf:theorem} One\n:label: thm-one\n\nFor all\n$x > 0$.\n:::\n\nText.\n"
    assert compared(page).keys() == {"thm-one"}
    assert compared(page) == compared(page.replace("Text", "Prose").replace("all\n", "all "))
    assert compared(page) != compared(page.replace(">", "\\ge"))


def test_each_theorem_has_its_statement(sentences, labels):
    assert {coq_proofs.label(name) for name in names(sentences, "theorem")} - labels == set()


def test_each_theorem_has_a_near_miss_that_is_refuted(sentences):
    missed = [name.removeprefix("miss_") for name in names(sentences, "near miss")]
    for name in names(sentences, "theorem"):
        whole = coq_proofs.label(name).replace("-", "_")
        assert name.startswith("exa_") or any(miss.startswith(f"{whole}_") for miss in missed), name


def test_scopes_are_written_as_the_book_is(sentences):
    scopes = {each.scope for each in sentences} | {check.scope for check in claims.checks(book.ROOT)}
    code = r"\b(beta|eps|lam|phi|rho|tau|theta|thm|prop)\b|[_^\"]|\d \d{3}|^[A-Z][a-z]"
    assert [scope for scope in scopes if re.search(code, scope)] == []


def test_what_several_theorems_leave_out_is_said_once():
    scopes = ("n = 1.", "", "no atoms; n = 1.")
    theorems = [{"kind": "theorem", "label": "thm-one", "scope": scope} for scope in scopes]
    other = {"kind": "definition", "label": "def-one", "scope": "n = 2."}
    whole = {"kind": "theorem", "label": "thm-two", "scope": ""}
    said = coq_proofs.scopes({"sentences": [*theorems, other, whole]})
    assert said == {"thm-one": ["n = 1", "no atoms"], "thm-two": []}


def test_a_name_is_used_once(sentences):
    all_names = [each.name for each in sentences if each.kind != "lemma"]
    assert len(all_names) == len(set(all_names))


def test_a_changed_file_is_not_the_recorded_one(tmp_path):
    shutil.copytree(PROOFS, tmp_path / "proofs")
    (tmp_path / "proofs" / "Priors.v").write_text("Definition one := 1.\n")
    with pytest.raises(RuntimeError, match="not as recorded: Priors.v"):
        coq_proofs.record(tmp_path / "proofs")


def test_differences_name_what_changed():
    recorded, changed = coq_proofs.record(PROOFS), coq_proofs.record(PROOFS)
    changed["files"]["Priors.v"] = "0"
    changed["sentences"][3]["text"] = "Theorem changed : True."
    name = recorded["sentences"][3]["name"]
    assert coq_proofs.differences(recorded, changed) == ["files: Priors.v", f"sentences: {name}"]


# Theorems strengthened to their near misses: the file, the text to change, and the new text.
STRONGER = [
    ("L2GivesNoSparsity", "partial L i w g -> 1 < p -> w i = 0 ->", "partial L i w g -> 1 <= p -> w i = 0 ->"),
    ("L2GivesNoSparsity", "(c2 >= r * c1 -> forall beta, 0 < beta ->", "(c2 >= r * c1 -> forall beta, 0 <= beta ->"),
]


@pytest.mark.parametrize(("stem", "weaker", "stronger"), STRONGER)
def test_past_its_near_miss_a_proof_fails(coq, stem, weaker, stronger, tmp_path):
    for name in ("Definitions", "Basics"):
        shutil.copy(PROOFS / f"{name}.v", tmp_path)
    text = (PROOFS / f"{stem}.v").read_text()
    assert weaker in text
    (tmp_path / f"{stem}.v").write_text(text.replace(weaker, stronger, 1))
    with pytest.raises(RuntimeError, match=rf'coqc {stem}.v:\nFile "\./{stem}.v"'):
        coq_proofs.run(tmp_path)


def test_sentences_of_a_file(tmp_path):
    (tmp_path / "Small.v").write_text("""(** A file. *)
Definition one := 1 (* not. *) + 0.
(* Scope: n is
   one. *)
Theorem thm_small_1 : one = 1.
Proof. reflexivity. Qed.
Lemma miss_thm_small_two : one <> 2. Proof. discriminate. Qed.
""")
    assert coq_proofs.sentences(tmp_path / "Small.v") == [
        ("definition", "one", "def-one", "Small.v", "Definition one := 1 (* not. *) + 0.", ""),
        ("theorem", "thm_small_1", "thm-small", "Small.v", "Theorem thm_small_1 : one = 1.", "n is one."),
        ("near miss", "miss_thm_small_two", "", "Small.v", "Lemma miss_thm_small_two : one <> 2.", ""),
    ]


def test_an_axiom_of_ones_own_is_seen(coq, tmp_path):
    (tmp_path / "Sound.v").write_text("Theorem thm_one : 1 = 1.\nProof. reflexivity. Qed.\n")
    assert coq_proofs.run(tmp_path)["axioms"] == {}
    (tmp_path / "Own.v").write_text("Axiom own : False.\nTheorem thm_all : 1 = 2.\nProof. destruct own. Qed.\n")
    assert coq_proofs.run(tmp_path)["axioms"] == {"Own.own": "False"}
