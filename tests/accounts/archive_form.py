"""A form of the personal archive with a file and texts: what is typed while a session ends."""

from django.urls import reverse

from tests.factories.accounts import build_city
from tests.stage import kept


@kept
def a_city():
    return build_city()


LOGIN = reverse("accounts:login")
PAGE = reverse("applications:my-archive-new")
TYPED = {"kind": "award", "title": "省科技进步二等奖：松材线虫病防控", "role": "主要完成人", "rank": "2/5"}
