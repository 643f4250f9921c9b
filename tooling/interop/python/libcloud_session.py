"""Stores files in B2 with Apache Libcloud; prints what it saw as JSON.

Standard input has, as JSON: the master key, the name of a bucket that is not there yet, the path of a file, and a folder for what is
downloaded. libcloud has no setting for encryption, nor for the server.
"""

import json
import os
import sys

import libcloud
from libcloud.common.types import InvalidCredsError
from libcloud.storage.providers import get_driver
from libcloud.storage.types import ContainerDoesNotExistError, ObjectDoesNotExistError, Provider


def rows(objects):
    return [[stored.name, stored.size, stored.hash, stored.meta_data] for stored in objects]


def upload(container, path):
    """The same content from a file and from a stream of pieces."""
    extra = {"content_type": "text/x-test", "meta_data": {"colour": "blue"}}
    container.upload_object(path, "dir/from file", extra=extra)
    with open(path, "rb") as file:
        pieces = iter(lambda: file.read(10_000), b"")
        container.upload_object_via_stream(pieces, "streamed", extra={"content_type": "text/x-test"})


def download(driver, container, folder):
    names = {"file": "dir/from file", "stream": "streamed"}
    found = {at: driver.get_object(container.name, name) for at, name in names.items()}
    found["file"].download(os.path.join(folder, "file"))
    with open(os.path.join(folder, "stream"), "wb") as target:
        for piece in found["stream"].as_stream(chunk_size=8192):
            target.write(piece)
    return rows([driver.ex_get_object(found["file"].extra["fileId"])])


def refusal(call, error):
    """The class of the error that the call ends with."""
    try:
        call()
    except error as refused:
        return type(refused).__name__
    return "none"


def remove(driver, container):
    identifier = container.extra["id"]
    driver.ex_hide_object(identifier, "streamed")
    visible = [stored.name for stored in driver.list_container_objects(container)]
    versions = driver.ex_list_object_versions(identifier)
    deleted = [driver.delete_object(stored) for stored in versions]
    return {"visible": visible, "versions": [stored.name for stored in versions], "deleted": deleted}


def main():
    session = json.load(sys.stdin)
    driver_of = get_driver(Provider.BACKBLAZE_B2)
    driver = driver_of(session["keyId"], session["key"])
    container = driver.create_container(session["bucket"])
    upload(container, session["path"])
    seen = {
        "containers": [found.name for found in driver.list_containers()],
        "listed": rows(driver.list_container_objects(container)),
        "below": [stored.name for stored in driver.list_container_objects(container, prefix="dir/")],
        "information": download(driver, container, session["folder"]),
        "missing": [
            refusal(lambda: driver.get_container("nothing-here"), ContainerDoesNotExistError),
            refusal(lambda: driver.get_object(container.name, "nothing"), ObjectDoesNotExistError),
            refusal(lambda: driver_of(session["keyId"], "wrong").list_containers(), InvalidCredsError),
        ],
        "version": libcloud.__version__,
    }
    seen["removed"] = remove(driver, container)
    seen["containerDeleted"] = driver.delete_container(container)
    seen["containersLeft"] = [found.name for found in driver.list_containers()]
    json.dump(seen, sys.stdout)


main()
