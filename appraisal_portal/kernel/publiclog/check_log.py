#!/usr/bin/env python3
"""Checks the public log of a title appraisal portal (公开日志校验程序). Needs Python 3.9 or newer and nothing else.

The log is a text file of which each line is one entry; lines are never changed, removed or put in between. Its head is
its number of lines and the root of the Merkle tree over them, hashed as in RFC 9162 §2.1 (SHA-256, 0x00 before a line,
0x01 before two hashes). The portal fixes one head a day, shows it on the front page and prints it on its letters:
whoever keeps a head can show with this program whether anything was altered since.

    python3 check_log.py log log.jsonl --heads heads.jsonl        the whole log against every daily head
    python3 check_log.py log log.jsonl --head 120:9f3c…           … against one head, for instance of a letter
    python3 check_log.py proof proof.json --head 120:9f3c…        one entry, without the log; add --pdf FILE to check
                                                                  that it is about this very certificate file
    python3 check_log.py consistency consistency.json --head …    a later head only added to an earlier one
    python3 check_log.py heads heads.jsonl --keys jwks.json       the portal's signature (ES256) on every daily head;
                                                                  its keys are published at /.well-known/jwks.json

Ends with 0 when everything holds, 1 when something does not, 2 when a file cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Sequence
from typing import Any

HOLDS, BROKEN, UNREADABLE = 0, 1, 2


def leaf_hash(line: bytes) -> bytes:
    """Hash of one line (bytes, without its line end)."""
    return hashlib.sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def commitment(salt: str, content: str) -> str:
    """What an entry says of a content: nothing to whoever does not know the salt (32 random hexadecimal digits)."""
    return hashlib.sha256((salt + content).encode("utf-8")).hexdigest()


class Tree:
    """The tree while lines are added: only the roots of its complete parts are kept."""

    def __init__(self) -> None:
        self.size = 0
        self.parts: list[tuple[int, bytes]] = []  # (number of lines, hash), the largest first

    def add(self, line: bytes) -> None:
        """One line more."""
        part = (1, leaf_hash(line))
        while self.parts and self.parts[-1][0] == part[0]:
            lines, left = self.parts.pop()
            part = (2 * lines, node_hash(left, part[1]))
        self.parts.append(part)
        self.size += 1

    def root(self) -> str:
        """The root now, hexadecimal."""
        if not self.parts:
            return hashlib.sha256(b"").hexdigest()
        found = self.parts[-1][1]
        for _lines, left in reversed(self.parts[:-1]):
            found = node_hash(left, found)
        return found.hex()


def root_of_inclusion(line: bytes, place: int, size: int, path: Sequence[bytes]) -> str | None:
    """The root that follows from an inclusion proof (RFC 9162 §2.1.3.2), hexadecimal; None when it is none."""
    if not 0 <= place < size:
        return None
    number, last, found = place, size - 1, leaf_hash(line)
    for step in path:
        if last == 0:
            return None
        if number % 2 or number == last:
            found = node_hash(step, found)
            while number % 2 == 0 and number:
                number, last = number // 2, last // 2
        else:
            found = node_hash(found, step)
        number, last = number // 2, last // 2
    return found.hex() if last == 0 else None


def consistent(first: int, first_root: str, second: int, second_root: str, path: Sequence[bytes]) -> bool:
    """Whether the tree of ``second`` lines begins with that of ``first`` lines (RFC 9162 §2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return first_root == second_root and not path
    steps = list(path)
    if first & (first - 1) == 0:
        steps.insert(0, bytes.fromhex(first_root))
    if not steps:
        return False
    number, last = first - 1, second - 1
    while number % 2:
        number, last = number // 2, last // 2
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if number % 2 or number == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while number % 2 == 0 and number:
                number, last = number // 2, last // 2
        else:
            new = node_hash(new, step)
        number, last = number // 2, last // 2
    return last == 0 and old.hex() == first_root and new.hex() == second_root


class Finding(Exception):
    """Something does not hold."""


def check_log(path: str, heads: Sequence[tuple[str, int, str]]) -> str:
    """Read the log line by line and compare its root at each size a head names."""
    tree = Tree()
    wanted: dict[int, list[tuple[str, str]]] = {}
    for name, size, root in heads:
        wanted.setdefault(size, []).append((name, root))
    agreed = "the beginning 开头"
    with open(path, "rb") as log:
        for line in log:
            if not line.endswith(b"\n"):
                raise Finding(f"line {tree.size + 1} is cut off / 第 {tree.size + 1} 行不完整")
            tree.add(line[:-1])
            for name, root in wanted.pop(tree.size, []):
                if tree.root() != root:
                    raise Finding(
                        f"altered: does not give the head {name} ({tree.size} lines); it agrees up to {agreed} / "
                        f"已被改动：与日志头 {name}（{tree.size} 行）不符"
                    )
                agreed = f"{name} ({tree.size} lines 行)"
    for size, named in sorted(wanted.items()):
        if size:
            raise Finding(
                f"cut: the head {named[0][0]} counts {size} lines, here are {tree.size} / "
                f"被截断：日志头 {named[0][0]} 有 {size} 行，这里只有 {tree.size} 行"
            )
    return f"{tree.size} lines 行, root 根 {tree.root()}; agrees up to 相符至 {agreed}"


def check_proof(path: str, heads: Sequence[tuple[str, int, str]], pdf: str | None) -> str:
    """One entry against the head its proof names, its content against its commitment."""
    proof = _json(path)
    line = proof["entry"].encode("utf-8")
    steps = [bytes.fromhex(step) for step in proof["path"]]
    if root_of_inclusion(line, proof["place"], proof["size"], steps) != proof["root"]:
        raise Finding("the proof does not lead to its head / 证明与其日志头不符")
    _known(proof["size"], proof["root"], heads)
    entry = json.loads(proof["entry"])
    if commitment(proof["salt"], proof["content"]) != entry["commitment"]:
        raise Finding("the content is not what was logged / 内容与登记时不同")
    content = json.loads(proof["content"])
    if pdf:
        with open(pdf, "rb") as file:
            if hashlib.sha256(file.read()).hexdigest() != content.get("sha256"):
                raise Finding("the PDF is not the one that was logged / PDF 与登记的文件不同")
    told = json.dumps(content, ensure_ascii=False, indent=1)
    return f"line 第 {proof['place'] + 1} 行 of 共 {proof['size']} 行, {entry['kind']}, {entry['at']}\n{told}"


def check_consistency(path: str, heads: Sequence[tuple[str, int, str]]) -> str:
    """The second head only added to the first."""
    proof = _json(path)
    first, second = proof["first"], proof["second"]
    steps = [bytes.fromhex(step) for step in proof["path"]]
    if not consistent(first["size"], first["root"], second["size"], second["root"], steps):
        raise Finding("the later head does not contain the earlier one / 较晚的日志头不包含较早的日志")
    for end in (first, second):
        _known(end["size"], end["root"], heads)
    return f"{first['size']} → {second['size']} lines 行, only added to 只有新增"


# The curve P-256 (FIPS 186-4 D.1.2.3): y² = x³ − 3x + B over the numbers modulo P, the point G of order N.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def add_points(one: tuple[int, int] | None, other: tuple[int, int] | None) -> tuple[int, int] | None:
    """The sum of two points of the curve; None is the point at infinity."""
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    rise, run = (3 * x1 * x1 - 3, 2 * y1) if one == other else (y2 - y1, x2 - x1)
    slope = rise * pow(run, -1, P) % P
    x3 = (slope * slope - x1 - x2) % P
    return x3, (slope * (x1 - x3) - y1) % P


def times(number: int, point: tuple[int, int] | None) -> tuple[int, int] | None:
    """A point added to itself so many times."""
    found = None
    while number:
        if number % 2:
            found = add_points(found, point)
        point, number = add_points(point, point), number // 2
    return found


def signed_by(key: tuple[int, int], message: bytes, signature: bytes) -> bool:
    """Whether the 64 bytes are the key's ECDSA signature of the message (FIPS 186-4 §6.4, SHA-256)."""
    x, y = key
    if len(signature) != 64 or not (0 <= x < P and 0 <= y < P) or (y * y - (x**3 - 3 * x + B)) % P:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < N and 0 < s < N):
        return False
    inverse, digest = pow(s, -1, N), int.from_bytes(hashlib.sha256(message).digest(), "big")
    point = add_points(times(digest * inverse % N, G), times(r * inverse % N, key))
    return point is not None and point[0] % N == r


