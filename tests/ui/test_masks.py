"""BillMax's permission masks as sums of Ratebook's groups, as README's "Who may do what" says."""

import pytest

from config.shared.roles import allows

MASKS = {
    1: ("Auditor",),
    3: ("Auditor", "CSR"),
    7: ("Auditor", "CSR", "Catalogue admin"),
    15: ("Auditor", "CSR", "Catalogue admin", "Billing operator"),
    31: ("Auditor", "CSR", "Catalogue admin", "Billing operator", "Configurator"),
}
READ = ("subscriptions.view_account", "subscriptions.view_accountuser", "billing.view_payment")
WRITE = (
    "subscriptions.change_account",
    "subscriptions.add_subscribedservice",
    "billing.add_payment",
)
DEFINITIONS = ("catalog.change_product", "catalog.add_product", "pricing.change_priceplanrate")
INVOICES = ("billing.add_bill", "billing.change_bill", "shared.add_run")
CONFIGURATION = (
    "subscriptions.change_seller",
    "shared.change_numberseries",
    "shared.change_businessclock",
)


@pytest.mark.case("billmax:A")
@pytest.mark.parametrize(
    ("mask", "may", "may_not"),
    [
        pytest.param(1, READ, (*WRITE, *DEFINITIONS, *INVOICES, *CONFIGURATION), id="1 Read"),
        pytest.param(3, (*READ, *WRITE), (*DEFINITIONS, *INVOICES, *CONFIGURATION), id="3 Write"),
        pytest.param(
            7, (*READ, *WRITE, *DEFINITIONS), (*INVOICES, *CONFIGURATION), id="7 Billing Read"
        ),
        pytest.param(
            15,
            (
                *READ,
                *WRITE,
                *DEFINITIONS,
                *INVOICES,
                "catalog.change_salesbundle",
                "catalog.change_bundlecomponent",
            ),
            CONFIGURATION,
            id="15 Billing Write",
        ),
        pytest.param(
            31,
            (
                *READ,
                *WRITE,
                *DEFINITIONS,
                *INVOICES,
                *CONFIGURATION,
                "subscriptions.change_billingtermscheme",
                "pricing.change_taxcode",
                "catalog.change_accountclass",
            ),
            ("auth.change_user", "auth.change_group"),
            id="31 Configuration",
        ),
    ],
)
def test_a_mask_is_a_sum_of_groups(mask, may, may_not):
    groups = MASKS[mask]

    granted = {one for one in (*may, *may_not) if any(allows(group, one) for group in groups)}

    assert granted == set(may)
