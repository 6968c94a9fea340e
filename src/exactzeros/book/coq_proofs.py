"""The book's statements in Coq: what the files in `proofs/` say, what Coq's kernel accepts, and the record of both.

The record, `proofs/record.json`, holds each theorem's statement as written, the axioms that the proofs use, and the
SHA-256 of each file. So a page can print what was proved even where Coq is not installed. It also holds the SHA-256 of
the wording in the book with which each statement was last compared.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path
from typing import NamedTuple

MISSING = "Coq with the library Coquelicot was not found: install coq and libcoq-coquelicot from Debian, or from opam"

_KINDS = {"Theorem": "theorem", "Lemma": "lemma", "Definition": "definition", "Fixpoint": "definition"}
_TOKEN = re.compile(r'\(\*|\*\)|"[^"]*"|\.(?=\s|$)')
_COMMENTS = re.compile(r"(?:\s|\(\*(?:(?!\*\)).)*\*\))*", re.S)  # not nested
_COMMAND = re.compile(r"(Theorem|Lemma|Definition|Fixpoint|Inductive) +([\w']+)")
_SCOPE = re.compile(r"\(\* Scope: (.*?) \*\)", re.S)
_REQUIRE = re.compile(r"^Require (?:Import |Export )?(.*)\.$", re.M)


class Sentence(NamedTuple):
    """A named sentence of a Coq file: its kind, name, file and text, and the scope that its comment states.

    Its label is that of the statement in the book that it is about, by its name; "" for lemmas and near misses.
    """

    kind: str
    name: str
    label: str
    file: str
    text: str
    scope: str


def label(name, kind="theorem") -> str:
    """Return the label of the statement that a theorem proves, in full or as a numbered part, or that is defined.

    >>> label("thm_zero_interval"), label("thm_joint_2"), label("zero_interval", "definition")
    ('thm-zero-interval', 'thm-joint', 'def-zero-interval')
    """
    if kind not in ("theorem", "definition"):
        return ""
    return ("def-" if kind == "definition" else "") + re.sub(r"_\d+$", "", name).replace("_", "-")


def sentences(path) -> list[Sentence]:
    """Return the definitions, theorems, lemmas and near misses (lemmas named `miss_...`) of a Coq file, in order."""
    path = Path(path)
    text = path.read_text(encoding="utf-8")
    found, start, depth = [], 0, 0
    for token in _TOKEN.finditer(text):
        if token[0] == "." and depth == 0:
            comments, command = _without_comments_before(text[start : token.end()])
            if match := _COMMAND.match(command):
                kind = "near miss" if match[2].startswith("miss_") else _KINDS.get(match[1], "definition")
                scope = _SCOPE.search(comments)
                said = " ".join(scope[1].split()) if scope else ""
                found.append(Sentence(kind, match[2], label(match[2], kind), path.name, command, said))
            start = token.end()
        depth += {"(*": 1, "*)": -1}.get(token[0], 0)
    return found


def _without_comments_before(text):
    """Return the comments before a sentence, and the sentence without them."""
    comments = _COMMENTS.match(text)
    return comments[0], text[comments.end() :]


def allowed_axioms(proofs) -> dict[str, str]:
    """Return the name and statement of each axiom in `axioms.txt` in the folder `proofs`; # begins a comment line."""
    lines = (Path(proofs) / "axioms.txt").read_text(encoding="utf-8").splitlines()
    return _axioms("\n".join(line for line in lines if line and not line.startswith("#")))


