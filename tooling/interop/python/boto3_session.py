"""Makes calls of boto3, one after the other, in one process.

Each line of standard input is a call as JSON: the name of a function below or of a method of the S3 client, its arguments, and
settings of the client. For each, a line with the result or the error is written. Bytes are base64 in objects named `$bytes`; files
are named by their path: `$file` is opened for reading, `$stream` is a file that can be read once and does not tell its length.
"""

import base64
import concurrent.futures
import datetime
import hashlib
import json
import sys

import boto3
import botocore
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.response import StreamingBody
from boto3.exceptions import Boto3Error

# The smallest parts that there are, so that small files are large enough for two.
TRANSFERS = TransferConfig(multipart_threshold=5 * 1024 * 1024, multipart_chunksize=5 * 1024 * 1024)
CLIENTS = {}


def client(settings):
    key = json.dumps(settings, sort_keys=True)
    if key not in CLIENTS:
        CLIENTS[key] = boto3.client("s3", config=Config(signature_version="s3v4", **settings))
    return CLIENTS[key]


class Stream:
    """What a program has that makes its data while it sends them."""

    def __init__(self, path):
        self._file = open(path, "rb")

    def read(self, size=-1):
        return self._file.read(size)


def given(value):
    if isinstance(value, list):
        return [given(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "$bytes" in value:
        return base64.b64decode(value["$bytes"])
    if "$file" in value:
        return open(value["$file"], "rb")
    if "$stream" in value:
        return Stream(value["$stream"])
    return {name: given(one) for name, one in value.items()}


def shown(value):
    if isinstance(value, StreamingBody):
        return shown(value.read())
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [shown(one) for one in value]
    if isinstance(value, dict):
        return {name: shown(one) for name, one in value.items()}
    return value


def upload(s3, path, bucket, key, extra):
    s3.upload_file(path, bucket, key, ExtraArgs=extra, Config=TRANSFERS)


def upload_stream(s3, path, bucket, key, extra):
    s3.upload_fileobj(Stream(path), bucket, key, ExtraArgs=extra, Config=TRANSFERS)


def download(s3, bucket, key, path, extra):
    s3.download_file(bucket, key, path, ExtraArgs=extra, Config=TRANSFERS)


def copy(s3, source, bucket, key, extra):
    s3.copy(source, bucket, key, ExtraArgs=extra, Config=TRANSFERS)


def presigned(s3, method, params):
    return s3.generate_presigned_url(method, Params=params, ExpiresIn=300)


def put_many(s3, bucket, keys):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda key: s3.put_object(Bucket=bucket, Key=key, Body=b""), keys))


def pages(s3, method, params):
    return [shown(page) for page in s3.get_paginator(method).paginate(**params)]


def digest(s3, params):
    """The MD5 of what is read in pieces, for what is too large to be shown."""
    md5 = hashlib.md5()
    for piece in s3.get_object(**params)["Body"].iter_chunks(65_536):
        md5.update(piece)
    return md5.hexdigest()


def versions(s3):
    return {"boto3": boto3.__version__, "botocore": botocore.__version__}


FUNCTIONS = {
    function.__name__: function
    for function in (upload, upload_stream, download, copy, presigned, put_many, pages, digest, versions)
}


def call(name, arguments, settings):
    s3 = client(settings)
    if name in FUNCTIONS:
        return FUNCTIONS[name](s3, **arguments)
    return getattr(s3, name)(**arguments)


def answer(line):
    try:
        return {"result": shown(call(line["call"], given(line["arguments"]), line["settings"]))}
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return {"error": {"code": error.response["Error"]["Code"], "status": status, "text": str(error)}}
    except (BotoCoreError, Boto3Error, TypeError, ValueError) as error:
        return {"error": {"code": type(error).__name__, "status": 0, "text": str(error)}}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
