"""Accounts and the persons behind them."""

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.querysets import PersonQuerySet, UserQuerySet
from appraisal_portal.kernel import clock, identity, masking, names, together

if TYPE_CHECKING:
    from .organisations import Membership


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes accounts; there is no superuser: rights come from memberships alone."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A stored account; without a password it cannot log in until one is set."""
        user: User = self.model(username=self.model.normalise_username(username), **fields)
        user.set_password(password)
        user.save()
        return user


@cache
def _known() -> dict[str, together.Rows]:
    """The roles of an account with their organisations, and its person: every page asks, so past the ORM."""
    model: Any = User._meta.get_field("memberships").related_model
    return {
        "actor_memberships": together.Rows(model, "user_id = %(actor)s", along={"organisation": ()}),
        "actor_person": together.Rows(Person, "user_id = %(actor)s"),
    }


@pghistory.track(
    fields=["username", "full_name", "email", "phone", "frozen_at", "frozen_reason", "password_changed_at"],
    model_name="UserEvent",
)
class User(AbstractBaseUser):
    """One account per human being; separation of duties compares users.

    ``username`` is the login name: the confirmed e-mail address or telephone number of an applicant, a name given
    by the bureau to staff. What the user may do comes from the acting membership (:attr:`acting`), chosen per session.
    """

    class Language(models.TextChoices):
        CHINESE = "zh-hans", "简体中文"
        ENGLISH = "en", "English"

    username = models.CharField(_("login name"), max_length=150, unique=True)
    full_name = models.CharField(_("name"), max_length=names.MAX_LENGTH)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("mobile number"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, default=Language.CHINESE)
    large_text = models.BooleanField(_("large print"), default=False)
    frozen_at = models.DateTimeField(_("frozen since"), null=True, blank=True)
    frozen_reason = models.CharField(_("reason"), max_length=200, blank=True)
    password_changed_at = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_absolute_url(self) -> str:
        """The page of the account: for bureau and operator."""
        return reverse("accounts:user-detail", args=[self.pk])

    @staticmethod
    def normalise_username(text: str) -> str:
        """Lower case, NFKC, outer spaces off: how login names are compared and stored."""
        return AbstractBaseUser.normalize_username(text.strip()).lower()

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """A frozen account is out at its next click: Django's backend asks this for every request."""
        return self.frozen_at is None

    def set_password(self, raw_password: str | None) -> None:
        """Also remembers the moment, for the yearly change of staff passwords."""
        super().set_password(raw_password)
        self.password_changed_at = clock.now()

    # -- the acting membership ---------------------------------------------------------------------------------------

    def memberships_today(self) -> "list[Membership]":
        """Memberships valid today, oldest first. Read once per instance; every request has an instance of its own."""
        self._know()
        day = clock.today()
        return [row for row in self._memberships if row.is_active_on(day)]

    @property
    def is_person(self) -> bool:
        """Whether there is a person behind the account, who may declare; costs nothing beside the memberships."""
        if "person" not in self._state.fields_cache:
            self._know()
        return self._state.fields_cache.get("person") is not None

    def _know(self) -> None:
        unknown = self.unknown()
        if unknown:
            self.learn(together.read(unknown, {"actor": self.pk}))

    def unknown(self) -> dict[str, together.Rows]:
        """What has still to be read of the account's roles and person (by ``%(actor)s``): ``Workflow.fire`` reads it
        along with the lock of the row."""
        return {} if "_memberships" in self.__dict__ else _known()

    def learn(self, found: dict[str, list[Any]]) -> None:
        """The answers to :meth:`unknown`."""
        self._memberships = found["actor_memberships"]
        for person in found["actor_person"]:
            person.user = self  # and the other way round

    def act_as(self, membership: "Membership | None") -> Self:
        """Choose the capacity in which this instance acts; None means the oldest valid one. Returns the user itself.

        Raises ValueError when the membership is another person's.
        """
        if membership is not None and membership.user_id != self.pk:
            raise ValueError("this membership belongs to somebody else")
        self._chosen = membership
        return self

    @property
    def acting(self) -> "Membership | None":
        """The membership in whose capacity the user acts: the chosen one, else the oldest one valid today."""
        chosen: Membership | None = getattr(self, "_chosen", None)
        if chosen is not None and chosen.is_active_on(clock.today()):
            return chosen
        return next(iter(self.memberships_today()), None)

    def acts_as(self, *roles: str) -> bool:
        """Whether the acting membership, valid today, is one of these roles. A frozen account has none."""
        acting = self.acting
        return self.is_active and acting is not None and acting.role in roles

    @property
    def acting_organisation_id(self) -> int | None:
        """The organisation of the acting membership."""
        acting = self.acting
        return acting.organisation_id if acting else None

    @property
    def masked_phone(self) -> str:
        """The number as pages show it."""
        return masking.mask_phone(self.phone)


class Person(models.Model):
    """A human being as the identity document says (个人信息). ``user`` is empty for somebody who never registered."""

    class IdKind(models.TextChoices):
        RESIDENT = "resident", _("resident identity card")  # 居民身份证
        HONG_KONG_MACAO = (
            "hk_macao",
            _("Mainland travel permit for Hong Kong and Macao residents"),
        )  # 港澳居民来往内地通行证
        TAIWAN = "taiwan", _("Mainland travel permit for Taiwan residents")  # 台湾居民来往大陆通行证
        PASSPORT = "passport", _("passport")  # 护照
        FOREIGNER = "foreigner", _("foreigner's permanent residence card")  # 外国人永久居留身份证

    class Gender(models.TextChoices):
        MALE = identity.MALE, _("male")
        FEMALE = identity.FEMALE, _("female")

    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="person")
    name = models.CharField(_("name"), max_length=names.MAX_LENGTH)
    id_kind = models.CharField(_("kind of document"), max_length=10, choices=IdKind.choices, default=IdKind.RESIDENT)
    id_number = models.CharField(_("document number"), max_length=30)
    birth_date = models.DateField(_("date of birth"))
    gender = models.CharField(_("gender"), max_length=6, choices=Gender.choices)
    phone = models.CharField(_("mobile number"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        constraints = [
            models.UniqueConstraint(fields=["id_kind", "id_number"], name="person_id"),
            models.CheckConstraint(condition=~models.Q(name="") & ~models.Q(id_number=""), name="person_named"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_id_number(self) -> str:
        """``331124********0013``."""
        return identity.mask(self.id_number)

    def age_on(self, day: dt.date) -> int:
        """Completed years on that day."""
        return day.year - self.birth_date.year - ((day.month, day.day) < (self.birth_date.month, self.birth_date.day))
