"""Addresses of the app."""

from django.urls import path

from appraisal_portal.accounts.views import (
    account,
    looks,
    messages,
    organisations,
    posts,
    registration,
    seals,
    sessions,
    users,
)
from appraisal_portal.accounts.workflow import EMPLOYMENT, ORGANISATION, UNIT_SEAL
from appraisal_portal.kernel.views import TransitionView

app_name = "accounts"

urlpatterns = [
    path("", account.AccountDetail.as_view(), name="account-detail"),
    path("edit/", account.AccountEdit.as_view(), name="account-edit"),
    path("contact/", account.ContactChange.as_view(), name="contact-change"),
    path("contact/confirm/", account.ContactConfirm.as_view(), name="contact-confirm"),
    path("register/", registration.Register.as_view(), name="register"),
    path("register/confirm/", registration.RegisterConfirm.as_view(), name="register-confirm"),
    path("register/done/", registration.RegisterDone.as_view(), name="register-done"),
    path("login/", sessions.Login.as_view(), name="login"),
    path("logout/", sessions.Logout.as_view(), name="logout"),
    path("act-as/", sessions.MembershipSwitch.as_view(), name="membership-switch"),
    path("password/", sessions.PasswordChange.as_view(), name="password-change"),
    path("password/forgotten/", sessions.PasswordForgotten.as_view(), name="password-forgotten"),
    path("password/forgotten/sent/", sessions.PasswordForgottenDone.as_view(), name="password-forgotten-done"),
    path("password/set/<uidb64>/<token>/", sessions.PasswordResetConfirm.as_view(), name="password-reset-confirm"),
    path("organisations/", organisations.OrganisationList.as_view(), name="organisation-list"),
    path("organisations/new/", organisations.OrganisationAdd.as_view(), name="organisation-add"),
    path("organisations/<int:pk>/", organisations.OrganisationDetail.as_view(), name="organisation-detail"),
    path(
        "organisations/<int:pk>/do/<slug:transition>/",
        TransitionView.as_view(workflow=ORGANISATION),
        name="organisation-do",
    ),
    path("employments/", organisations.EmploymentList.as_view(), name="employment-list"),
    path("employments/new/", organisations.EmploymentAdd.as_view(), name="employment-add"),
    path("employments/<int:pk>/", organisations.EmploymentDetail.as_view(), name="employment-detail"),
    path(
        "employments/<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=EMPLOYMENT), name="employment-do"
    ),
    path("seals/", seals.UnitSealList.as_view(), name="unitseal-list"),
    path("seals/new/", seals.UnitSealNew.as_view(), name="unitseal-new"),
    path("seals/authorisation/", seals.UnitSealPaper.as_view(), name="unitseal-paper"),
    path("seals/<int:pk>/", seals.UnitSealDetail.as_view(), name="unitseal-detail"),
    path("seals/<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=UNIT_SEAL), name="unitseal-do"),
    path("seals/<int:pk>/<slug:which>/", seals.UnitSealFile.as_view(), name="unitseal-file"),
    path("posts/", posts.PostList.as_view(), name="post-list"),
    path("posts/<int:pk>/", posts.PostDetail.as_view(), name="post-detail"),
    path("posts/<int:pk>/new/", posts.PostNew.as_view(), name="post-new"),
    path("posts/information/new/", posts.PostInformationNew.as_view(), name="postinformation-new"),
    path("posts/information/<int:pk>/sheet/", posts.PostInformationSheet.as_view(), name="postinformation-sheet"),
    path("users/", users.UserList.as_view(), name="user-list"),
    path("users/new/", users.UserAdd.as_view(), name="user-add"),
    path("users/<int:pk>/", users.UserDetail.as_view(), name="user-detail"),
    path("users/<int:pk>/freeze/", users.UserFreeze.as_view(), name="user-freeze"),
    path("memberships/", users.MembershipList.as_view(), name="membership-list"),
    path("memberships/new/", users.MembershipAdd.as_view(), name="membership-add"),
    path("memberships/<int:pk>/end/", users.MembershipEnd.as_view(), name="membership-end"),
    path("looks/", looks.LookList.as_view(), name="look-list"),
    path("messages/", messages.MessageList.as_view(), name="message-list"),
    path("messages/<int:pk>/", messages.MessageDetail.as_view(), name="message-detail"),
    path("sent-mail/", messages.SentMailList.as_view(), name="sent-mail"),
]
