#!/usr/bin/env python3
"""Decrypts one file version that Coffer stored, without Coffer. "Section" below means a section of docs/format.md."""
import argparse, base64, hashlib, hmac, io, json, os, re, struct, sys
from pathlib import Path
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

CHUNK, TAG, HEADER = 16384, 16, 56
MODES = {"none": (0, 0, 0, 20), "SSE-B2": (1, 72, 0, 32), "SSE-C": (2, 72, 48, 32)}  # code; lengths of wrapped key, verifier, blob check
ACTIONS, RETENTIONS, LEGAL_HOLDS = ("upload", "start", "hide"), (None, "governance", "compliance"), (None, "off", "on")
ALGORITHMS = None, "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"
EXTENTS = "content", "parts"
UNUSABLE, WRONG_KEY, NOT_AUTHENTIC = 1, 3, 4  # exit codes; 2 is argparse's, for a wrong command line

class Refusal(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code

def demand(condition, message, code=UNUSABLE):
    if not condition:
        raise Refusal(code, message)

def exactly(value, fields, what):
    demand(isinstance(value, dict) and set(value) == set(fields), f"{what} must have exactly the fields {', '.join(fields)}")
    return value

def b64(text, what):
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        raise Refusal(UNUSABLE, f"{what} is not base64") from None

def expand(key, info, length):
    return HKDFExpand(algorithm=hashes.SHA512(), length=length, info=info).derive(key)

# Section 4: XAES-256-GCM
def unwrap(key, wrapped, aad):
    block = Cipher(algorithms.AES(key), modes.ECB()).encryptor().update
    doubled = int.from_bytes(block(bytes(16)), "big") << 1
    k1 = (doubled ^ 0x87) - 2**128 if doubled >> 128 else doubled
    halves = (int.from_bytes(bytes([0, i, 0x58, 0]) + wrapped[:12], "big") ^ k1 for i in (1, 2))
    subkey = b"".join(block(half.to_bytes(16, "big")) for half in halves)
    return AESGCM(subkey).decrypt(wrapped[12:24], wrapped[24:], aad)

# Section 2
def parse_key(text, what):
    text = text.decode("ascii", "replace").strip()
    if re.fullmatch("[0-9a-fA-F]{64}", text):
        return bytes.fromhex(text)
    key = b64(text, what) if len(text) == 44 else b""
    demand(len(key) == 32, f"{what} must be 64 hexadecimal digits or 44 characters of base64")
    return key

def root_key(source, args):
    if source == {"source": "key"}:
        demand(args.root_key, "this keyring needs --root-key")
        return parse_key(args.root_key, "the root key")
    exactly(source, ["source", "scrypt"], "rootKey in the keyring")
    scrypt = exactly(source["scrypt"], ["N", "r", "p", "salt"], "scrypt in the keyring")
    bounds = scrypt["N"] in [2**e for e in range(15, 21)] and scrypt["r"] in range(1, 9) and scrypt["p"] in range(1, 5)
    demand(source["source"] == "passphrase" and bounds, "the keyring's scrypt parameters are outside the limits")
    demand(args.passphrase, "this keyring needs --passphrase")
    kdf = Scrypt(salt=b64(scrypt["salt"], "the scrypt salt"), length=32, n=scrypt["N"], r=scrypt["r"], p=scrypt["p"])
    return kdf.derive(args.passphrase)

# Section 3
def global_key(args, key_id):
    keyring = exactly(json.loads(args.keyring.read_bytes()), ["version", "keyringId", "rootKey", "stores", "keys"], "the keyring")
    demand(keyring["version"] == 1, "the keyring is not of version 1")
    entry = next((key for key in keyring["keys"] if key.get("id") == key_id), None)
    demand(entry, f"the keyring has no global key {key_id}", WRONG_KEY)
    demand(entry.get("state") != "destroyed", f"the global key {key_id} was destroyed: what it wrapped is lost", WRONG_KEY)
    exactly(entry, ["id", "state", "createdAt", "wrapped"], "a global key")
    wrapped = b64(entry["wrapped"], "a wrapped global key")
    demand(len(wrapped) == 72, "a wrapped global key must have 72 bytes")
    try:
        return unwrap(root_key(keyring["rootKey"], args), wrapped, b"coffer/global-key/v1\0" + key_id.encode())
    except InvalidTag:
        message = f"the root key does not open the global key {key_id}: wrong root key or passphrase, or a changed keyring"
        raise Refusal(WRONG_KEY, message) from None

# Section 8
def counted(value):
    demand(len(value) <= 65535, "a field of the record is too long")
    return struct.pack(">H", len(value)) + value

def checksum_bytes(checksums, version):
    sha1, md5 = (b64(checksums[name] or "", f"the {name} of a checksum") for name in ("sha1", "md5"))
    encoded = counted(sha1) + bytes([checksums["sha1Verified"] is True]) + counted(md5)
    if version == 1:
        return encoded
    further = checksums.get("further")
    if further is None:
        return encoded + b"\0"
    kind = bytes([ALGORITHMS.index(further["algorithm"]), EXTENTS.index(further["of"])])
    return encoded + kind + counted(b64(further["value"] or "", "a further checksum"))

def record_version(record):
    furthers = [owner["checksums"].get("further") for owner in [record, *record["parts"]]]
    return 1 if record.get("entityTag") is None and all(further is None for further in furthers) else 2

def record_bytes(record, wrapped, verifier):
    texts = (record[name] for name in ("globalKeyId", "bucketId", "fileId", "fileName"))
    version = record_version(record)
    encoded = bytes([version, MODES[record["mode"]][0]]) + b"".join(counted(text.encode()) for text in texts)
    encoded += struct.pack(">BQ", ACTIONS.index(record["action"]), record["size"]) + counted(wrapped) + counted(verifier)
    info = sorted((name.encode(), text.encode()) for name, text in record["fileInfo"].items())
    encoded += counted(record["contentType"].encode()) + struct.pack(">I", len(info))
    encoded += b"".join(counted(name) + counted(text) for name, text in info) + checksum_bytes(record["checksums"], version)
    if version == 2:
        encoded += counted(b64(record.get("entityTag") or "", "the entity tag"))
    retention = record["retention"] or {"mode": None, "retainUntil": 0}
    times = record["uploadTimestamp"], record["committedAt"]
    encoded += struct.pack(">QQBQ", *times, RETENTIONS.index(retention["mode"]), retention["retainUntil"])
    encoded += struct.pack(">BI", LEGAL_HOLDS.index(record["legalHold"]), len(record["parts"]))
    for part in record["parts"]:
        encoded += struct.pack(">I", part["partNumber"]) + counted(part["blobId"].encode()) + struct.pack(">Q", part["size"])
        encoded += counted(blob_check(part)) + checksum_bytes(part["checksums"], version)
    return encoded

def blob_check(part):
    return b64(part["blobCheck"], "a blob check")

def check_rules(record, wrapped, verifier):
    ids = [record["globalKeyId"], record["bucketId"], record["fileId"], *(part["blobId"] for part in record["parts"])]
    demand(all(re.fullmatch("[!-~]+", name) for name in ids), "an id is not visible ASCII", NOT_AUTHENTIC)
    numbers, sizes = ([part[name] for part in record["parts"]] for name in ("partNumber", "size"))
    ascending = numbers and numbers[0] >= 1 and all(a < b for a, b in zip(numbers, numbers[1:]))
    demand(record["action"] == "upload", "the record is not of a stored file")
    demand(numbers == [0] or ascending, "the part numbers are neither a lone 0 nor ascending from 1", NOT_AUTHENTIC)
    adds_up = record["size"] == sum(sizes) < 2**53 and all(0 <= size < 2**52 for size in sizes)
    demand(adds_up, "the sizes do not add up", NOT_AUTHENTIC)
    lengths = MODES[record["mode"]]
    demand((len(wrapped), len(verifier)) == lengths[1:3], "the wrapped key or the verifier does not fit the mode", NOT_AUTHENTIC)
    checks = {len(blob_check(part)) for part in record["parts"]}
    demand(checks == {lengths[3]}, "a blob check does not fit the mode", NOT_AUTHENTIC)

def check_seal(record, encoded, key):
    mac = hmac.digest(expand(key, b"coffer/record/v1", 32), encoded, "sha256")
    message = "the record's seal does not verify: the record was changed, or belongs to another keyring"
    demand(hmac.compare_digest(mac, b64(record["seal"], "the seal")), message, NOT_AUTHENTIC)

# Sections 4 and 5
def file_key(record, wrapped, verifier, key, customer_key):
    server = record["mode"] == "SSE-B2"
    if not server:
        demand(customer_key, "this file is SSE-C: give its --customer-key")
        message = b"coffer/customer-key/v1\0" + verifier[:16] + record["fileId"].encode()
        matches = hmac.compare_digest(hmac.digest(customer_key, message, "sha256"), verifier[16:])
        demand(matches, "wrong customer key: it is not the one that this file was stored with", WRONG_KEY)
    fields = ("coffer/file-key/v1", record["mode"], record["globalKeyId"] if server else "", record["bucketId"], record["fileId"])
    try:
        return unwrap(key if server else customer_key, wrapped, b"\0".join(field.encode() for field in fields))
    except InvalidTag:
        raise Refusal(NOT_AUTHENTIC, "the wrapped file key is damaged") from None

# Section 6
def stored_length(size, encrypted):
    return HEADER + size + TAG * (size // CHUNK + 1) if encrypted else size

def blob_plaintext(blob, key, file_id, part, what):
    header = blob.read(HEADER)
    demand(hmac.compare_digest(header[24:], blob_check(part)), f"{what} is not the one that the record names", NOT_AUTHENTIC)
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + header[:24] + b"coffer/blob/v1\0" + file_id.encode() + b"\0"
    derived = expand(key, info + struct.pack(">I", part["partNumber"]), 76)
    demand(hmac.compare_digest(derived[44:], header[24:]), f"{what} is not this file's: its commitment differs", NOT_AUTHENTIC)
    cipher, base_nonce = AESGCM(derived[:32]), int.from_bytes(derived[32:44], "big")
    length, index = CHUNK, 0
    while length == CHUNK:  # a full chunk is never the last
        chunk = blob.read(CHUNK + TAG)
        demand(len(chunk) >= TAG, f"{what} was cut off: its last chunk is missing", NOT_AUTHENTIC)
        try:
            plaintext = cipher.decrypt((base_nonce ^ index).to_bytes(12, "big"), chunk, None)
        except InvalidTag:
            raise Refusal(NOT_AUTHENTIC, f"{what} is damaged: chunk {index} does not verify") from None
        yield plaintext
        length, index = len(plaintext), index + 1

def plain_content(blob, part, what):
    digest, left = hashlib.sha1(), part["size"]
    while left:
        piece = blob.read(min(CHUNK, left))
        demand(piece, f"{what} was cut off while it was read", NOT_AUTHENTIC)
        digest.update(piece)
        left -= len(piece)
        if not left:  # the end is held back until all of it was found right
            same = hmac.compare_digest(digest.digest(), blob_check(part))
            demand(same, f"{what} is not the one that the record names: its SHA-1 differs", NOT_AUTHENTIC)
        yield piece

def open_blob(place, data):
    if "bytes" in place:
        return io.BytesIO(b64(place["bytes"], "a blob in the export"))
    demand(data, "this file's blobs are in the data directory: give --data")
    path = (data / place["path"]).resolve()
    demand(path.is_relative_to(data.resolve()), f"the path {place['path']} leaves the data directory")
    demand(path.is_file(), f"the blob {place['blobId']} is missing: no file {path}", NOT_AUTHENTIC)
    return path.open("rb")

def plaintext(args):
    export = json.loads(args.record.read_bytes())
    demand(export.get("formatVersion") == 1, "the export is not of format version 1")
    record, mode = export["record"], export["record"]["mode"]
    demand(mode in MODES, f"there is no mode {mode}")
    wrapped, verifier = (b64(record[name] or "", name) for name in ("wrappedKey", "verifier"))
    check_rules(record, wrapped, verifier)
    key = global_key(args, record["globalKeyId"]) if args.keyring else None
    demand(key or mode == "SSE-C", "give the --keyring: only an SSE-C file can be read without it")
    if key:
        check_seal(record, record_bytes(record, wrapped, verifier), key)
    else:
        print("warning: without --keyring the seal is not checked: parts could be missing unnoticed", file=sys.stderr)
    customer_key = args.customer_key and parse_key(args.customer_key, "the customer key")
    key = None if mode == "none" else file_key(record, wrapped, verifier, key, customer_key)
    places = {place["blobId"]: place for place in export["blobs"]}
    blobs = []
    for part in record["parts"]:
        what = f"part {part['partNumber']}" if part["partNumber"] else "the blob"
        demand(part["blobId"] in places, f"the export does not say where {what} is")
        blob, wanted = open_blob(places[part["blobId"]], args.data), stored_length(part["size"], key is not None)
        length = blob.seek(0, os.SEEK_END)
        demand(length == wanted, f"{what} has {length} bytes stored, and its size demands {wanted}", NOT_AUTHENTIC)
        blob.seek(0)
        blobs.append((blob, part, what))
    for blob, part, what in blobs:
        with blob:
            yield from blob_plaintext(blob, key, record["fileId"], part, what) if key else plain_content(blob, part, what)

def secret(argument):
    kind, _, name = argument.partition(":")
    try:
        return {"file": lambda: Path(name).read_bytes(), "env": lambda: os.environb[name.encode()]}[kind]()
    except (KeyError, OSError):
        raise argparse.ArgumentTypeError("it must be file:PATH or env:NAME, and be there") from None

def write(chunks, output):
    if output is None:
        return sys.stdout.buffer.writelines(chunks)
    partial = output.with_name(output.name + ".partial")
    try:
        with partial.open("wb") as file:
            file.writelines(chunks)
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)

def main():
    parser = argparse.ArgumentParser(description=__doc__, epilog="SECRET is file:PATH or env:NAME.")
    parser.add_argument("record", type=Path, help="what `coffer export-record` printed")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data directory, or a copy with the blobs at the same paths")
    parser.add_argument("--keyring", type=Path, metavar="FILE", help="keyring.json")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where the file goes (default: standard output)")
    for name in ("--root-key", "--passphrase", "--customer-key"):
        parser.add_argument(name, type=secret, metavar="SECRET")
    args = parser.parse_args()
    try:
        write(plaintext(args), args.output)
    except Refusal as refusal:
        print(f"coffer_decode: {refusal}", file=sys.stderr)
        return refusal.code
    except OSError as error:
        print(f"coffer_decode: {error}", file=sys.stderr)
    except (AttributeError, KeyError, TypeError, ValueError, struct.error) as error:
        print(f"coffer_decode: the export or the keyring is malformed: {error!r}", file=sys.stderr)
    else:
        return 0
    return UNUSABLE

if __name__ == "__main__":
    sys.exit(main())
