#!/usr/bin/env python3
"""Runs the decoder over the golden vectors (docs/format.md, sections 10 and 11). Prints how many checks passed."""
import base64, hashlib, hmac, io, json, sys, types
from pathlib import Path
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

sys.dont_write_bytecode = True
import coffer_decode as decoder

PACKAGES = Path(__file__).resolve().parents[2] / "packages"
KEYRINGS = PACKAGES / "keyring/vectors"
golden = json.loads((PACKAGES / "envelope-crypto/vectors/coffer-format-v1.json").read_text())
passed = 0

def same(actual, expected, what):
    global passed
    assert actual == expected, what
    passed += 1

def from_hex(name):
    return bytes.fromhex(golden[name])

def mac(key, purpose, message):
    return hmac.digest(decoder.expand(key, purpose.encode(), 32), message, "sha256").hex()

def check_keyrings():
    for name, key_id, secrets, canary in (
        ("key", golden["globalKeyId"], {"root_key": golden["rootKey"].encode()}, golden["macs"]["coffer/canary/v1"]),
        ("passphrase", "gk_cb60a20201c80ee9", {"passphrase": b"correct horse battery staple"},
         "4b4a4277e52119cefa6d5476c7d9b650cde16a4baf61d2b2c26870e1dff7cd8a"),
    ):
        args = types.SimpleNamespace(keyring=KEYRINGS / f"keyring-v1-{name}.json", **secrets)
        same(mac(decoder.global_key(args, key_id), "coffer/canary/v1", b"message"), canary, f"keyring by {name}")

def check_wrapped(global_key):
    aad = b"coffer/global-key/v1\0" + golden["globalKeyId"].encode()
    same(decoder.unwrap(from_hex("rootKey"), from_hex("wrappedGlobalKey"), aad), global_key, "global key")
    sealed = golden["applicationKey"]
    aad = "\0".join(["coffer/application-key/v1", golden["globalKeyId"], sealed["subject"]]).encode()
    secret = decoder.unwrap(global_key, bytes.fromhex(sealed["sealed"]), aad)
    same(secret.decode(), sealed["secret"], "application key")
    for purpose, expected in golden["macs"].items():
        same(mac(global_key, purpose, b"message"), expected, purpose)

def opened(blob, part_number):
    part = {"partNumber": part_number, "blobCheck": base64.b64encode(blob[24:56])}
    return b"".join(decoder.blob_plaintext(io.BytesIO(blob), from_hex("fileKey"), golden["fileId"], part, "the blob"))

def refusal(blob, part_number):
    try:
        return f"opened as {len(opened(blob, part_number))} bytes"
    except decoder.Refusal as error:
        return str(error)

def check_blobs():
    for blob in golden["blobs"]:
        plaintext, stored = bytes.fromhex(blob["plaintext"]), bytes.fromhex(blob["blob"])
        same(opened(stored, blob["partNumber"]), plaintext, "blob")
        same(decoder.stored_length(len(plaintext), True), len(stored), "stored length")

def check_long_blob():
    """The vectors have a digest of it only, so it is made anew; the digest says that it is the right one."""
    long = golden["longBlob"]
    plaintext, salt = bytes(i % 251 for i in range(long["plaintextLength"])), bytes.fromhex(long["salt"])
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + b"coffer/blob/v1\0" + golden["fileId"].encode()
    keys = decoder.expand(from_hex("fileKey"), info + b"\0" + long["partNumber"].to_bytes(4, "big"), 76)
    stored = salt + keys[44:]
    for i in range(len(plaintext) // decoder.CHUNK + 1):
        nonce = (int.from_bytes(keys[32:44], "big") ^ i).to_bytes(12, "big")
        stored += AESGCM(keys[:32]).encrypt(nonce, plaintext[i * decoder.CHUNK : (i + 1) * decoder.CHUNK], None)
    same(hashlib.sha256(stored).hexdigest(), long["blobDigest"], "long blob")
    same(opened(stored, long["partNumber"]), plaintext, "plaintext of the long blob")
    for cut in range(56, len(stored), 16400):
        same(refusal(stored[:cut], long["partNumber"]), "the blob was cut off: its last chunk is missing", "cut after a full chunk")
    same(hashlib.sha256(plaintext).hexdigest(), long["plaintextDigest"], "digest of the long blob's plaintext")

def exported(record):
    """The record as `coffer export-record` prints it: in base64 what the vectors have in hexadecimal."""
    encoded = lambda text: text and base64.b64encode(bytes.fromhex(text)).decode()
    further = lambda sums: {"further": {**sums["further"], "value": encoded(sums["further"]["value"])}} if "further" in sums else {}
    digests = lambda sums: {**sums, **{name: encoded(sums[name]) for name in ("sha1", "md5")}, **further(sums)}
    sums = lambda owner: digests(owner["checksums"])
    parts = [{**part, "blobCheck": encoded(part["blobCheck"]), "checksums": sums(part)} for part in record["parts"]]
    keys = {name: encoded(record[name]) for name in ("wrappedKey", "verifier")}
    keys |= {"entityTag": encoded(record["entityTag"])} if "entityTag" in record else {}
    return {**record, **keys, "checksums": sums(record), "parts": parts}

def check_records(global_key):
    for entry in golden["records"]:
        record, seal = exported(entry["record"]), base64.b64encode(bytes.fromhex(entry["seal"]))
        wrapped, verifier = (base64.b64decode(record[name] or "") for name in ("wrappedKey", "verifier"))
        if record["action"] == "upload":
            decoder.check_rules(record, wrapped, verifier)
        encoded = decoder.record_bytes(record, wrapped, verifier)
        same(encoded.hex(), entry["encoding"], "record")
        decoder.check_seal({"seal": seal}, encoded, global_key)
        if record["mode"] != "none":
            key = decoder.file_key(record, wrapped, verifier, global_key, from_hex("customerKey"))
            same(key, from_hex("fileKey"), "file key")

def check_checksums(global_key):
    for one in golden["checksums"]:
        message = b"coffer/checksum/v1\0" + one["blobId"].encode()
        mask = hmac.digest(decoder.expand(global_key, b"coffer/checksum/v1", 32), message, "sha512")
        same(mask.hex(), one["mask"], "mask")
        for name, start, stored in (("sha1", 0, "storedSha1"), ("md5", 20, "storedMd5")):
            digest = bytes.fromhex(one[name])
            masked = bytes(a ^ b for a, b in zip(digest, mask[start:]))
            same(masked.hex(), one[stored], f"masked {name}")

def check_further_checksums(global_key):
    for one in golden["furtherChecksums"]:
        message = b"coffer/checksum/v1\0" + one["id"].encode() + b"\0" + one["of"].encode()
        mask = hmac.digest(decoder.expand(global_key, b"coffer/checksum/v1", 32), message, "sha512")
        masked = bytes(a ^ b for a, b in zip(bytes.fromhex(one["plain"]), mask))
        same(masked.hex(), one["stored"], "masked further checksum or entity tag")

global_key = from_hex("globalKey")
check_keyrings()
check_wrapped(global_key)
check_blobs()
check_long_blob()
check_records(global_key)
check_checksums(global_key)
check_further_checksums(global_key)
print(f"golden vectors: {passed} checks passed")