def hashes(proofs) -> dict[str, str]:
    """Return the SHA-256 of each Coq file in the folder `proofs`."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(Path(proofs).glob("*.v"))}


def read(proofs) -> dict:
    """Return what `record.json` in the folder `proofs` contains, up to date or not."""
    return json.loads((Path(proofs) / "record.json").read_text(encoding="utf-8"))


def record(proofs) -> dict:
    """Return the record of the folder `proofs`.

    Raises
    ------
    RuntimeError
        If a file has changed since it was recorded. The message names it.
    """
    recorded, now = read(proofs), hashes(proofs)
    changed = sorted(name for name in now.keys() | recorded["files"] if now.get(name) != recorded["files"].get(name))
    if changed:
        raise RuntimeError(f"not as recorded: {', '.join(changed)}; run python tools/check_proofs.py")
    return recorded


def compared(record, wordings) -> dict[str, str]:
    """Return the SHA-256 of the wording in the book of each statement that a record has a sentence about, by label."""
    labels = sorted({each["label"] for each in record["sentences"]} & wordings.keys())
    return {label: hashlib.sha256(wordings[label].encode()).hexdigest() for label in labels}


def scopes(record) -> dict[str, list[str]]:
    """Return what the theorems in a record leave out, as a list of clauses for the label of each statement proved."""
    found = {}
    for each in record["sentences"]:
        if each["kind"] == "theorem":
            clauses = [clause for clause in each["scope"].rstrip(".").split("; ") if clause]
            found.setdefault(each["label"], {}).update(dict.fromkeys(clauses))
    return {label: list(clauses) for label, clauses in found.items()}


def find() -> bool:
    """Return whether Coq and the library Coquelicot are installed."""
    if shutil.which("coqc") is None:
        return False
    library = subprocess.run(["coqc", "-where"], capture_output=True, text=True, check=True).stdout.strip()
    return (Path(library) / "user-contrib" / "Coquelicot").is_dir()


def run(proofs) -> dict:
    """Let Coq check a temporary copy of all files in the folder `proofs`, two at a time; return a new record.

    Raises
    ------
    RuntimeError
        If Coq rejects a file. The message contains Coq's output.
    """
    paths = sorted(Path(proofs).glob("*.v"))
    version = re.search(r"\d[\d.]*\d", _coq(["--version"], None))[0]
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            shutil.copy(path, folder)
        _in_order({path.stem: _needs(path) for path in paths}, lambda stem: _coq([f"{stem}.v"], folder))
        listed = [each for path in paths for each in sentences(path) if each.kind != "lemma"]
        axioms = _axioms_used(paths, listed, Path(folder))
    theorems = [each._asdict() for each in sorted(listed, key=lambda each: (each.file, each.name))]
    return {"coq": version, "files": hashes(proofs), "axioms": dict(sorted(axioms.items())), "sentences": theorems}


def to_text(record) -> str:
    """Return a record as text for its file."""
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def differences(recorded, fresh) -> list[str]:
    """Return a line for each entry in which two records differ, apart from the version of Coq."""
    lines = []
    for part in ("files", "axioms"):
        old, new = recorded[part], fresh[part]
        lines += [f"{part}: {name}" for name in sorted(old.keys() | new) if old.get(name) != new.get(name)]
    old, new = ({each["name"]: each for each in record["sentences"]} for record in (recorded, fresh))
    return lines + [f"sentences: {name}" for name in sorted(old.keys() | new) if old.get(name) != new.get(name)]


def _needs(path):
    names = " ".join(_REQUIRE.findall(path.read_text(encoding="utf-8"))).split()
    return {name for name in names if path.with_name(f"{name}.v").exists()}


def _in_order(needs, work):
    """Call `work(name)` for all names, two at a time and each after those it needs."""
    done, running = set(), {}
    with ThreadPoolExecutor(2) as pool:
        while len(done) < len(needs):
            for name in needs:
                if name not in done and name not in running.values() and needs[name] <= done:
                    running[pool.submit(work, name)] = name
            for ended in wait(running, return_when=FIRST_COMPLETED).done:
                ended.result()
                done.add(running.pop(ended))


def _axioms_used(paths, listed, folder):
    """Return the axioms, as names with statements, that the theorems and near misses of compiled files use.

    Coq is asked once for all of them: for each question it goes through its library of the real numbers again.
    """
    names = [f"{Path(each.file).stem}.{each.name}" for each in listed if each.kind in ("theorem", "near miss")]
    files, asked = " ".join(path.stem for path in paths), folder / "Axioms.v"
    asked.write_text(f"Require {files}.\nDefinition all := ({', '.join(['tt', *names])}).\nPrint Assumptions all.\n")
    return _axioms(re.sub(r"^(?:Axioms:|Closed under the global context)\n", "", _coq([asked.name], folder)))


def _axioms(text):
    """Return the name and statement of each axiom from lines `name : statement`; indented lines continue a line."""
    lines = re.sub(r"\n\s+", " ", text).splitlines()
    return dict(re.sub(r"\s+", " ", line).split(" : ", 1) for line in lines if line)


def _coq(arguments, folder):
    done = subprocess.run(["coqc", "-q", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"coqc {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
    return done.stdout
