"""The form of a product type."""

from django.urls import reverse_lazy

from catalog.forms.lists import EntryForm
from catalog.models import Classification, ProductType
from catalog.queries.types import compositions_of


class ProductTypeForm(EntryForm):
    """A product type; the kinds and compositions offered follow what is chosen above them."""

    KIND_FIELDS = ("service_type", "good_type", "composition")

    class Meta:
        model = ProductType
        fields = (
            "name",
            "code",
            "classification",
            "service_type",
            "good_type",
            "composition",
            "provisioned",
            "description",
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        classification = self._chosen("classification")
        if classification == Classification.SERVICE:
            del self.fields["good_type"]
        elif classification == Classification.PHYSICAL_GOOD:
            del self.fields["service_type"]
        kind = next(filter(None, map(self._chosen, ("service_type", "good_type"))), "")
        if kind:
            self.fields["composition"].choices = [
                (value.value, value.label) for value in compositions_of(kind)
            ]
        for name in ("classification", *self.KIND_FIELDS):
            if name in self.fields:
                self.fields[name].widget.attrs |= {
                    "hx-get": reverse_lazy("catalog:type_kinds"),
                    "hx-include": "closest form",
                    "hx-target": "#type-kinds",
                    "hx-trigger": "change",
                    # A choice made before the answer to the one above it is not lost.
                    "hx-sync": "closest form:replace",
                }

    def _chosen(self, name):
        if name not in self.fields:
            return ""
        return self.data.get(self.add_prefix(name), "") if self.is_bound else self[name].value()

    def plain_fields(self):
        """Return the fields above and below those of the kind."""
        return [field for field in self.visible_fields() if field.name not in self.KIND_FIELDS]

    def kind_fields(self):
        """Return the fields that follow from the classification."""
        return [field for field in self.visible_fields() if field.name in self.KIND_FIELDS]

    def values(self):
        """Return what the operation takes: the kind that is not asked for is empty."""
        return {"service_type": "", "good_type": "", **self.cleaned_data}
