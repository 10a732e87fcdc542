"""Hands out attached files: as downloads only, to those who may see the record."""

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views import View

from config.shared.models import Attachment
from config.shared.views.access import SignedInMixin


class DownloadView(SignedInMixin, View):
    """An attached file, under the name it was uploaded with.

    The right to view the record it belongs to is asked for once that is known.
    """

    def get(self, request, pk):
        """Return the file, or refuse."""
        files = Attachment.objects.exclude(file="").select_related("content_type")
        attachment = get_object_or_404(files, pk=pk)
        kind = attachment.content_type
        if not request.user.has_perm(f"{kind.app_label}.view_{kind.model}"):
            raise PermissionDenied
        if not default_storage.exists(attachment.file.name):
            raise Http404("The file is gone from the storage.")
        # Whatever it is, the browser is to save it and to run nothing of it.
        return FileResponse(
            attachment.file.open("rb"),
            as_attachment=True,
            filename=attachment.file_name,
            content_type="application/octet-stream",
            headers={
                "Content-Security-Policy": "sandbox; default-src 'none'",
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "private, no-cache",
            },
        )
