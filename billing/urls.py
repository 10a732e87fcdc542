"""URLs of the billing app. Numbers begin with a letter or digit, so "+new" is no number."""

from django.urls import URLPattern, URLResolver, path

from billing.views import bills, payments, price_preview, rated_items

app_name = "billing"

PAYMENT = "payments/<str:number>/"
PREVIEW = "price-preview/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("bills/", bills.BillList.as_view(), name="bill_list"),
    path("bills/<str:number>.pdf", bills.BillPdf.as_view(), name="bill_pdf"),
    path("bills/<str:number>/", bills.BillPage.as_view(), name="bill_detail"),
    path("payments/", payments.PaymentList.as_view(), name="payment_list"),
    path("payments/+new/", payments.NewPayment.as_view(), name="payment_new"),
    path(PAYMENT, payments.PaymentPage.as_view(), name="payment_detail"),
    path(f"{PAYMENT}post/", payments.PostPayment.as_view(), name="payment_post"),
    path(f"{PAYMENT}change/", payments.ChangePayment.as_view(), name="payment_change"),
    path(f"{PAYMENT}reject/", payments.RejectPayment.as_view(), name="payment_reject"),
    path(f"{PAYMENT}cancel/", payments.CancelPayment.as_view(), name="payment_cancel"),
    path("accounts/<str:number>/payment/", payments.TakePayment.as_view(), name="take_payment"),
    path(PREVIEW, price_preview.PricePreviewPage.as_view(), name="price_preview"),
    path(f"{PREVIEW}+plan/", price_preview.ChoosePreviewPlan.as_view(), name="preview_plan"),
    path(
        f"{PREVIEW}+discount/",
        price_preview.ChoosePreviewDiscount.as_view(),
        name="preview_discount",
    ),
    path(f"{PREVIEW}+bundle/", price_preview.ChoosePreviewBundle.as_view(), name="preview_bundle"),
    path(
        f"{PREVIEW}+account/", price_preview.ChoosePreviewAccount.as_view(), name="preview_account"
    ),
    path("rated-items/", rated_items.RatedItemList.as_view(), name="rated_item_list"),
    path("rated-items/<int:pk>/", rated_items.RatedItemPage.as_view(), name="rated_item_detail"),
]
