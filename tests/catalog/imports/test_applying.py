"""Applying an import: all rows or none, the good ones, and what changed in between."""

import pytest
from django.db import IntegrityError

from catalog.models import Product, ProductFamily
from catalog.operations.products import create_product
from config.shared.models import ImportBatch, ImportState
from config.shared.operations import imports
from config.shared.operations.imports import (
    ImportRefused,
    discard_import,
    is_in_work,
    order_import,
    requeue_imports,
    work_on_import,
)
from config.shared.tasks import work_on_import_batch
from tests.catalog.factories import FamilyFactory, ProductTypeFactory
from tests.catalog.imports.conftest import clock, outcomes

pytestmark = pytest.mark.django_db

THREE = "code,type,family\nB1,box,\nB2,box,nowhere\nB3,box,\n"


@pytest.fixture(autouse=True)
def box():
    return ProductTypeFactory(code="box", traceable=True)


def test_checking_writes_nothing_but_the_report(send):
    send("families", "name,code\nSports,sports\n")
    batch = send("products", THREE)

    assert batch.state == ImportState.CHECKED
    assert (batch.row_count, batch.new_count, batch.rejected_count) == (3, 2, 1)
    assert not Product.objects.exists()
    assert not ProductFamily.objects.exists()
    assert not Product.history.exists()


def test_all_or_none_is_refused_while_rows_are_rejected(send, user):
    batch = send("products", THREE)

    with pytest.raises(ImportRefused, match="1 row is rejected"):
        order_import(batch, "ALL", by=user, clock=clock)


def test_good_rows_are_applied_without_the_others(send, apply):
    batch = apply(send("products", THREE), "GOOD")

    assert batch.state == ImportState.APPLIED
    assert set(Product.objects.values_list("code", flat=True)) == {"B1", "B3"}
    assert outcomes(batch) == ["NEW", "REJECTED", "NEW"]


def test_row_that_became_wrong_keeps_all_out(send, apply):
    family = FamilyFactory(code="sports")
    batch = send("products", "code,type,family\nB1,box,\nB2,box,sports\n")
    family.delete()

    apply(batch)

    assert batch.state == ImportState.CHECKED
    assert batch.failure.startswith("1 row is wrong since the stored data changed")
    assert outcomes(batch) == ["NEW", "REJECTED"]
    assert not Product.objects.exists()


def test_row_that_became_wrong_is_left_out_of_the_good_ones(send, apply):
    family = FamilyFactory(code="sports")
    batch = send("products", "code,type,family\nB1,box,\nB2,box,sports\n")
    family.delete()

    apply(batch, "GOOD")

    assert batch.state == ImportState.APPLIED
    assert Product.objects.get().code == "B1"


def test_row_that_was_added_meanwhile_changes_it(send, apply, box):
    batch = send("products", "code,type,name\nB1,box,New name\n")
    create_product(code="B1", type=box, name="By hand")

    apply(batch)

    assert outcomes(batch) == ["CHANGED"]
    assert Product.objects.get().name == "New name"


def test_what_the_database_refuses_is_rolled_back_as_a_whole(send, apply, monkeypatch):
    batch = send("products", "code,type\nB1,box\nB2,box\n")

    def refuse(*args, **kwargs):
        raise IntegrityError("another has it")

    monkeypatch.setattr("pricing.handlers.DefaultTaxes.products_created", refuse)
    apply(batch)

    assert batch.state == ImportState.CHECKED
    assert "nothing was stored" in batch.failure
    assert not Product.objects.exists()


def test_error_that_is_nobodys_input_fails_the_import_loudly(send, user, monkeypatch):
    batch = send("products", "code,type\nB1,box\n")
    order_import(batch, "ALL", by=user, clock=clock)

    def break_down(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr("pricing.handlers.DefaultTaxes.products_created", break_down)
    with pytest.raises(RuntimeError):
        work_on_import(batch.pk, clock=clock)

    batch.refresh_from_db()
    assert (batch.state, batch.failure) == (ImportState.FAILED, "RuntimeError: broken")
    assert not Product.objects.exists()


def test_nothing_to_apply_is_refused(send, apply, user):
    apply(send("products", "code,type\nB1,box\n"))
    batch = send("products", "code,type\nB1,box\n")

    with pytest.raises(ImportRefused, match="No row would change anything"):
        order_import(batch, "ALL", by=user, clock=clock)


def test_applied_or_discarded_is_not_applied_again(send, apply, user):
    applied = apply(send("products", "code,type\nB1,box\n"))
    discarded = discard_import(send("products", "code,type\nB2,box\n"))

    for batch in (applied, discarded):
        with pytest.raises(ImportRefused, match="is not waiting for this"):
            order_import(batch, "ALL", by=user, clock=clock)
        with pytest.raises(ImportRefused, match="already"):
            discard_import(batch)


def test_long_file_is_left_to_a_worker_and_queued_again_by_the_tick(send, monkeypatch):
    sent = []
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 10)
    monkeypatch.setattr(imports, "send_task", lambda name, **asked: sent.append(asked) or True)

    batch = send("products", "code,type\nB1,box\n")

    assert batch.state == ImportState.UPLOADED
    assert requeue_imports() == [batch.pk]
    assert sent == [{"batch_id": batch.pk}] * 2
    assert work_on_import_batch.name == imports.WORK_ON_IMPORT
    work_on_import_batch(batch_id=batch.pk)
    batch.refresh_from_db()
    assert batch.state == ImportState.CHECKED
    assert requeue_imports() == []
    assert not work_on_import(batch.pk, clock=clock)


def test_work_is_seen_by_others_while_it_is_done(send, monkeypatch):
    seen = []
    monkeypatch.setattr(
        imports.MasterResource,
        "process",
        lambda *args, **kwargs: seen.append(is_in_work(ImportBatch.objects.get())) or [],
    )

    send("products", "code,type\nB1,box\n")

    assert seen == [True]


def test_without_a_broker_a_long_file_is_checked_at_once(send, monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 10)
    monkeypatch.setattr(imports, "send_task", lambda name, **asked: False)

    assert send("products", "code,type\nB1,box\n").state == ImportState.CHECKED
