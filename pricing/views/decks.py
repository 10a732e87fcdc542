"""Rate decks: the list, a deck, its versions row by row."""

from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy

from config.shared.history_panel import HistoryPanel
from config.shared.views.form_pages import ConfirmView, RatebookCreateView
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, Fact
from pricing.filters import DeckRowFilter, RateDeckFilter
from pricing.forms.decks import DeckForm
from pricing.models import RateDeck
from pricing.operations.decks import change_deck, create_deck, delete_deck, delete_version
from pricing.panels.decks import (
    DeckBandsPanel,
    DeckImportsPanel,
    DeckLookupPanel,
    DeckVersionsPanel,
)
from pricing.queries.decks import deck_rows, rate_decks, versions_of
from pricing.queries.errors import PricingError
from pricing.tables.decks import BandRateColumn, DeckRowTable, RateDeckTable
from pricing.views.usage_records import (
    ChangeRecord,
    DeleteRecord,
    RecordActMixin,
    RecordPage,
)


class RateDeckList(RatebookListView):
    """All rate decks."""

    permission_required = "pricing.view_ratedeck"
    queryset = rate_decks()
    filterset_class = RateDeckFilter
    table_class = RateDeckTable
    title = "Rate decks"
    empty_text = (
        "A rate deck holds what calls cost by the digits they begin with. Make one, then read a "
        "file of rates into it."
    )
    new_action = ("New rate deck", "pricing:deck_new", "pricing.add_ratedeck")
    import_kind = "rate-decks"
    template_name = "pricing/deck_list.html"


class DeckMixin:
    """Pages of a rate deck."""

    model = RateDeck
    names = "deck"
    list_title = "Rate decks"
    noun = "rate deck"


class CreateDeck(RatebookCreateView):
    """A new deck with its time bands."""

    permission_required = "pricing.add_ratedeck"
    form_class = DeckForm
    model = RateDeck
    parents = [("Rate decks", reverse_lazy("pricing:deck_list"))]
    template_name = "pricing/rows_form_page.html"
    lead = "The deck starts empty: read a file of rates into it next."
    refusals = (PricingError,)

    def act(self, form):
        """Create the deck."""
        self.object = create_deck(bands=form.wanted_rows(), **form.record_fields())
        return self.object


class DeckDetail(DeckMixin, RecordPage):
    """A deck with its versions, a look-up and the files that were read."""

    permission_required = "pricing.view_ratedeck"
    may_be_cloned = False  # it gets versions
    own_panels = (
        DeckVersionsPanel,
        DeckLookupPanel,
        DeckBandsPanel,
        DeckImportsPanel,
        HistoryPanel,
    )
    frozen_text = (
        "In use: currency, minimum, time bands and the versions in use stay as they are. New "
        "rates come with a new version."
    )

    def get_facts(self):
        """Show currency and minimum too."""
        deck = self.object
        return [
            Fact("Currency", deck.currency),
            Fact("Minimum", f"{deck.minimum_seconds} seconds"),
            *super().get_facts(),
        ]

    def get_actions(self):
        """Offer a file."""
        add = "pricing.add_ratedeckversion"
        read = Action("Read a file of rates", self.url("import"), add, primary=True)
        return [read, *super().get_actions()]


class ChangeDeck(DeckMixin, ChangeRecord):
    """Change a deck and its time bands."""

    permission_required = "pricing.change_ratedeck"
    form_class = DeckForm
    template_name = "pricing/rows_form_page.html"

    def get_form_kwargs(self):
        """Start from the bands as they are."""
        bands = () if self.object.used_at else self.object.bands.order_by("pk")
        return {**super().get_form_kwargs(), "bands": list(bands)}

    def act(self, form):
        """Change the deck."""
        self.object = change_deck(self.object, bands=form.wanted_rows(), **form.record_fields())
        return self.object


class DeleteDeck(DeckMixin, DeleteRecord):
    """Delete a deck."""

    permission_required = "pricing.delete_ratedeck"
    delete = staticmethod(delete_deck)


class VersionMixin(DeckMixin, RecordActMixin):
    """A page of a version of the deck that the address names."""

    def get_version(self):
        """Return the version; one query."""
        if not hasattr(self, "_version"):
            rows = versions_of(self.get_record())
            self._version = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self._version


class DeckVersionRows(VersionMixin, RatebookListView):
    """The rows of a version. The export can be read into a deck again."""

    permission_required = "pricing.view_ratedeck"
    filterset_class = DeckRowFilter
    table_class = DeckRowTable
    template_name = "pricing/deck_version.html"
    empty_text = "No row begins like this."

    def get_queryset(self):
        """Return the version's rows."""
        return deck_rows(self.get_version())

    def get_table_kwargs(self):
        """Add a column for each time band of the deck."""
        codes = self.get_record().bands.order_by("pk").values_list("code", flat=True)
        columns = [(f"band_{place}", BandRateColumn(code)) for place, code in enumerate(codes)]
        return {**super().get_table_kwargs(), "extra_columns": columns}

    def get_context_data(self, **kwargs):
        """Name the version, and the one before it to compare with."""
        version = self.get_version()
        before = versions_of(self.get_record()).filter(starts_on__lt=version.starts_on).first()
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "version": version,
            "before": before,
            "title": f"{self.get_record()} {version}",
            "parents": self.get_parents(),
            "may_delete": version.used_at is None
            and self.request.user.has_perm("pricing.delete_ratedeckversion"),
        }


class DeleteVersion(VersionMixin, ConfirmView):
    """Delete a version that has not been used."""

    permission_required = "pricing.delete_ratedeckversion"
    title = "Delete the version"
    submit_label = "Delete the version"
    success_message = "The version was deleted."

    def get_lead(self):
        """Say what follows."""
        version = self.get_version()
        return (
            f"{self.get_record()} {version} is deleted with its {version.row_count:,} rows. The "
            "version before it goes on."
        )

    def act(self, form):
        """Delete it."""
        delete_version(self.get_version())