def check_heads(path: str, keys: str | None) -> str:
    """The signature of every daily head that carries one, by a key of the file of keys."""
    if not keys:
        raise Finding("name the file of keys with --keys / 请用 --keys 指定公钥文件")
    known = {key["kid"]: (_number(key["x"]), _number(key["y"])) for key in _json(keys)["keys"] if key["crv"] == "P-256"}
    signed, used, unsigned = 0, set(), 0
    with open(path, encoding="utf-8") as file:
        for line in file:
            head = json.loads(line)
            jws = head.pop("jws", None)
            if jws is None:
                unsigned += 1
                continue
            header, payload, signature = jws.split(".")
            told = json.loads(_octets(header))
            if told["alg"] != "ES256" or told.get("typ") != "log-head+jwt" or json.loads(_octets(payload)) != head:
                raise Finding(
                    f"the signature of {head['day']} is about something else / {head['day']} 的签名与日志头不符"
                )
            if told["kid"] not in known:
                raise Finding(f"the key {told['kid']} of {head['day']} is not in the file / 公钥文件中没有该密钥")
            if not signed_by(known[told["kid"]], f"{header}.{payload}".encode(), _octets(signature)):
                raise Finding(f"the signature of {head['day']} is wrong / {head['day']} 的签名无效")
            signed += 1
            used.add(told["kid"])
    return f"{signed} signed 已签名, {unsigned} unsigned 未签名; keys 密钥: {' '.join(sorted(used)) or '-'}"


