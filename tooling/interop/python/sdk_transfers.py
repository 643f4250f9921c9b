"""Transfers for `sdk_session.py` that are interrupted, resumed, cut into streams, or made by the synchroniser."""

import hashlib
import io
import os
import tempfile
import time

from b2sdk.v2 import (
    BasicSyncEncryptionSettingsProvider,
    CompareVersionMode,
    KeepOrDeleteMode,
    NewerFileSyncMode,
    ScanPoliciesManager,
    Synchronizer,
    SyncReport,
    UploadSourceLocalFile,
    WriteIntent,
    parse_sync_folder,
)


def add_http_callback(api, callback):
    api.session.raw_api.b2_http.add_callback(callback)


class TestModeHeader:
    """Sends X-Bz-Test-Mode with every request, in the way that the SDK offers for looking at requests."""

    def __init__(self, fault):
        self.fault = fault

    def pre_request(self, method, url, headers):
        headers["X-Bz-Test-Mode"] = self.fault

    def post_request(self, method, url, headers, response):
        pass


class DieAfterParts:
    """Ends the process where the part after the given number of parts would be sent."""

    def __init__(self, parts):
        self.left = parts

    def pre_request(self, method, url, headers):
        if "b2_upload_part/" not in url:
            return
        if self.left == 0:
            os._exit(0)
        self.left -= 1

    def post_request(self, method, url, headers, response):
        pass


def interrupted(bucket, call, encryption, one_at_a_time):
    """Uploads in a process that dies after some parts. The result is the id of the large file that it leaves."""
    child = os.fork()
    if child == 0:
        api = one_at_a_time()
        add_http_callback(api, DieAfterParts(call["parts"]))
        api.get_bucket_by_name(bucket.name).upload_local_file(call["path"], call["name"], encryption=encryption)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    if status != 0:
        raise RuntimeError("the upload was not interrupted")
    return next(file.file_id for file in bucket.list_unfinished_large_files(prefix=call["name"]))


def resume_by_id(bucket, call, encryption):
    """Goes on with a large file that the caller names, as with SSE-C, where the SDK cannot know that the key is the same."""
    unfinished = next(
        file for file in bucket.list_unfinished_large_files(prefix=call["name"]) if file.file_id == call["fileId"]
    )
    return bucket.create_file(
        [WriteIntent(UploadSourceLocalFile(call["path"]))],
        call["name"],
        file_info=unfinished.file_info,
        continue_large_file_id=call["fileId"],
        encryption=encryption,
    ).id_


def in_streams(bucket, call, encryption):
    """Downloads in several streams at once; the SDK by itself would not for less than 200 MB."""
    for strategy in bucket.api.services.download_manager.strategies:
        if hasattr(strategy, "min_part_size"):
            strategy.min_part_size = call["bytesPerStream"]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "file")
        bucket.download_file_by_name(call["name"], encryption=encryption).save_to(path)
        with open(path, "rb") as file:
            return hashlib.sha1(file.read()).hexdigest()


def sync(bucket, call, reading, writing):
    """Runs the synchroniser. The result is what it says it did."""
    options = {
        "delete": {"keep_days_or_delete": KeepOrDeleteMode.DELETE},
        "keepDays": {"keep_days_or_delete": KeepOrDeleteMode.KEEP_BEFORE_DELETE, "keep_days": 1},
        "none": {},
    }[call["removed"]]
    synchronizer = Synchronizer(
        max_workers=4,
        policies_manager=ScanPoliciesManager(exclude_file_regexes=call["exclude"]),
        newer_file_mode=NewerFileSyncMode.REPLACE,
        compare_version_mode=CompareVersionMode[call["compare"]],
        allow_empty_source=True,
        **options,
    )
    source, destination = (parse_sync_folder(call[side], bucket.api) for side in ("source", "destination"))
    settings = BasicSyncEncryptionSettingsProvider({bucket.name: reading}, {bucket.name: writing})
    said = io.StringIO()
    with SyncReport(said, no_progress=True) as reporter:
        synchronizer.sync_folders(
            source_folder=source,
            dest_folder=destination,
            now_millis=int(time.time() * 1000) + call["laterDays"] * 86_400_000,
            reporter=reporter,
            encryption_settings_provider=settings,
        )
    return said.getvalue()
