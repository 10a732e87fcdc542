"""Valid objects of the catalogue with fixed values; variants are traits."""

import factory
from factory.django import DjangoModelFactory

from catalog.models import (
    AccountClass,
    AccountClassification,
    Characteristic,
    CharacteristicKind,
    Classification,
    Composition,
    GoodType,
    Product,
    ProductBrand,
    ProductCategory,
    ProductFamily,
    ProductType,
    SalesBundle,
    SalesBundleItem,
    ServiceType,
    Technology,
)


class ProductTypeFactory(DjangoModelFactory):
    """A flat termed service that is provisioned."""

    class Meta:
        model = ProductType

    class Params:
        usage = factory.Trait(service_type=ServiceType.USAGE)
        one_time = factory.Trait(service_type=ServiceType.ONE_TIME, provisioned=False)
        expense = factory.Trait(service_type=ServiceType.EXPENSE, provisioned=False)
        traceable = factory.Trait(
            classification=Classification.PHYSICAL_GOOD,
            service_type="",
            good_type=GoodType.TRACEABLE,
        )
        non_traceable = factory.Trait(
            classification=Classification.PHYSICAL_GOOD,
            service_type="",
            good_type=GoodType.NON_TRACEABLE,
            provisioned=False,
        )
        fixed_bundle = factory.Trait(composition=Composition.FIXED_BUNDLE)
        flexible_bundle = factory.Trait(composition=Composition.FLEXIBLE_BUNDLE)

    name = factory.Sequence(lambda n: f"Type {n}")
    code = factory.Sequence(lambda n: f"type-{n}")
    classification = Classification.SERVICE
    service_type = ServiceType.TERMED
    good_type = ""
    composition = Composition.FLAT
    provisioned = True


class CharacteristicFactory(DjangoModelFactory):
    """A text that products may answer with or not."""

    class Meta:
        model = Characteristic

    type = factory.SubFactory(ProductTypeFactory)
    name = factory.Sequence(lambda n: f"Characteristic {n}")
    kind = CharacteristicKind.TEXT
    choices = factory.LazyFunction(list)
    sort_order = factory.Sequence(lambda n: n)


class FamilyFactory(DjangoModelFactory):
    """A root family."""

    class Meta:
        model = ProductFamily

    name = factory.Sequence(lambda n: f"Family {n}")
    code = factory.Sequence(lambda n: f"family-{n}")


class CategoryFactory(DjangoModelFactory):
    """A root category."""

    class Meta:
        model = ProductCategory

    name = factory.Sequence(lambda n: f"Category {n}")
    code = factory.Sequence(lambda n: f"category-{n}")


class BrandFactory(DjangoModelFactory):
    """A brand."""

    class Meta:
        model = ProductBrand

    name = factory.Sequence(lambda n: f"Brand {n}")
    code = factory.Sequence(lambda n: f"brand-{n}")


class AccountClassFactory(DjangoModelFactory):
    """An account class."""

    class Meta:
        model = AccountClass

    name = factory.Sequence(lambda n: f"Class {n}")
    code = factory.Sequence(lambda n: f"class-{n}")


class TechnologyFactory(DjangoModelFactory):
    """A technology."""

    class Meta:
        model = Technology

    name = factory.Sequence(lambda n: f"Technology {n}")
    code = factory.Sequence(lambda n: f"technology-{n}")


class AccountClassificationFactory(DjangoModelFactory):
    """An account classification."""

    class Meta:
        model = AccountClassification

    name = factory.Sequence(lambda n: f"Classification {n}")
    code = factory.Sequence(lambda n: f"classification-{n}")


class ProductFactory(DjangoModelFactory):
    """A flat termed product that is always valid and available to everybody.

    The traits of its type are traits of the product: `ProductFactory(fixed_bundle=True)`.
    """

    class Meta:
        model = Product
        skip_postgeneration_save = True

    class Params:
        usage = factory.Trait(type__usage=True)
        one_time = factory.Trait(type__one_time=True)
        expense = factory.Trait(type__expense=True)
        traceable = factory.Trait(type__traceable=True)
        non_traceable = factory.Trait(type__non_traceable=True)
        fixed_bundle = factory.Trait(type__fixed_bundle=True)
        flexible_bundle = factory.Trait(type__flexible_bundle=True)

    code = factory.Sequence(lambda n: f"P{n}")
    alternative_code = factory.SelfAttribute("code")
    name = factory.Sequence(lambda n: f"Product {n:03}")
    type = factory.SubFactory(ProductTypeFactory)

    @factory.post_generation
    def account_classes(self, create, extracted, **_options):
        if extracted:
            self.account_classes.set(extracted)

    @factory.post_generation
    def technologies(self, create, extracted, **_options):
        if extracted:
            self.technologies.set(extracted)


class SalesBundleFactory(DjangoModelFactory):
    """A sales bundle without items, valid and available to everybody."""

    class Meta:
        model = SalesBundle

    code = factory.Sequence(lambda n: f"sales-bundle-{n}")
    name = factory.Sequence(lambda n: f"Sales bundle {n}")


class SalesBundleItemFactory(DjangoModelFactory):
    """One termed product in a sales bundle."""

    class Meta:
        model = SalesBundleItem

    bundle = factory.SubFactory(SalesBundleFactory)
    product = factory.SubFactory(ProductFactory)
    quantity = 1
