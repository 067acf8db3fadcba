"""Pages of the app."""

from .organisations import EmploymentDetail, OrganisationDetail
from .messages import MessageDetail
from .users import UserDetail
