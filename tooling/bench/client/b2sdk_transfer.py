"""Uploads or downloads one file with b2sdk and its defaults, as the benchmark of clients asks."""

import os
import sys

from b2sdk.v3 import B2Api, InMemoryAccountInfo

direction, file, name = sys.argv[1:]
api = B2Api(InMemoryAccountInfo())
api.authorize_account(os.environ["B2_APPLICATION_KEY_ID"], os.environ["B2_APPLICATION_KEY"], realm=os.environ["B2_URL"])
bucket = api.get_bucket_by_name(os.environ["B2_BUCKET"])
if direction == "upload":
    bucket.upload_local_file(file, name)
else:
    bucket.download_file_by_name(name).save_to(file)
