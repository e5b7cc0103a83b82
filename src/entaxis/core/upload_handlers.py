"""What is larger than any upload may be is not even written down while it comes in."""

from typing import Any, Final

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

LARGEST_MB: Final = 60


class BoundedUploadHandler(FileUploadHandler):
    """Stands before the handlers that store: beyond `LARGEST_MB` the file is dropped as it arrives."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the piece on while there is room."""
        self.taken += len(raw_data)
        if self.taken > LARGEST_MB * 1024 * 1024:
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers behind this one hold the file."""


def is_too_large(request: Any) -> bool:
    """Whether the request said that it brings more than is taken, and so arrived without its file."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return said.isdigit() and int(said) > LARGEST_MB * 1024 * 1024
