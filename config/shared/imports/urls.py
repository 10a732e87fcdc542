"""Imports and exports of master data."""

from django.urls import path

from config.shared.views import import_kinds, imports

app_name = "imports"
urlpatterns = [
    path("", imports.BatchList.as_view(), name="batch_list"),
    path("new/", imports.NewImport.as_view(), name="new"),
    path("kinds/<slug:kind>/", import_kinds.KindPage.as_view(), name="kind"),
    path(
        "kinds/<slug:kind>/sample/<slug:file_format>/", import_kinds.Sample.as_view(), name="sample"
    ),
    path(
        "kinds/<slug:kind>/all/<slug:file_format>/", import_kinds.ExportAll.as_view(), name="export"
    ),
    path("<str:number>/", imports.BatchPage.as_view(), name="batch_detail"),
    path("<str:number>/progress/", imports.Progress.as_view(), name="progress"),
    path("<str:number>/apply/", imports.Apply.as_view(), name="apply"),
    path("<str:number>/now/", imports.WorkNow.as_view(), name="now"),
    path("<str:number>/discard/", imports.Discard.as_view(), name="discard"),
    path("<str:number>/file/", imports.OriginalFile.as_view(), name="file"),
    path(
        "<str:number>/rejected/<slug:file_format>/",
        imports.RejectedRows.as_view(),
        name="rejected",
    ),
]
