"""A page and its htmx answer from one view."""


class PartialTemplateMixin:
    """Answer htmx with the partial that the page includes.

    The whole page goes out where htmx asks for it again (history) or boosts a link.
    """

    partial_template_name: str = ""

    def get_template_names(self):
        """Return the partial for an htmx request, the page for any other."""
        htmx = self.request.htmx
        is_partial = htmx and not htmx.boosted and not htmx.history_restore_request
        if self.partial_template_name and is_partial:
            return [self.partial_template_name]
        return super().get_template_names()

    def dispatch(self, request, *args, **kwargs):
        """Keep caches from giving the partial to one who asked for the page."""
        response = super().dispatch(request, *args, **kwargs)
        if self.partial_template_name:
            response.headers["Vary"] = ", ".join(
                filter(None, [response.headers.get("Vary"), "HX-Request"])
            )
        return response
