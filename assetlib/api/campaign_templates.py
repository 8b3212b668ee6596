"""Templates that campaigns are begun by."""

from apiflask import APIBlueprint

from assetlib.api.shapes import Shape, Text
from assetlib.current import actor, database
from assetlib.planning.actions import templates as actions
from assetlib.planning.models import CampaignTemplate
from assetlib.planning.permissions.work import EDIT_CAMPAIGN, SEE_CAMPAIGNS
from assetlib.planning.queries.campaigns import get_campaign
from assetlib.planning.queries.templates import get_template, templates
from assetlib.planning.rules.templates import shapes_in
from assetlib.policy import open_to

api = APIBlueprint("api_campaign_templates", __name__, tag="Campaigns")


class TemplateIn(Shape):
    name: Text
    description: Text = ""


class TemplateOut(Shape):
    id: int
    name: str
    description: str
    activities: int
    tasks: int
    is_offered: bool


class TemplatesOut(Shape):
    templates: list[TemplateOut]


@api.get("/campaign-templates")
@api.output(TemplatesOut)
@open_to(SEE_CAMPAIGNS)
def index() -> TemplatesOut:
    """Those that are offered."""
    with database().reading() as session:
        return TemplatesOut(templates=[_out(each) for each in templates(session)])


@api.post("/campaigns/<int:campaign_id>/template")
@api.input(TemplateIn)
@api.output(TemplateOut, status_code=201)
@open_to(EDIT_CAMPAIGN)
def keep(campaign_id: int, json_data: TemplateIn) -> TemplateOut:
    """Keep the shape of a campaign, without its days and people."""
    with database().transaction() as session:
        campaign = get_campaign(session, actor(), campaign_id)
        kept = actions.keep_as_template(
            session, actor(), campaign, name=json_data.name, description=json_data.description
        )
        return _out(kept)


@api.post("/campaign-templates/<int:template_id>/retire")
@api.output(TemplateOut)
@open_to(EDIT_CAMPAIGN)
def retire(template_id: int) -> TemplateOut:
    """Offer it no more; campaigns that were begun by it stay."""
    with database().transaction() as session:
        template = get_template(session, actor(), template_id)
        actions.retire_template(session, actor(), template)
        return _out(template)


def _out(template: CampaignTemplate) -> TemplateOut:
    shapes = shapes_in(template.body)
    return TemplateOut(
        id=template.id,
        name=template.name,
        description=template.description,
        activities=len(shapes),
        tasks=sum(len(each.tasks) for each in shapes),
        is_offered=template.retired_at is None,
    )
