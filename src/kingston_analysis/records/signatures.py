"""Signatures: who vouches for a file, made and checked by `ssh-keygen -Y`, offline.

What is signed is an in-toto statement that names the file's hash, its signer and a date. The date
is what the signer says: no time stamp can be had offline.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kingston_analysis.errors import KingstonError, Problem
from kingston_analysis.project import json_of, sha256

STATEMENT, PREDICATE = "https://in-toto.io/Statement/v1", "urn:kingston-analysis:vouched-for:v1"
# What a signature is for, so that none made for another use counts here.
NAMESPACE = "kingston-analysis"
# As an e-mail address or a name; it becomes a file's name.
_SIGNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}")
_ARMOUR = re.compile(
    rb"-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=]{1,76}\n)+-----END SSH SIGNATURE-----\n?"
)
_KEY = re.compile(r"key (SHA256:\S+)")


@dataclass(frozen=True)
class Signed:
    """Who signed a file, with the hash of the key, and the date that the signer gives."""

    signer: str
    key: str
    says: str

    def __str__(self) -> str:
        return f"Signed by {self.signer} (key {self.key}), who gives the date {self.says}."


def folder_of(file: Path) -> Path:
    """Return the folder that holds a file's signatures, beside it."""
    return file.with_name(f"{file.name}.signatures")


def sign_file(file: Path, key: Path, signer: str, today: date) -> Path:
    """Sign a file with an SSH key; return the statement that was signed.

    Raises KingstonError for a file or key that is not there, and with what ssh-keygen says.
    """
    if not _SIGNER.fullmatch(signer):
        what = f"'{signer}' cannot stand for a signer."
        raise KingstonError(what, "Give an e-mail address, as the file of signers has it.")
    for each in (file, key):
        if not each.is_file():
            raise KingstonError(Problem("There is no such file.", each, remedy="Correct its name."))
    subject = {"name": file.name, "digest": {"sha256": _digest(file)}}
    said = {"signer": signer, "date": today.isoformat()}
    content = {
        "_type": STATEMENT,
        "subject": [subject],
        "predicateType": PREDICATE,
        "predicate": said,
    }
    statement = folder_of(file) / f"{signer}.json"
    statement.parent.mkdir(exist_ok=True)
    statement.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8", newline="\n")
    # ssh-keygen asks before it writes over a signature.
    _signature_of(statement).unlink(missing_ok=True)
    done = _ssh_keygen("sign", "-q", "-f", str(key), "-n", NAMESPACE, str(statement))
    if done.returncode or not _signature_of(statement).is_file():
        statement.unlink()
        what = f"The file was not signed: {_last_line(done)}"
        raise KingstonError(Problem(what, key, remedy="Give the private key of an SSH key pair."))
    return statement


def signatures_of(file: Path) -> list[Path]:
    """Return the statements that stand beside a file, each with a signature, true or not."""
    statements = sorted(folder_of(file).glob("*.json"))
    return [each for each in statements if _is_signature(_signature_of(each)) and _statement(each)]


def files_of_signatures(file: Path) -> list[Path]:
    """Return the files that stand for signatures of a file: each statement, and what signs it."""
    return [each for found in signatures_of(file) for each in (found, _signature_of(found))]


def check_signatures(file: Path, signers: Path) -> Iterator[Signed | Problem]:
    """Tell of each signature of a file who made it, or why it vouches for nothing.

    `signers` is a file of allowed signers (ssh-keygen(1)): a name, a kind and a public key a line.
    """
    if not signers.is_file():
        yield Problem("There is no such file of signers.", signers, remedy="Correct its name.")
        return
    statements = sorted(folder_of(file).glob("*.json"))
    if not statements:
        what = "Nobody has signed it."
        yield Problem(what, file, remedy="Ask for a signed copy, or sign it: `kingston sign`.")
    for statement in statements:
        yield _checked(statement, file, signers)
    known = {name for each in statements for name in (each.name, _signature_of(each).name)}
    for other in sorted(folder_of(file).glob("*")):
        if other.name not in known:
            yield Problem("The file is no signature.", other, remedy="Remove it.")


def _is_signature(file: Path) -> bool:
    """Tell whether a file has the form of a signature by SSH, true or not, and holds no more."""
    return file.is_file() and _ARMOUR.fullmatch(file.read_bytes()) is not None


def _checked(statement: Path, file: Path, signers: Path) -> Signed | Problem:
    remedy = "Copy both again, or remove the signature."
    content = _statement(statement)
    if content is None:
        return Problem("The statement cannot be read.", statement, remedy=remedy)
    signer, digest = content["predicate"]["signer"], content["subject"][0]["digest"]["sha256"]
    if digest != _digest(file):
        what = f"What {signer} signed is another {file.name} than this one."
        return Problem(what, statement, remedy=remedy)
    arguments = ("-f", str(signers), "-I", signer, "-n", NAMESPACE)
    signature = str(_signature_of(statement))
    done = _ssh_keygen("verify", *arguments, "-s", signature, stdin=statement.read_bytes())
    key = _KEY.search(done.stdout.decode(errors="replace"))
    if done.returncode or key is None:
        what = f"{signer} is not shown to have signed it: {_last_line(done)}"
        remedy = f"Ask them for their public key, and add it to {signers.name}; trust nothing else."
        return Problem(what, statement, remedy=remedy)
    return Signed(signer, key[1], content["predicate"]["date"])


def _statement(file: Path) -> dict[str, Any] | None:
    """Read a statement that names one file, its signer and a date; None where it is none."""
    try:
        content = json_of(file.read_bytes())
        [subject], said = content["subject"], content["predicate"]
        texts = (subject["digest"]["sha256"], said["signer"])
        date.fromisoformat(said["date"])
        sound = content["_type"] == STATEMENT and content["predicateType"] == PREDICATE
    except (OSError, ValueError, TypeError, KeyError):
        return None
    named = all(isinstance(each, str) for each in texts) and said["signer"] == file.stem
    return content if sound and named and _SIGNER.fullmatch(said["signer"]) else None


def _ssh_keygen(
    action: str, *arguments: str, stdin: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    try:
        command = ["ssh-keygen", "-Y", action, *arguments]
        return subprocess.run(command, input=stdin, capture_output=True, check=False)
    except FileNotFoundError:
        what = "There is no ssh-keygen, which makes and checks signatures."
        raise KingstonError(what, "Install it: sudo apt install openssh-client") from None


def _signature_of(statement: Path) -> Path:
    return statement.with_name(f"{statement.name}.sig")


def _digest(file: Path) -> str:
    return sha256(file.read_bytes()).removeprefix("sha256:")


def _last_line(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = (done.stderr + done.stdout).decode(errors="replace").strip().splitlines()
    return lines[-1].rstrip(".") + "." if lines else f"ssh-keygen ended with {done.returncode}."
