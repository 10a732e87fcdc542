"""The first page after sign-in: what needs somebody, as panels of every app."""

from django.views.generic import TemplateView

from config.shared.panels import load_panels, show_panel, suitable_panels
from config.shared.views.access import SignedInMixin


class HomeView(SignedInMixin, TemplateView):
    """The panels of HOME_PANELS that the user may see."""

    template_name = "shared/home.html"

    def get_context_data(self, **kwargs):
        """Add the panels with their context."""
        shown = [
            show_panel(panel, self.request.user, self.request)
            for panel in suitable_panels(
                load_panels("HOME_PANELS"), self.request.user, self.request
            )
        ]
        return super().get_context_data(panels=shown, **kwargs)
