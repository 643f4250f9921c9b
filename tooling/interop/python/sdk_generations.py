"""Walks through B2 with one of b2sdk's interfaces, `b2sdk.v1` or `b2sdk.v2`; prints what it saw as JSON.

Standard input has, as JSON: whom to talk to, which interface, how to encrypt, the name of a bucket that is not there yet, and the
paths of a small and of a large file. The bucket is gone in the end.
"""

import base64
import hashlib
import importlib
import io
import json
import sys

RULE = {"fileNamePrefix": "old/", "daysFromUploadingToHiding": 7, "daysFromHidingToDeleting": 1}
CORS = {
    "corsRuleName": "interop",
    "allowedOrigins": ["https://example.com"],
    "allowedOperations": ["b2_download_file_by_name"],
    "maxAgeSeconds": 60,
}
SETTINGS = {"bucket_info": {"owner": "interop"}, "cors_rules": [CORS], "lifecycle_rules": [RULE]}
CAPABILITIES = ["listBuckets", "listFiles", "readFiles"]


class V2:
    """What differs between the interfaces, as `b2sdk.v2` has it."""

    def __init__(self, sdk, api):
        self.sdk, self.api = sdk, api

    def by_name(self, bucket, name, **options):
        return self.saved(bucket.download_file_by_name(name, **options))

    def by_id(self, file_id, **options):
        return self.saved(self.api.download_file_by_id(file_id, **options))

    def saved(self, downloaded):
        target = io.BytesIO()
        downloaded.save(target)
        return target.getvalue()

    def copy(self, bucket, file_id, name, source, destination):
        options = {"content_type": "text/plain", "file_info": {}}
        return bucket.copy(file_id, name, source_encryption=source, destination_encryption=destination, **options).id_

    def versions(self, bucket):
        return bucket.ls("", latest_only=False, recursive=True)

    def create_key(self, bucket):
        key = self.api.create_key(CAPABILITIES, "below-dir", 3600, bucket.id_, "dir/")
        return key.id_, key.application_key

    def key_names(self):
        return [key.key_name for key in self.api.list_keys()]

    def delete_key(self, key_id):
        return self.api.delete_key_by_id(key_id).key_name


class V1(V2):
    """`b2sdk.v1`: downloads go to a destination that is given, keys and copies are what the server answers."""

    def by_name(self, bucket, name, **options):
        target = self.sdk.DownloadDestBytes()
        bucket.download_file_by_name(name, target, **options)
        return target.get_bytes_written()

    def by_id(self, file_id, **options):
        target = self.sdk.DownloadDestBytes()
        self.api.download_file_by_id(file_id, target, **options)
        return target.get_bytes_written()

    def copy(self, bucket, file_id, name, source, destination):
        replace = self.sdk.MetadataDirectiveMode.REPLACE
        encryption = {"source_encryption": source, "destination_encryption": destination}
        return bucket.copy_file(file_id, name, None, replace, "text/plain", {}, **encryption)["fileId"]

    def versions(self, bucket):
        return bucket.ls("", show_versions=True, recursive=True)

    def create_key(self, bucket):
        key = self.api.create_key(CAPABILITIES, "below-dir", 3600, bucket.id_, "dir/")
        return key["applicationKeyId"], key["applicationKey"]

    def key_names(self):
        return [key["keyName"] for key in self.api.list_keys()["keys"]]

    def delete_key(self, key_id):
        return self.api.delete_key(key_id)["keyName"]


def encryption_of(sdk, given):
    if given["mode"] == "none":
        return None
    if given["mode"] == "SSE-B2":
        return sdk.SSE_B2_AES
    key = sdk.EncryptionKey(base64.b64decode(given["key"]), key_id=None)
    return sdk.EncryptionSetting(sdk.EncryptionMode.SSE_C, sdk.EncryptionAlgorithm.AES256, key)


