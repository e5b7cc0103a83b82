"""What is larger than any upload may be is not even written down while it comes in."""

from io import BytesIO
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

LARGEST_MB: Final = 60  # of all the files of a request
REFUSED_BYTES: Final = 2**40  # no door takes that much


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Writes files down; one beyond `LARGEST_MB` is dropped as it arrives.

    The rest of the form is read on, so that nothing typed is lost; in the file's place stands one that
    has its name and `REFUSED_BYTES`, and every door says that it is too large.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.room = LARGEST_MB * 1024 * 1024

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write the piece while there is room."""
        self.taken += len(raw_data)
        if self.taken <= self.room:
            super().receive_data_chunk(raw_data, start)
        else:
            self.file.close()

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """The file, or what stands for one that was dropped."""
        if self.taken > self.room:
            return UploadedFile(_Dropped(), self.file_name, self.content_type, REFUSED_BYTES)
        self.room -= self.taken
        return super().file_complete(file_size)


class _Dropped(BytesIO):
    """Doors look at the size first; whoever reads all the same must not take it for an empty file."""

    def read(self, *_args: Any) -> bytes:
        raise RequestDataTooBig("the file was dropped while it came in")