def _octets(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _number(text: str) -> int:
    return int.from_bytes(_octets(text), "big")


def _known(size: int, root: str, heads: Sequence[tuple[str, int, str]]) -> None:
    """A head of that many lines that somebody else kept must be the same one."""
    for name, lines, other in heads:
        if lines == size and other != root:
            raise Finding(f"the head {name} of {size} lines is another one / 日志头 {name} 不同")


def _json(path: str) -> Any:
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def _heads(path: str | None, given: Sequence[str]) -> list[tuple[str, int, str]]:
    """(name, lines, root) of a file of heads and of those typed as LINES:ROOT."""
    found = []
    if path:
        with open(path, encoding="utf-8") as file:
            for line in file:
                head = json.loads(line)
                found.append((head["day"], head["size"], head["root"]))
    for text in given:
        size, _colon, root = text.partition(":")
        found.append((text[:20], int(size), root.strip().lower()))
    return found


def _say(text: str) -> None:
    sys.stdout.buffer.write(f"{text}\n".encode())  # whatever the machine's code page
    sys.stdout.buffer.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Say in one line what holds, or what does not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("log", "proof", "consistency", "heads"))
    parser.add_argument("file")
    parser.add_argument("--heads", help="file of daily heads")
    parser.add_argument("--head", action="append", default=[], metavar="LINES:ROOT", help="a head you kept")
    parser.add_argument("--keys", help="file of the portal's public keys")
    parser.add_argument("--pdf", help="the certificate file a proof is about")
    asked = parser.parse_args(arguments)
    try:
        heads = _heads(asked.heads, asked.head)
        if asked.what == "log":
            told = check_log(asked.file, heads)
        elif asked.what == "proof":
            told = check_proof(asked.file, heads, asked.pdf)
        elif asked.what == "heads":
            told = check_heads(asked.file, asked.keys)
        else:
            told = check_consistency(asked.file, heads)
    except Finding as finding:
        _say(f"DOES NOT HOLD 不成立: {finding}")
        return BROKEN
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        _say(f"CANNOT BE READ 无法读取: {type(error).__name__}: {error}")
        return UNREADABLE
    _say(f"HOLDS 成立: {told}")
    if asked.what == "heads":
        _say("Compare the key with the fingerprint you were given elsewhere. 请与从其他渠道得到的密钥指纹核对。")
    elif not heads:
        _say("Compare the root with a head you kept yourself. 请与您自己保存的日志头核对。")
    return HOLDS


if __name__ == "__main__":
    sys.exit(main())
