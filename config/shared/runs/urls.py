"""The run console."""

from django.urls import path

from config.shared.views import run_definitions, runs

app_name = "runs"
urlpatterns = [
    path("", runs.RunList.as_view(), name="run_list"),
    path("parked/", runs.ParkedList.as_view(), name="parked_list"),
    path("parked/<int:pk>/release/", runs.ReleaseParked.as_view(), name="release"),
    path("definitions/", run_definitions.DefinitionList.as_view(), name="definition_list"),
    path(
        "definitions/new/<slug:kind>/",
        run_definitions.CreateDefinition.as_view(),
        name="definition_create",
    ),
    path("definitions/<slug:code>/", run_definitions.DefinitionPage.as_view(), name="definition"),
    path(
        "definitions/<slug:code>/change/",
        run_definitions.UpdateDefinition.as_view(),
        name="definition_update",
    ),
    path(
        "definitions/<slug:code>/activate/",
        run_definitions.ActivateDefinition.as_view(),
        name="definition_activate",
    ),
    path(
        "definitions/<slug:code>/deactivate/",
        run_definitions.DeactivateDefinition.as_view(),
        name="definition_deactivate",
    ),
    path("definitions/<slug:code>/run/", run_definitions.StartRun.as_view(), name="start"),
    path("<str:number>/", runs.RunPage.as_view(), name="run"),
    path("<str:number>/progress/", runs.RunProgress.as_view(), name="progress"),
    path("<str:number>/start/", runs.StartDraft.as_view(), name="start_draft"),
    path("<str:number>/resume/", runs.ResumeRun.as_view(), name="resume"),
    path("<str:number>/pause/", runs.PauseRun.as_view(), name="pause"),
    path("<str:number>/cancel/", runs.CancelRun.as_view(), name="cancel"),
    path("<str:number>/discard/", runs.DiscardRun.as_view(), name="discard"),
    path("<str:number>/release/", runs.ReleaseAllOfRun.as_view(), name="release_all"),
]