def sha1(content):
    return hashlib.sha1(content).hexdigest()


def open_api(sdk, session, key_id, key):
    api = sdk.B2Api(sdk.InMemoryAccountInfo())
    api.authorize_account(session["realm"], key_id, key)
    return api


def make_bucket(sdk, api, name):
    """With all settings, as those who describe their infrastructure make one, and what the server then says of it."""
    default = {"default_server_side_encryption": sdk.SSE_B2_AES}
    bucket = api.create_bucket(name, "allPrivate", is_file_lock_enabled=True, **default, **SETTINGS)
    retention = sdk.BucketRetentionSetting(sdk.RetentionMode.GOVERNANCE, sdk.RetentionPeriod(days=1))
    bucket.update(bucket_type="allPrivate", default_retention=retention)
    bucket.update(default_retention=sdk.NO_RETENTION_BUCKET_SETTING)
    fresh = api.get_bucket_by_name(name)
    return fresh, [row.as_dict() for row in api.list_buckets() if row.name == name][0]


def transfers(walk, bucket, session, writing):
    """Uploads, downloads and copies, and what each of them shows."""
    reading = writing if session["encryption"]["mode"] == "SSE-C" else None
    with open(session["small"], "rb") as file:
        small = bucket.upload_bytes(file.read(), "dir/small", encryption=writing)
    bucket.upload_local_file(session["large"], "large", encryption=writing)
    copied = walk.copy(bucket, small.id_, "copied", reading, writing)
    part = walk.by_name(bucket, "large", range_=(3_999_990, 4_000_009), encryption=reading)
    return {
        "small": sha1(walk.by_name(bucket, "dir/small", encryption=reading)),
        "smallById": sha1(walk.by_id(small.id_, encryption=reading)),
        "large": sha1(walk.by_name(bucket, "large", encryption=reading)),
        "copied": sha1(walk.by_id(copied, encryption=reading)),
        "range": base64.b64encode(part).decode(),
        "modes": [file.server_side_encryption.mode.value for file, _ in bucket.ls("", recursive=True)],
    }


def keys(walk, sdk, bucket, session):
    key_id, secret = walk.create_key(bucket)
    listed = walk.key_names()
    limited = open_api(sdk, session, key_id, secret).get_bucket_by_name(bucket.name)
    seen = [file.file_name for file, _ in limited.ls("dir/", recursive=True)]
    refused = ""
    try:
        limited.hide_file("dir/small")
    except sdk.exception.Unauthorized as error:
        refused = str(error)
    return {"listed": listed, "seen": seen, "refused": refused, "deleted": walk.delete_key(key_id), "secret": secret}


def remove_all(walk, api, bucket):
    bucket.hide_file("large")
    visible = [file.file_name for file, _ in bucket.ls("", recursive=True)]
    versions = list(walk.versions(bucket))
    for file, _ in versions:
        api.delete_file_version(file.id_, file.file_name)
    left = len(list(walk.versions(bucket)))
    api.delete_bucket(bucket)
    actions = [[file.file_name, file.action] for file, _ in versions]
    return {"visible": visible, "versions": actions, "left": left}


def main():
    session = json.load(sys.stdin)
    sdk = importlib.import_module(f"b2sdk.{session['generation']}")
    importlib.import_module(f"b2sdk.{session['generation']}.exception")
    api = open_api(sdk, session, session["keyId"], session["key"])
    walk = {"v1": V1, "v2": V2}[session["generation"]](sdk, api)
    bucket, shown = make_bucket(sdk, api, session["bucket"])
    seen = {
        "bucket": shown,
        "transfers": transfers(walk, bucket, session, encryption_of(sdk, session["encryption"])),
        "keys": keys(walk, sdk, bucket, session),
        "removed": remove_all(walk, api, bucket),
        "buckets": [row.name for row in api.list_buckets()],
    }
    json.dump(seen, sys.stdout, default=sorted)


main()
