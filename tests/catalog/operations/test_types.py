"""Product types: which combinations exist, and what stays once products exist."""

from typing import Any

import pytest

from catalog.models import Classification, Composition, GoodType, ProductType, ServiceType
from catalog.operations.errors import CodeTaken, TypeInUse, TypeNotPossible
from catalog.operations.types import create_type, update_type
from catalog.queries.types import compositions_of
from tests.catalog.factories import ProductFactory, ProductTypeFactory

pytestmark = pytest.mark.django_db

SERVICE = {"classification": Classification.SERVICE}
GOOD = {"classification": Classification.PHYSICAL_GOOD}


@pytest.mark.case("crmcom:C1")
@pytest.mark.parametrize(
    ("name", "fields", "code"),
    [
        ("Usage Services", {**SERVICE, "service_type": "USAGE"}, "usage-services"),
        ("Termed Services", {**SERVICE, "service_type": "TERMED"}, "termed-services"),
        ("Smartcards", {**GOOD, "good_type": "TRACEABLE"}, "smartcards"),
        ("Decoders", {**GOOD, "good_type": "TRACEABLE"}, "decoders"),
    ],
)
def test_types_of_company_zx_are_accepted(name: str, fields: dict[str, Any], code: str) -> None:
    created = create_type(name=name, composition=Composition.FLAT, provisioned=True, **fields)

    created.refresh_from_db()
    assert (created.name, created.code, created.composition, created.provisioned) == (
        name,
        code,
        "FLAT",
        True,
    )


@pytest.mark.case("crmcom:T1")
@pytest.mark.parametrize("kind", [ServiceType.USAGE, ServiceType.ONE_TIME, ServiceType.EXPENSE])
@pytest.mark.parametrize("composition", [Composition.FIXED_BUNDLE, Composition.FLEXIBLE_BUNDLE])
def test_other_services_than_termed_are_flat(kind: str, composition: str) -> None:
    offered = compositions_of(kind)

    with pytest.raises(TypeNotPossible) as refusal:
        create_type(name="Calls", service_type=kind, composition=composition, **SERVICE)
    assert offered == (Composition.FLAT,)
    assert refusal.value.field == "composition"
    assert not ProductType.objects.exists()


@pytest.mark.case("crmcom:T2")
@pytest.mark.parametrize("kind", list(GoodType))
def test_goods_are_no_flexible_bundles(kind: str) -> None:
    offered = compositions_of(kind)

    with pytest.raises(TypeNotPossible) as refusal:
        create_type(name="Kit", good_type=kind, composition=Composition.FLEXIBLE_BUNDLE, **GOOD)
    assert offered == (Composition.FLAT, Composition.FIXED_BUNDLE)
    assert refusal.value.field == "composition"


@pytest.mark.case("crmcom:T3")
@pytest.mark.parametrize("composition", list(Composition))
def test_termed_services_have_all_compositions(composition: str) -> None:
    created = create_type(
        name="Channels", service_type=ServiceType.TERMED, composition=composition, **SERVICE
    )

    assert composition in compositions_of(ServiceType.TERMED)
    assert created.composition == composition


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({**SERVICE}, "service_type"),
        ({**SERVICE, "service_type": "TERMED", "good_type": "TRACEABLE"}, "good_type"),
        ({**GOOD}, "good_type"),
        ({**GOOD, "good_type": "TRACEABLE", "service_type": "TERMED"}, "service_type"),
    ],
)
def test_a_type_has_exactly_one_kind(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(TypeNotPossible) as refusal:
        create_type(name="Mixed", **fields)
    assert refusal.value.field == field


def test_names_and_codes_are_unique_whatever_their_case() -> None:
    create_type(name="Channels", service_type="TERMED", **SERVICE)

    with pytest.raises(CodeTaken) as name:
        create_type(name="CHANNELS", code="other", service_type="TERMED", **SERVICE)
    with pytest.raises(CodeTaken) as code:
        create_type(name="Other", code="Channels", service_type="TERMED", **SERVICE)
    assert (name.value.field, code.value.field) == ("name", "code")


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("classification", {"classification": "PHYSICAL_GOOD", "good_type": "TRACEABLE"}),
        ("service_type", {"service_type": "USAGE"}),
        ("composition", {"composition": "FIXED_BUNDLE"}),
    ],
)
def test_a_type_in_use_keeps_its_nature(field: str, changes: dict[str, Any]) -> None:
    used = ProductFactory().type

    with pytest.raises(TypeInUse) as refusal:
        update_type(used, **changes)
    used.refresh_from_db()
    assert refusal.value.field == field
    assert (used.service_type, used.composition) == ("TERMED", "FLAT")


def test_a_type_in_use_may_be_renamed() -> None:
    used = ProductFactory().type

    changed = update_type(used, name="Channels", description="Linear channels.", composition="FLAT")

    assert (changed.name, changed.description) == ("Channels", "Linear channels.")


def test_an_unused_type_may_become_another() -> None:
    unused = ProductTypeFactory()

    changed = update_type(
        unused, classification="PHYSICAL_GOOD", service_type="", good_type="TRACEABLE"
    )

    assert (changed.classification, changed.good_type) == ("PHYSICAL_GOOD", "TRACEABLE")
