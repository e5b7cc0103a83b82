"""An uploaded file of persons never touches a disk: it stays in memory until it was read."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from entaxis.core.upload_handlers import BoundedUploadHandler

View = Callable[..., HttpResponseBase]


class InMemoryUploadHandler(FileUploadHandler):
    """Keeps a file in anonymous memory, which goes when the file is closed."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.file = os.fdopen(os.memfd_create("upload"), "w+b")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a piece."""
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        """The file, from its beginning."""
        self.file.flush()
        self.file.seek(0)
        return UploadedFile(
            self.file, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra
        )


def kept_in_memory(view: View) -> View:
    """For a view that takes files of persons: set before anything reads the request's body."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.upload_handlers = [BoundedUploadHandler(request), InMemoryUploadHandler(request)]
        return protected(request, *args, **kwargs)

    return guarded


@contextmanager
def path_of(upload: "UploadedFile[bytes]") -> Iterator[Path]:
    """A path under which this process alone can read the upload."""
    file = cast("BinaryIO", upload.file)
    try:
        yield Path(f"/proc/self/fd/{file.fileno()}")
    finally:
        file.close()
