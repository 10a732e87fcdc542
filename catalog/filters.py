"""Filter bars of the catalogue's lists."""

from functools import cached_property

import django_filters
from django import forms

from catalog.models import (
    AccountClass,
    Availability,
    Classification,
    Composition,
    Product,
    ProductBrand,
    ProductFamily,
    ProductType,
    SalesBundle,
    ServiceType,
    Technology,
)
from catalog.queries.families import family_and_below
from catalog.queries.lists import entries_to_tick
from config.shared.filters import ChosenFilter, PartFilter, RatebookFilterSet, SearchFilter


class ProductFilter(RatebookFilterSet):
    """Products by text, type, family (with all below it), brand and availability."""

    q = PartFilter(fields=("code", "name", "alternative_code"), label="Code or name")
    type = ChosenFilter(queryset=ProductType.objects.all(), search="catalog:choose_type")
    family = ChosenFilter(
        queryset=ProductFamily.objects.all(), search="catalog:choose_family", method="in_family"
    )
    brand = ChosenFilter(queryset=ProductBrand.objects.all(), search="catalog:choose_brand")
    availability = django_filters.ChoiceFilter(choices=Availability.choices, empty_label="All")
    service_type = django_filters.ChoiceFilter(
        field_name="type__service_type",
        label="Service type",
        choices=ServiceType.choices,
        empty_label="All",
    )
    composition = django_filters.ChoiceFilter(
        field_name="type__composition",
        label="Composition",
        choices=Composition.choices,
        empty_label="All",
    )
    show_order = django_filters.BooleanFilter(
        method="unchanged", label="Show the sort order", widget=forms.CheckboxInput
    )
    advanced = ("service_type", "composition", "show_order")

    class Meta:
        model = Product
        fields = ()

    def unchanged(self, queryset, name, value):
        """Leave the rows alone: this chooses a column."""
        return queryset

    def in_family(self, queryset, name, value):
        """Narrow to a family and those below it."""
        return queryset.filter(family_id__in=family_and_below(value))


class OfferedToFilter(RatebookFilterSet):
    """What is offered to one account class, or for one technology, by name."""

    account_class = django_filters.ModelChoiceFilter(
        field_name="account_classes",
        queryset=AccountClass.objects.order_by("name", "id"),
        empty_label="All classes",
    )
    technology = django_filters.ModelChoiceFilter(
        field_name="technologies",
        queryset=Technology.objects.order_by("name", "id"),
        empty_label="All technologies",
    )
    advanced = ("account_class", "technology")

    @cached_property
    def form(self):
        """The filters' form, with the short lists as they were read."""
        form = super().form
        for name, model in (("account_class", AccountClass), ("technology", Technology)):
            field = form.fields[name]
            entries = [(entry.pk, str(entry)) for entry in entries_to_tick(model)]
            field.widget.choices = [("", field.empty_label), *entries]
        return form


class DefinitionFilter(OfferedToFilter):
    """Definitions by text, availability, account class, technology and charge type."""

    q = PartFilter(fields=("code", "name", "alternative_code"), label="Code or name")
    availability = django_filters.ChoiceFilter(choices=Availability.choices, empty_label="All")
    charge_type = django_filters.CharFilter(lookup_expr="icontains", max_length=60)
    advanced = (*OfferedToFilter.advanced, "charge_type")

    class Meta:
        model = Product
        fields = ()


class ProductTypeFilter(RatebookFilterSet):
    """Product types by text, classification and composition."""

    q = SearchFilter(lookups=("name__icontains", "code__icontains"), label="Name or code")
    classification = django_filters.ChoiceFilter(choices=Classification.choices, empty_label="All")
    composition = django_filters.ChoiceFilter(choices=Composition.choices, empty_label="All")

    class Meta:
        model = ProductType
        fields = ()


class EntryFilter(RatebookFilterSet):
    """Entries of a short list by text; for every model with a name and a code."""

    q = SearchFilter(lookups=("name__icontains", "code__icontains"), label="Name or code")


class SalesBundleFilter(OfferedToFilter):
    """Sales bundles by text, availability, account class and technology."""

    q = SearchFilter(lookups=("name__icontains", "code__icontains"), label="Name or code")
    availability = django_filters.ChoiceFilter(choices=Availability.choices, empty_label="All")

    class Meta:
        model = SalesBundle
        fields = ()
