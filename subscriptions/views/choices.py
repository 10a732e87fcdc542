"""What searching fields of subscriptions find."""

from django.shortcuts import get_object_or_404

from catalog.models import Product
from config.shared.operations.clock import today
from config.shared.views.choices import ChoicesView
from subscriptions.models import Subscription
from subscriptions.queries.expenses import expenses_for
from subscriptions.views.subscriptions import terms_today


class ChooseExpense(ChoicesView):
    """The expenses that a subscription takes today."""

    permission_required = "subscriptions.add_addedexpense"

    def get_queryset(self):
        """Return the expenses that its type allows and its plan prices."""
        subscription = get_object_or_404(Subscription, number=self.kwargs["number"])
        terms = terms_today(subscription)
        if terms is None:
            return Product.objects.none()
        return expenses_for(subscription, terms.plan, on=today())
