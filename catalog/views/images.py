"""Hands out images of products, to those who may see products."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponseNotModified
from django.views import View

from catalog.operations.images import FOLDER, SUFFIX
from config.shared.operations.content_store import content_name


class ProductImageView(PermissionRequiredMixin, View):
    """An image by the digest of its content, so that it never changes under its address."""

    permission_required = "catalog.view_product"

    def get(self, request, digest):
        """Return the image; nothing where the browser has it."""
        headers = {
            "ETag": f'"{digest}"',
            "Cache-Control": "private, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        }
        try:
            name = content_name(FOLDER, digest, SUFFIX)
        except ValueError as wrong:
            raise Http404("No such image.") from wrong
        if not default_storage.exists(name):
            raise Http404("No such image.")
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return HttpResponseNotModified(headers=headers)
        return FileResponse(default_storage.open(name), content_type="image/webp", headers=headers)
