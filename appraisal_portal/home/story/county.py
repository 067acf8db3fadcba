"""What county bureaus do beside forwarding: they deploy the plan of the year."""

from appraisal_portal.accounts.models import Organisation
from appraisal_portal.home.story.city import City
from committees.plans.models import Deployment, ReviewPlan
from committees.plans.services import deployment as service
from committees.plans.workflow import DEPLOYMENT

BODY = (
    "各乡镇（街道），县级有关部门，各企事业单位：\n"
    "请按照市年度评审计划组织申报。申报人员对材料真实性负责，所在单位逐项核验、公示五个工作日后报送我局。"
)


def drafted(city: City, county: Organisation, *, lead_days: int = 5) -> Deployment | None:
    """The county's draft for the plan in force; None while there is no published plan."""
    plan = service.plan_to_deploy()
    if plan is None:
        return None
    row = service.new_deployment(county, plan)
    row.body, row.contact, row.lead_days = BODY, "专技科 周晓岚 0578-0000012", lead_days
    return service.save_deployment(row)


def deployed(city: City, county: Organisation, *, lead_days: int = 5) -> Deployment | None:
    """The county publishes it."""
    row = drafted(city, county, lead_days=lead_days)
    if row is not None:
        DEPLOYMENT.fire(row, "publish", actor=city.user("forwarder", county))
    return row


def in_force(city: City, county: Organisation, plan: ReviewPlan) -> Deployment | None:
    """What the county has published for this plan; published now where there is nothing yet."""
    there = Deployment.objects.in_force().filter(county=county, plan=plan).first()
    return there or deployed(city, county)
