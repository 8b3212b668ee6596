"""JSON: read the body, do the action, show the result. The same verbs as the pages."""

from apiflask import APIFlask

from assetlib.api import (
    activity,
    assets,
    attributes,
    audit,
    bulk_edits,
    campaign_results,
    campaign_templates,
    campaigns,
    collections,
    deliverables,
    delivery_specs,
    described,
    groups,
    intake,
    jobs,
    library,
    me,
    my_work,
    notices,
    organisations,
    packages,
    people,
    plan_reviews,
    plans,
    reference,
    reference_changes,
    requests,
    shares,
    tasks,
    trash,
    uploads,
)

PREFIX = "/api/v1"


def install(app: APIFlask) -> None:
    """All endpoints under one prefix; `/api/v1/openapi.json` describes them."""
    for each in (
        activity,
        assets,
        attributes,
        audit,
        bulk_edits,
        campaign_results,
        campaign_templates,
        campaigns,
        collections,
        deliverables,
        delivery_specs,
        groups,
        intake,
        jobs,
        library,
        me,
        my_work,
        notices,
        organisations,
        packages,
        people,
        reference,
        reference_changes,
        plan_reviews,
        plans,
        requests,
        shares,
        tasks,
        trash,
        uploads,
    ):
        app.register_blueprint(each.api, url_prefix=PREFIX + (each.api.url_prefix or ""))
    described.install(app)
