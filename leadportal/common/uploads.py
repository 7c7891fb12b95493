"""Files that people send: written to disk as they come, and no further than the largest that is taken."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

_TOO_LARGE = "_too_large_upload"


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Drop a file that grows beyond UPLOAD_MOST: the rest is read off and kept nowhere.

    The view learns of it by `size_of_dropped`; to the form it is as if no file had been chosen.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """See Django."""
        if start + len(raw_data) > settings.UPLOAD_MOST:
            request: Any = self.request
            setattr(request, _TOO_LARGE, int(request.META.get("CONTENT_LENGTH") or 0))
            self.file.close()
            raise SkipFile
        super().receive_data_chunk(raw_data, start)


def size_of_dropped(request: HttpRequest) -> int:
    """Return how large the request with a file was that was too large to take, or 0."""
    return int(getattr(request, _TOO_LARGE, 0))
