"""The run console: who may what, starting, steering, live progress, parked items."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from config.shared.models import DefinitionState, ParkedItem, Run, RunDefinition, RunState
from config.shared.operations.chunks import claim_and_work, run_here
from config.shared.operations.runs import start_run

from .conftest import NOW, texts

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


def browser(client, name: str, *codenames: str):
    """Sign a user with these permissions in and return the client."""
    user = User.objects.create_user(name)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return client


@pytest.fixture
def operator(client):
    """The browser of one who runs things."""
    return browser(
        client,
        "operator",
        "view_run",
        "add_run",
        "view_parkeditem",
        "change_parkeditem",
        "view_rundefinition",
        "add_rundefinition",
        "change_rundefinition",
        "change_schedule",
    )


@pytest.fixture
def auditor(client):
    """The browser of one who looks only."""
    return browser(client, "auditor", "view_run", "view_parkeditem", "view_rundefinition")


def post(client, route: str, *args, **data):
    """Send a form, with a token of its own."""
    return client.post(reverse(route, args=args), {"form_token": uuid4(), **data})


def action_labels(response) -> list[str]:
    """Return what the page offers to do."""
    shown = [*response.context["primary_actions"], *response.context["more_actions"]]
    return [action.label for action in shown]


@pytest.mark.parametrize(
    "name",
    ["runs:run_list", "runs:parked_list", "runs:definition_list"],
)
def test_lists_need_their_permission(client, name, definition):
    response = browser(client, "visitor").get(reverse(name))

    assert response.status_code == 403


@pytest.mark.parametrize("name", ["resume", "pause", "cancel", "discard", "start_draft"])
def test_auditor_cannot_steer_a_run(auditor, make_run, name):
    run = make_run()

    response = post(auditor, f"runs:{name}", run.number)

    run.refresh_from_db()
    assert response.status_code == 403
    assert run.state == RunState.DRAFT


def test_auditor_is_offered_nothing_on_a_run(auditor, make_run):
    response = auditor.get(make_run().get_absolute_url())

    assert action_labels(response) == []


def test_run_is_started_from_its_definition(operator, definition, write):
    write("a", "b")
    page = operator.get(reverse("runs:start", args=[definition.code]))

    response = post(operator, "runs:start", definition.code, as_of="2026-02-01", stop_after="mark")

    run = Run.objects.get()
    assert page.status_code == 200
    assert response.url == run.get_absolute_url()
    assert (run.state, run.stop_after) == (RunState.RUNNING, "mark")
    assert str(run.requested_by) == "operator"
    assert run.chunks.count() == 2


def test_an_inactive_definition_shows_the_refusal_instead_of_the_form(operator, definition):
    RunDefinition.objects.filter(pk=definition.pk).update(state=DefinitionState.INACTIVE)

    page = operator.get(reverse("runs:start", args=[definition.code])).content.decode()
    refused = post(operator, "runs:start", definition.code, as_of="2026-02-01")

    assert "is inactive: no run can be created from it." in page
    assert reverse("runs:definition_activate", args=[definition.code]) in page
    assert 'name="as_of"' not in page
    assert "inactive" in refused.content.decode()
    assert not Run.objects.exists()


def test_form_sent_twice_starts_one_run(operator, definition):
    token = uuid4()

    for _ in range(2):
        post(operator, "runs:start", definition.code, as_of="2026-02-01", form_token=token)

    assert Run.objects.count() == 1


def test_second_live_run_is_refused_on_the_form(operator, make_run, definition, write):
    write("a")
    make_run()

    response = post(operator, "runs:start", definition.code, as_of="2026-02-01")

    assert response.status_code == 200
    assert "is not finished yet" in response.content.decode()
    assert Run.objects.count() == 1


@pytest.mark.case("crmcom:N1")
def test_run_of_an_inactive_definition_is_refused_on_the_form(operator, definition):
    definition.state = DefinitionState.INACTIVE
    definition.save()

    response = post(operator, "runs:start", definition.code, as_of="2026-02-01")
    page = operator.get(definition.get_absolute_url())

    assert "no run can be created" in response.content.decode()
    assert "Start run" not in action_labels(page)
    assert not Run.objects.exists()


def test_progress_asks_again_while_the_run_is_going(operator, make_run, write):
    write("a", "b")
    run = start_run(make_run(), now=NOW)
    claim_and_work(run.pk, worker="one", now=NOW)
    address = reverse("runs:progress", args=[run.number])

    page = operator.get(run.get_absolute_url()).content.decode()
    partial = operator.get(address, **HTMX).content.decode()
    spoken = operator.get(address, {"spoken": ""}, **HTMX).content.decode()

    assert f'hx-get="{address}"' in page
    assert "1 of 2 notes" in page
    assert "1 of 2 notes" in partial
    assert "<html" not in partial
    assert "Running: 1 of 2 notes done, 0 parked." in spoken


def test_page_is_loaded_again_once_the_run_stands_still(operator, make_run, write):
    write("a")
    run = run_here(make_run(), now=NOW)
    address = reverse("runs:progress", args=[run.number])

    page = operator.get(run.get_absolute_url()).content.decode()
    answer = operator.get(address, **HTMX)

    assert f'hx-get="{address}"' not in page
    assert answer.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize("notes", [1, 20])
def test_progress_takes_the_same_queries_for_few_and_for_many_chunks(
    operator, make_run, write, settings, django_assert_num_queries, notes
):
    settings.RUN_CHUNK_SIZE = 1
    write(*["a"] * notes)
    run = start_run(make_run(), now=NOW)

    with django_assert_num_queries(9):
        operator.get(reverse("runs:progress", args=[run.number]), **HTMX)


def test_totals_stand_beside_those_of_the_previous_run(operator, make_run, write):
    write("a")
    run_here(make_run(), now=NOW)
    write("b", "c")
    run = run_here(make_run(), now=NOW)

    response = operator.get(run.get_absolute_url())

    totals = next(panel for panel in response.context["panels"] if panel.slug == "totals")
    lines = [
        (line.label, line.currency, str(line.value), str(line.previous))
        for line in totals.context["lines"]
    ]
    assert lines == [("Marked", "", "2", "1"), ("Amount", "EUR", "0.20", "0.10")]


def test_run_is_paused_and_continued(operator, make_run, write):
    write("a")
    run = start_run(make_run(), now=NOW)

    post(operator, "runs:pause", run.number)
    run.refresh_from_db()
    paused = run.state
    post(operator, "runs:resume", run.number)

    run.refresh_from_db()
    assert (paused, run.state) == (RunState.PAUSED, RunState.RUNNING)


def test_stopped_run_is_continued_to_the_end(operator, make_run, write):
    write("a")
    run = run_here(make_run(stop_after="mark"), now=NOW)

    page = operator.get(run.get_absolute_url())
    form = operator.get(reverse("runs:resume", args=[run.number]))
    post(operator, "runs:resume", run.number, stop_after="")
    run_here(run, now=NOW)

    assert action_labels(page) == ["Continue", "Discard", "Cancel run"]
    assert "Stopped after “Marking” for review" in page.content.decode()
    assert form.context["form"].fields["stop_after"].choices == [("", "The end (Numbering)")]
    assert run.state == RunState.COMPLETED
    assert texts() == ["a#M-0001"]


def test_stopped_run_is_discarded(operator, make_run, write):
    write("a")
    run = run_here(make_run(stop_after="mark"), now=NOW)

    post(operator, "runs:discard", run.number)

    run.refresh_from_db()
    asked_for = run.state
    assert asked_for == RunState.DISCARDING
    assert run_here(run, now=NOW).state == RunState.DISCARDED
    assert texts() == ["a"]


def test_refusal_to_steer_is_shown_on_the_form(operator, make_run):
    run = start_run(make_run(), now=NOW)

    response = post(operator, "runs:cancel", run.number)

    assert "is completed: this is not possible now" in response.content.decode()


def test_parked_item_is_listed_with_its_reason_and_released(operator, make_run, write):
    (note,) = write("refuse")
    run = run_here(make_run(), now=NOW)
    item = ParkedItem.objects.get()

    listed = operator.get(reverse("runs:parked_list")).content.decode()
    shown = operator.get(run.get_absolute_url()).content.decode()
    asked = operator.get(reverse("runs:release", args=[item.pk])).content.decode()
    post(operator, "runs:release", item.pk)

    item.refresh_from_db()
    for page in (listed, shown, asked):
        assert f"Note {note.pk} is not wanted." in page
    assert "Marking" in listed
    assert item.released_at is not None
    assert str(item.released_by) == "operator"


def test_all_that_a_run_parked_is_released_at_once(operator, make_run, write):
    write("refuse", "fine", "value")
    run = run_here(make_run(), now=NOW)

    post(operator, "runs:release_all", run.number)

    assert not ParkedItem.objects.filter(released_at=None).exists()


def test_auditor_cannot_release(auditor, make_run, write):
    write("refuse")
    run_here(make_run(), now=NOW)
    item = ParkedItem.objects.get()

    response = post(auditor, "runs:release", item.pk)

    assert response.status_code == 403
    assert reverse("runs:release", args=[item.pk]) not in (
        auditor.get(reverse("runs:parked_list")).content.decode()
    )


def test_every_tab_of_a_run_opens(operator, make_run, write):
    write("a", "refuse")
    run = run_here(make_run(criteria={"notes": []}), now=NOW)

    for tab in ("overview", "chunks", "criteria"):
        assert operator.get(run.get_absolute_url(), {"tab": tab}).status_code == 200


def test_failed_run_says_why_and_can_be_continued(operator, make_run, write):
    write("bug")
    run = make_run()
    with pytest.raises(AttributeError):
        run_here(run, now=NOW)

    page = operator.get(run.get_absolute_url())

    assert "AttributeError: Nobody foresaw this." in page.content.decode()
    assert action_labels(page)[0] == "Continue"


def test_definition_is_made_changed_and_switched_off(operator, definition):
    post(
        operator, "runs:definition_create", "mark-notes", code="other", name="Other", description=""
    )
    post(operator, "runs:definition_update", "other", name="Others", description="All of them")
    post(operator, "runs:definition_deactivate", "other")

    made = RunDefinition.objects.get(code="other")
    assert (made.kind, made.name, made.state) == ("mark-notes", "Others", DefinitionState.INACTIVE)
    assert made.history.count() == 3
    assert "Others" in operator.get(reverse("runs:definition_list")).content.decode()


def test_definition_with_a_code_that_is_taken_is_refused_at_the_field(operator, definition):
    response = post(
        operator, "runs:definition_create", "mark-notes", code="mark-notes", name="Again"
    )

    assert response.context["form"].errors["code"] == ["Another definition has this code."]


def test_schedule_is_set_on_the_page_of_the_definition(operator, definition):
    data = {"panel": "schedule", "schedule-active": "on", "form_token": str(uuid4())}

    both = operator.post(
        definition.get_absolute_url(),
        {**data, "schedule-daily_at": "03:00", "schedule-every_minutes": "5"},
    )
    operator.post(definition.get_absolute_url(), {**data, "schedule-daily_at": "03:00"})

    definition.refresh_from_db()
    assert "either a time of day or an interval" in both.content.decode()
    assert str(definition.schedule) == "daily at 03:00"
    assert definition.schedule.next_at is not None


def test_home_shows_last_runs_and_what_is_parked(operator, make_run, write):
    write("refuse")
    run = run_here(make_run(), now=NOW)

    page = operator.get(reverse("home")).content.decode()

    assert run.number in page
    assert "is not wanted." in page
