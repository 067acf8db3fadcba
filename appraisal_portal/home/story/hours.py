"""Class hours the bureau and a competent department ask for, year by year, each with its document (R-11)."""

from appraisal_portal.home.story.city import City
from committees.plans.models import HoursRequirement, Industry, Subfield

FIELD, DEPARTMENT = "forestry", "丽水市林业局"


def publish_hours(city: City, years: range) -> None:
    """General subjects by the bureau, professional ones of forestry by its department; what is there stays."""
    field = Subfield.objects.get(code=FIELD)
    department = city.departments[DEPARTMENT]
    industry, _made = Industry.objects.get_or_create(
        series=field.series, subfield=field, defaults={"department": department}
    )
    kinds = HoursRequirement.Kind
    for year in years:
        rows = (
            (kinds.GENERAL, None, 12, f"{year}年度一般公需科目", f"丽人社〔{year}〕3号", city.user("bureau_reviewer")),
            (
                kinds.PROFESSIONAL,
                industry,
                60,
                "林业工程专业科目",
                f"丽林〔{year}〕8号",
                city.user("forwarder", department),
            ),
        )
        for kind, of, hours, subjects, document, user in rows:
            HoursRequirement.objects.get_or_create(
                year=year, kind=kind, industry=of,
                defaults={"hours": hours, "subjects": subjects, "document": document, "entered_by": user},
            )  # fmt: skip
