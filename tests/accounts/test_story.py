"""People and city of the story."""

import io

import pytest
from PIL import Image
from pypdf import PdfReader

from appraisal_portal.accounts.models import Membership, Organisation, User
from appraisal_portal.home.story.city import build_city
from appraisal_portal.home.story.people import evidence_pdf, photo_jpeg, someone
from appraisal_portal.kernel import clock, fonts, identity, names


def test_thousand_people_are_valid_and_different() -> None:
    """ID numbers agree with birth date and gender; names can be printed; rare ones occur."""
    crowd = [someone(seed) for seed in range(1000)]
    drawable = fonts.drawable()
    for who in crowd:
        assert identity.id_number_problems(who.id_number, today=clock.today()) == []
        assert identity.contradictions(who.id_number, birth_date=who.birth_date, gender=who.gender) == []
        assert names.name_problems(who.name) == []
        assert {ord(character) for character in who.name} <= drawable, who.name
    assert len({who.id_number for who in crowd}) == len({who.email for who in crowd}) == 1000
    together = "".join(who.name for who in crowd)
    assert "𠮷" in together
    assert "䶮" in together
    assert "买买提·阿不都拉" in together
    assert someone(17) == someone(17)


def test_photograph_and_paper_open() -> None:
    """The portrait has the stored size; the paper is a PDF of one page."""
    picture = Image.open(io.BytesIO(photo_jpeg(3)))
    assert (picture.format, picture.size) == ("JPEG", (358, 441))
    assert len(PdfReader(io.BytesIO(evidence_pdf("学历证书\n兹证明王敏于2010年毕业。"))).pages) == 1


@pytest.mark.django_db
def test_city_stands_once(django_assert_max_num_queries: object) -> None:
    """A second call adds nobody; two persons wherever two are needed."""
    city = build_city()
    before = (User.objects.count(), Organisation.objects.count(), Membership.objects.count())
    again = build_city()
    assert (User.objects.count(), Organisation.objects.count(), Membership.objects.count()) == before
    assert [unit.pk for unit in again.units] == [unit.pk for unit in city.units]
    assert len(city.counties) == 9
    for role in ("bureau_reviewer", "bureau_approver", "observer"):
        assert len(city.users(role)) == 2
    for code in city.offices:
        assert len(city.users("office_clerk", code)) >= 2
        assert len(city.users("juror", code)) == 15
        assert city.user("committee_director", code).acts_as("committee_director")
    for unit in city.units:
        assert city.user("unit_clerk", unit) != city.user("unit_head", unit)
    applicant = city.applicant(5)
    employment = city.employ(applicant, city.unit(0))
    assert employment.status == "confirmed"
    assert city.employ(applicant, city.unit(0)) == employment
