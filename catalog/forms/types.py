"""The form of a product type."""

from django.urls import reverse

from catalog.forms.lists import EntryForm
from catalog.models import Classification, ProductType
from catalog.queries.types import compositions_of, type_is_used


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
        self.is_locked = bool(self.instance.pk) and type_is_used(self.instance)
        if self.is_locked:
            self._lock()
        classification = self._chosen("classification")
        self._leave_out(classification)
        kind = next(filter(None, map(self._chosen, ("service_type", "good_type"))), "")
        if kind:
            self.fields["composition"].choices = [
                (value.value, value.label) for value in compositions_of(kind)
            ]
        address = f"{reverse('catalog:type_kinds')}?prefix={self.prefix or ''}"
        for name in ("classification", *self.KIND_FIELDS):
            if name in self.fields and not self.is_locked:
                self.fields[name].widget.attrs |= {
                    "hx-get": address,
                    "hx-include": "closest form",
                    "hx-target": "#type-kinds",
                    "hx-trigger": "change",
                    # A choice made before the answer to the one above it is not lost.
                    "hx-sync": "closest form:replace",
                }

    def _lock(self):
        """Show what stays as it is. Browsers leave disabled fields out: the record has them.

        What is sent in spite of that goes to the operation, which refuses it at the field.
        """
        if self.is_bound:
            self.data = self.data.copy()
        for name in ("classification", *self.KIND_FIELDS):
            self.fields[name].widget.attrs["disabled"] = True
            self.fields[name].help_text = "Stays: products of this type exist."
            if self.is_bound:
                self.data.setdefault(self.add_prefix(name), getattr(self.instance, name))

    def _leave_out(self, classification):
        """Leave out the kind of the other classification, unless it was sent to be refused."""
        unasked = {
            Classification.SERVICE: "good_type",
            Classification.PHYSICAL_GOOD: "service_type",
        }.get(classification)
        if unasked and not (self.is_bound and self._chosen(unasked)):
            del self.fields[unasked]

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
