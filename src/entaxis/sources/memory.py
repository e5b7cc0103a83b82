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


class InMemoryUploadHandler(BoundedUploadHandler):
    """Keeps a file in anonymous memory, which goes when the file is closed; bounded like any upload."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file; the one on disk that the classes above would begin is none of ours."""
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = cast("Any", os.fdopen(os.memfd_create("upload"), "w+b"))
        self.taken = 0

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """The file, from its beginning; of one that was dropped what the bound says."""
        if self.taken > self.room:
            return super().file_complete(file_size)
        self.room -= self.taken
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
        request.upload_handlers = [InMemoryUploadHandler(request)]
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
