"""Offers of the demo: the clocks start when its months are over, so that nothing runs out before somebody looks."""

from datetime import datetime

from accounts.rules.hours import USUAL_WEEK
from accounts.services.hours import set_hours
from leadportal.common import clock
from leads.enums import Status
from leads.models import Lead
from leads.services.demo.scene import Host, Scene
from leads.services.lifecycle import assign_lead
from templates_app.services.catalogue import edit_marketplace
from templates_app.services.lead_templates import edit_template

ACCEPT_WITHIN, PROGRESS_WITHIN = 16, 80
# So many of the newest leads are offered to partners.
OFFERED = 4


def offer_newest(scene: Scene, until: datetime) -> None:
    """Set the clocks of the first host's first marketplace, mask a vendor's contacts, and offer the newest leads."""
    host = scene.hosts[0]
    with clock.at(until):
        _set_clocks(host)
        _mask_contacts(scene)
        waiting = Lead.objects.filter(
            marketplace=host.marketplaces[0], status=Status.SUBMITTED, is_test=False
        )
        for number, lead in enumerate(waiting.order_by("-created_at")[:OFFERED]):
            team = host.resellers[number % 2]
            assign_lead(lead, to=team.company, actor=host.channel)


def _set_clocks(host: Host) -> None:
    place = host.marketplaces[0]
    edit_marketplace(
        place,
        name=place.name,
        leads_go_to_vendor=place.leads_go_to_vendor,
        accept_hours=ACCEPT_WITHIN,
        progress_hours=PROGRESS_WITHIN,
        retention_days=place.retention_days,
        is_active=place.is_active,
        actor=host.operator,
    )
    for team, zone in zip(host.resellers, ("Europe/London", "Europe/Lisbon"), strict=False):
        set_hours(team.company, time_zone=zone, week=USUAL_WEEK, actor=host.operator)


def _mask_contacts(scene: Scene) -> None:
    vendor = scene.vendors[0]
    if (template := vendor.template) is None:
        return
    template.refresh_from_db()
    edit_template(
        template,
        name=template.name,
        product=template.product,
        sends_acknowledgement=template.sends_acknowledgement,
        acknowledgement=template.acknowledgement,
        masks_contact=True,
        actor=vendor.people[0],
    )
