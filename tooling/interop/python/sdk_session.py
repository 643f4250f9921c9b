"""Runs a list of b2sdk calls given as JSON on standard input; prints their answers as JSON.

What the b2 tool has no command for: reading ranges, copying in parts smaller than 5 GB, interrupted uploads, the synchroniser
itself, and requests in test mode.
"""

import base64
import hashlib
import io
import json
import sys
import time

import sdk_transfers
from b2sdk.v2 import (
    SSE_B2_AES,
    B2Api,
    EncryptionAlgorithm,
    EncryptionKey,
    EncryptionMode,
    EncryptionSetting,
    InMemoryAccountInfo,
)
from b2sdk.v2.exception import B2Error

# How long a token lives that the server shortens in test mode.
TEST_TOKEN_SECONDS = 5


def writing(given):
    if given["mode"] == "none":
        return None
    if given["mode"] == "SSE-B2":
        return SSE_B2_AES
    key = EncryptionKey(base64.b64decode(given["key"]), key_id=None)
    return EncryptionSetting(EncryptionMode.SSE_C, EncryptionAlgorithm.AES256, key)


def reading(given):
    # What was stored without a customer key is read without a word about encryption.
    return writing(given) if given["mode"] == "SSE-C" else None


def content(bucket, call, **options):
    target = io.BytesIO()
    bucket.download_file_by_name(call["name"], encryption=reading(call["encryption"]), **options).save(target)
    return target.getvalue()


def upload(bucket, call):
    return bucket.upload_local_file(call["path"], call["name"], encryption=writing(call["encryption"])).id_


def download_range(bucket, call):
    return base64.b64encode(content(bucket, call, range_=tuple(call["range"]))).decode()


def download_sha1(bucket, call):
    return hashlib.sha1(content(bucket, call)).hexdigest()


def copy(bucket, call):
    copied = bucket.copy(
        call["sourceId"],
        call["name"],
        content_type="application/octet-stream",
        file_info={},
        offset=call["offset"],
        length=call["length"],
        max_part_size=call["partSize"],
        source_encryption=reading(call["from"]),
        destination_encryption=writing(call["to"]),
    )
    return copied.id_


def interrupted(bucket, call):
    return sdk_transfers.interrupted(bucket, call, writing(call["encryption"]), lambda: open_api(max_upload_workers=1))


def resume_by_id(bucket, call):
    return sdk_transfers.resume_by_id(bucket, call, writing(call["encryption"]))


def in_streams(bucket, call):
    return sdk_transfers.in_streams(bucket, call, reading(call["encryption"]))


def sync(bucket, call):
    encryption = call["encryption"]
    return sdk_transfers.sync(bucket, call, reading(encryption), writing(encryption))


def bucket_encryption(bucket, call):
    return json.dumps(bucket.get_fresh_state().default_server_side_encryption.as_dict())


def file_encryption(bucket, call):
    """As a listing has it, and as the headers of a download have it."""
    downloaded = bucket.download_file_by_name(call["name"]).download_version.server_side_encryption
    return json.dumps([bucket.get_file_info_by_name(call["name"]).server_side_encryption.as_dict(), downloaded.as_dict()])


def outlive_tokens(bucket, call):
    apis = [open_api() for _ in range(call["clients"])]
    time.sleep(TEST_TOKEN_SECONDS + 1)
    return [
        api.get_bucket_by_name(bucket.name).upload_local_file(call["path"], f"{call['name']}-{at}").id_
        for at, api in enumerate(apis)
    ][-1]


def key(bucket, call):
    found = bucket.api.get_key(call["keyId"])
    return json.dumps(None if found is None else [found.key_name, found.name_prefix, sorted(found.capabilities)])


CALLS = {
    "key": key,
    "outliveTokens": outlive_tokens,
    "bucketEncryption": bucket_encryption,
    "fileEncryption": file_encryption,
    "upload": upload,
    "range": download_range,
    "sha1": download_sha1,
    "copy": copy,
    "interrupted": interrupted,
    "resumeById": resume_by_id,
    "inStreams": in_streams,
    "sync": sync,
}
SESSION = json.load(sys.stdin)


def open_api(**options):
    api = B2Api(InMemoryAccountInfo(), **options)
    if "testMode" in SESSION:
        sdk_transfers.add_http_callback(api, sdk_transfers.TestModeHeader(SESSION["testMode"]))
    api.authorize_account(SESSION["realm"], SESSION["keyId"], SESSION["key"])
    return api


def answer(bucket, call):
    try:
        return {"result": CALLS[call["call"]](bucket, call)}
    except B2Error as error:
        return {"error": {"type": type(error).__name__, "text": str(error)}}


def main():
    bucket = open_api().get_bucket_by_name(SESSION["bucket"])
    json.dump([answer(bucket, call) for call in SESSION["calls"]], sys.stdout)


main()
