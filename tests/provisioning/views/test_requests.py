"""Pages of requests, and what provisioning shows on other pages."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from provisioning.models import ProvisioningRequest, RequestState
from provisioning.queries.shown_json import MASK, shown_json
from subscriptions.models import ActionKind, SubscribedService
from tests.billing.factories import bill_run, run
from tests.catalog.factories import ProductFactory, ProductTypeFactory
from tests.provisioning.factories import carry, make_provider
from tests.subscriptions.factories import act, subscribe

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 15)


def text_of(response) -> str:
    """Return the page with single spaces, and those that keep words together as spaces."""
    return " ".join(response.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def provisioned_service() -> SubscribedService:
    """Sell a service whose product is at a provider."""
    product = ProductFactory(type=ProductTypeFactory(provisioned=True))
    carry(product, make_provider(), f"id-{product.pk}")
    return subscribe(product, on=DAY, price="31.00")


def rejected() -> ProvisioningRequest:
    """Return a request that its provider rejected."""
    provisioned_service()
    ProvisioningRequest.objects.update(
        state=RequestState.REJECTED,
        attempts=1,
        last_error="E7: card unknown",
        response={"code": "E7", "text": "card unknown"},
    )
    return ProvisioningRequest.objects.get()


def page_of(request: ProvisioningRequest, act_name: str = "detail") -> str:
    return reverse(f"provisioning:request_{act_name}", args=[request.number])


def test_the_page_shows_request_answer_and_error(csr):
    request = rejected()

    page = text_of(csr.get(page_of(request)))

    assert "Rejected: E7: card unknown" in page
    assert "&quot;type&quot;: &quot;ACTIVATE_SERVICE&quot;" in page
    assert "&quot;text&quot;: &quot;card unknown&quot;" in page
    assert request.subscription.get_absolute_url() in page
    assert str(request.idempotency_key) in page


def test_what_is_named_like_a_secret_is_masked():
    shown = shown_json({"values": [{"wifi_password": "hunter2", "PIN": "1234", "port": 7}]})

    assert "hunter2" not in shown
    assert "1234" not in shown
    assert shown.count(MASK) == 2
    assert '"port": 7' in shown


def test_a_rejected_request_is_tried_again(technician):
    request = rejected()

    page = text_of(technician.post(page_of(request, "retry"), follow=True))

    request.refresh_from_db()
    assert (request.state, request.attempts) == ("PENDING", 0)
    assert request.handled_by.username == "technician"
    assert f"{request.number} is sent again" in page


def test_a_request_is_skipped_with_a_reason(technician):
    request = rejected()

    refused = technician.post(page_of(request, "skip"), {"reason": " "})
    page = text_of(
        technician.post(page_of(request, "skip"), {"reason": "Card replaced"}, follow=True)
    )

    assert "reason" in refused.context["form"].errors
    request.refresh_from_db()
    assert request.state == "SKIPPED"
    assert "Skipped: Card replaced" in page


@pytest.mark.parametrize("name", ["retry", "skip"])
def test_what_is_completed_stays(technician, name):
    request = rejected()
    ProvisioningRequest.objects.update(state=RequestState.COMPLETED)

    response = technician.post(page_of(request, name), {"reason": "again"})

    assert "completed already" in text_of(response)
    assert "Retry" not in text_of(technician.get(page_of(request)))


def test_a_retry_that_is_sent_twice_counts_once(technician):
    request = rejected()
    token = str(uuid4())
    technician.post(page_of(request, "retry"), {"form_token": token})
    ProvisioningRequest.objects.update(state=RequestState.REJECTED)

    page = text_of(technician.post(page_of(request, "retry"), {"form_token": token}, follow=True))

    assert "This form was sent before." in page
    assert ProvisioningRequest.objects.get().state == "REJECTED"


@pytest.mark.parametrize("name", ["retry", "skip"])
def test_a_csr_only_looks(csr, name):
    request = rejected()

    assert csr.post(page_of(request, name), {"reason": "x"}).status_code == 403
    assert page_of(request, name) not in text_of(csr.get(page_of(request)))


def test_a_request_names_the_one_it_waits_for(csr):
    first = rejected()
    act(ActionKind.DEACTIVATE, first.subscription, on=date(2026, 1, 20), state_reason="CUSTOMER")
    second = ProvisioningRequest.objects.latest("pk")

    page = text_of(csr.get(page_of(second)))

    assert f"Waits behind {first.number}, which is rejected." in page


def test_strangers_see_no_requests(stranger):
    request = rejected()

    assert stranger.get(reverse("provisioning:request_list")).status_code == 403
    assert stranger.get(page_of(request)).status_code == 403


def test_requests_are_found_by_state_provider_subscription_and_account(csr):
    failed = rejected()
    other = provisioned_service()
    address = reverse("provisioning:request_list")

    def found(**filters) -> set[str]:
        rows = csr.get(address, filters).context["table"].page.object_list
        return {row.record.subscription.number for row in rows}

    assert found() == {failed.subscription.number, other.subscription.number}
    assert found(state="FAILED") == {failed.subscription.number}
    assert found(state="PENDING") == {other.subscription.number}
    assert found(provider=failed.provider_id) == {failed.subscription.number}
    assert found(q=other.subscription.number.lower()) == {other.subscription.number}
    assert found(account=other.subscription.account.number) == {other.subscription.number}


def test_a_list_of_20_costs_as_many_queries_as_one_of_1(
    csr, django_assert_num_queries, django_assert_max_num_queries
):
    service = provisioned_service()
    address = reverse("provisioning:request_list")
    with django_assert_max_num_queries(12) as few:
        csr.get(address)
    for _ in range(19):
        subscribe(service.product, on=DAY)

    with django_assert_num_queries(len(few.captured_queries)):
        csr.get(address)


def test_an_empty_list_says_when_requests_are_made(csr):
    page = text_of(csr.get(reverse("provisioning:request_list")))

    assert "Requests are made when services go on or off" in page


def test_failures_show_on_home_and_on_the_pages_of_the_customer(csr):
    request = rejected()
    subscription = request.subscription
    warning = f"Provisioning failed and waits for somebody: {request.number}."

    home = text_of(csr.get(reverse("home")))
    overview = text_of(csr.get(subscription.get_absolute_url()))
    account = text_of(csr.get(subscription.account.get_absolute_url(), {"tab": "provisioning"}))
    listed = text_of(csr.get(subscription.get_absolute_url(), {"tab": "provisioning"}))

    assert request.get_absolute_url() in home
    assert warning in overview
    assert warning in account
    assert request.get_absolute_url() in listed
    assert request.get_absolute_url() in account


def test_a_deactivation_run_shows_what_it_touched_with_its_requests(browse):
    service = provisioned_service()
    bill_run(DAY)
    done = run("deactivation", date(2026, 2, 1))
    request = ProvisioningRequest.objects.get(kind="DEACTIVATE_SERVICE")

    page = text_of(browse("Billing operator").get(done.get_absolute_url()))

    assert "Subscriptions touched" in page
    assert service.subscription.get_absolute_url() in page
    assert request.get_absolute_url() in page
