"""The Merkle tree against RFC 9162 §2.1 as it is written there, and the checker as a third party runs it."""

import hashlib
import json
import subprocess
import sys

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from appraisal_portal.kernel.publiclog import check_log, tree

LINES = [f'{{"kind":"certificate-issued","n":{n}}}'.encode() for n in range(40)]


def mth(lines):
    """MTH of the RFC, word by word."""
    if len(lines) == 1:
        return hashlib.sha256(b"\x00" + lines[0]).digest()
    k = half(len(lines))
    return hashlib.sha256(b"\x01" + mth(lines[:k]) + mth(lines[k:])).digest()


def half(length):
    k = 1
    while 2 * k < length:
        k *= 2
    return k


def path(m, lines):
    """PATH of the RFC."""
    if len(lines) == 1:
        return []
    k = half(len(lines))
    if m < k:
        return [*path(m, lines[:k]), mth(lines[k:])]
    return [*path(m - k, lines[k:]), mth(lines[:k])]


def subproof(m, lines, whole):
    """SUBPROOF of the RFC."""
    if m == len(lines):
        return [] if whole else [mth(lines)]
    k = half(len(lines))
    if m <= k:
        return [*subproof(m, lines[:k], whole), mth(lines[k:])]
    return [*subproof(m - k, lines[k:], False), mth(lines[:k])]


def roots(stored, ranges):
    return [tree.joined([stored[number] for number in tree.parts(*span)]) for span in ranges]


def stored(size, step=7):
    """The hashes of a tree that grew by ``step`` lines at a time."""
    found = {}
    for start in range(0, size, step):
        peaks = {number: found[number] for number in tree.parts(0, start)}
        found |= tree.grown(start, peaks, LINES[start : min(start + step, size)])
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 8, 9, 21, 32, 40])
def test_roots_and_proofs_are_those_of_the_rfc(size):
    hashes, lines = stored(size), LINES[:size]
    root = mth(lines)
    assert roots(hashes, [(0, size)]) == [root]
    kept = check_log.Tree()
    for line in lines:
        kept.add(line)
    assert kept.root() == root.hex()
    for place in range(size):
        steps = roots(hashes, tree.inclusion(place, size))
        assert steps == path(place, lines)
        assert check_log.root_of_inclusion(lines[place], place, size, steps) == root.hex()
        for wrong in (
            check_log.root_of_inclusion(lines[place] + b" ", place, size, steps),
            check_log.root_of_inclusion(lines[place], place, size, [*steps, root]),
            check_log.root_of_inclusion(lines[place], size, size, steps),
        ):
            assert wrong != root.hex()
    for first in range(1, size + 1):
        steps = roots(hashes, tree.consistency(first, size))
        assert steps == subproof(first, lines, True)
        before = mth(lines[:first]).hex()
        assert check_log.consistent(first, before, size, root.hex(), steps)
        assert not check_log.consistent(first, "00" * 32, size, root.hex(), steps)
        assert not check_log.consistent(first, before, size, "00" * 32, steps)
        assert not check_log.consistent(first, before, size, root.hex(), [*steps, root])


@pytest.fixture
def exported(tmp_path):
    """A log of forty lines with the heads of three days, as somebody downloaded them."""
    heads = [
        {"day": day, "size": size, "root": mth(LINES[:size]).hex()}
        for day, size in (("2026-05-29", 12), ("2026-05-30", 31), ("2026-05-31", 40))
    ]
    (tmp_path / "heads.jsonl").write_text("".join(json.dumps(head) + "\n" for head in heads))
    (tmp_path / "log.jsonl").write_bytes(b"".join(line + b"\n" for line in LINES))
    return tmp_path


def run(folder, *arguments):
    """As a third party: nothing but Python, no site packages, nothing of the portal on the path."""
    call = [sys.executable, "-I", "-S", check_log.__file__, *arguments]
    done = subprocess.run(call, cwd=folder, capture_output=True, text=True, timeout=30, check=False)
    assert not done.stderr
    return done.returncode, done.stdout


def test_a_whole_log_holds(exported):
    code, said = run(exported, "log", "log.jsonl", "--heads", "heads.jsonl")
    assert (code, "HOLDS" in said, "40 lines" in said, mth(LINES).hex() in said) == (0, True, True, True)


def edited(lines):
    lines[17] = lines[17].replace(b"17", b"71")


def deleted(lines):
    del lines[17]


def inserted(lines):
    lines.insert(17, b'{"kind":"certificate-issued","n":99}')


def reordered(lines):
    lines[17], lines[18] = lines[18], lines[17]


def cut(lines):
    del lines[36:]


@pytest.mark.parametrize("tamper", [edited, deleted, inserted, reordered, cut])
def test_f1_each_tampering_is_caught_and_placed_between_two_heads(exported, tamper):
    lines = list(LINES)
    tamper(lines)
    (exported / "log.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    code, said = run(exported, "log", "log.jsonl", "--heads", "heads.jsonl")
    assert code == 1
    if tamper is cut:
        assert "the head 2026-05-31 counts 40 lines, here are 36" in said
    else:
        assert "does not give the head 2026-05-30 (31 lines); it agrees up to 2026-05-29 (12 lines" in said


def test_one_head_of_a_letter_is_enough_and_what_is_no_log_is_no_answer(exported):
    head = f"31:{mth(LINES[:31]).hex()}"
    assert run(exported, "log", "log.jsonl", "--head", head)[0] == 0
    assert run(exported, "log", "log.jsonl", "--head", f"31:{'0' * 64}")[0] == 1
    assert run(exported, "log", "nothing.jsonl")[0] == 2
    (exported / "broken.json").write_text("[1]")
    assert run(exported, "proof", "broken.json")[0] == 2
    (exported / "log.jsonl").write_bytes(b"\n".join(LINES))
    assert "is cut off" in run(exported, "log", "log.jsonl")[1]


def proof_of(content, place=17):
    """A proof as the portal hands it out, over forty lines of which one is about ``content``."""
    salt = "5a" * 16
    entry = {"kind": "certificate-issued", "at": "2026-05-29T02:00:00Z"}
    line = json.dumps({**entry, "commitment": check_log.commitment(salt, content)})
    lines = [*LINES[:place], line.encode(), *LINES[place + 1 :]]
    steps = [step.hex() for step in path(place, lines)]
    return {"entry": line, "content": content, "salt": salt, "place": place, "size": 40,
            "root": mth(lines).hex(), "path": steps}  # fmt: skip


def test_a_proof_holds_for_its_certificate_file_and_for_nothing_else(exported):
    sheet = exported / "sheet.pdf"
    sheet.write_bytes(b"%PDF-1.7 a sheet")
    content = json.dumps({"number": "3311", "sha256": hashlib.sha256(sheet.read_bytes()).hexdigest()})
    proof = proof_of(content)
    (exported / "proof.json").write_text(json.dumps(proof))
    head = f"40:{proof['root']}"
    assert run(exported, "proof", "proof.json", "--pdf", "sheet.pdf", "--head", head)[0] == 0
    assert "is another one" in run(exported, "proof", "proof.json", "--head", f"40:{'0' * 64}")[1]
    sheet.write_bytes(b"%PDF-1.7 A sheet")
    assert "the PDF is not the one" in run(exported, "proof", "proof.json", "--pdf", "sheet.pdf")[1]
    (exported / "proof.json").write_text(json.dumps({**proof, "content": content.replace("3311", "3312")}))
    assert "the content is not what was logged" in run(exported, "proof", "proof.json")[1]
    (exported / "proof.json").write_text(json.dumps({**proof, "place": 16}))
    assert "does not lead to its head" in run(exported, "proof", "proof.json")[1]


def test_a_later_head_must_contain_the_earlier_one(exported):
    ends = {name: {"size": size, "root": mth(LINES[:size]).hex()} for name, size in (("first", 12), ("second", 40))}
    proof = {**ends, "path": [step.hex() for step in subproof(12, LINES, True)]}
    (exported / "consistency.json").write_text(json.dumps(proof))
    assert run(exported, "consistency", "consistency.json", "--heads", "heads.jsonl")[0] == 0
    proof["first"]["root"] = "0" * 64
    (exported / "consistency.json").write_text(json.dumps(proof))
    assert "does not contain the earlier one" in run(exported, "consistency", "consistency.json")[1]


def signed_heads(folder, heads, key):
    """Heads signed by PyJWT, and the public key, as a portal would publish them."""
    head = {"kid": "k1", "typ": "log-head+jwt"}
    said = [{**one, "jws": jwt.encode(one, key, algorithm="ES256", headers=head)} for one in heads]
    jwk = {**json.loads(ECAlgorithm.to_jwk(key.public_key())), "kid": "k1"}
    write_heads(folder, said)
    (folder / "jwks.json").write_text(json.dumps({"keys": [jwk]}))
    return said


def write_heads(folder, said):
    (folder / "signed.jsonl").write_text("".join(json.dumps(one) + "\n" for one in said))


def test_signed_heads_hold_and_each_forgery_is_told(tmp_path):
    """Keys and signatures made elsewhere; a verification of our own is only believed against them."""
    key, other = (ec.generate_private_key(ec.SECP256R1()) for _ in "12")
    heads = [{"day": f"2026-05-0{n}", "size": n, "root": f"{n:064x}"} for n in (1, 2, 3)]
    said = signed_heads(tmp_path, heads, key)
    asked = ("heads", "signed.jsonl", "--keys", "jwks.json")
    status, told = run(tmp_path, *asked)
    assert (status, "3 signed" in told, "k1" in told) == (0, True, True)
    write_heads(tmp_path, [{**said[0], "root": "f" * 64}])
    assert run(tmp_path, *asked)[0] == 1
    write_heads(tmp_path, [{**said[0], "jws": said[1]["jws"]}])
    assert run(tmp_path, *asked)[0] == 1
    forged = jwt.encode(heads[0], other, algorithm="ES256", headers={"kid": "k1", "typ": "log-head+jwt"})
    write_heads(tmp_path, [{**heads[0], "jws": forged}])
    status, told = run(tmp_path, *asked)
    assert (status, "2026-05-01 is wrong" in told) == (1, True)
    elsewhere = jwt.encode(heads[0], key, algorithm="ES256", headers={"kid": "k1", "typ": "vc+jwt"})
    write_heads(tmp_path, [{**heads[0], "jws": elsewhere}])
    assert run(tmp_path, *asked)[0] == 1
    unknown = jwt.encode(heads[0], key, algorithm="ES256", headers={"kid": "k2", "typ": "log-head+jwt"})
    write_heads(tmp_path, [{**heads[0], "jws": unknown}])
    assert run(tmp_path, *asked)[0] == 1
    assert run(tmp_path, "heads", "signed.jsonl")[0] == 1


@pytest.mark.parametrize("signature", [b"", b"\0" * 64, b"\xff" * 64, b"\0" * 63 + b"\1"])
def test_what_is_no_signature_is_refused(signature):
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    assert not check_log.signed_by((numbers.x, numbers.y), b"x", signature)
    assert not check_log.signed_by((1, 1), b"x", b"\1" * 64)  # no point of the curve
