"""What tests of units' electronic seals share: pictures that are one or none, and the pages of head and bureau."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageDraw, PngImagePlugin

from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel.models import Outbox

SECRET = "made on the machine of Zhao"


def picture(size=(600, 600), *, ground=(255, 255, 255, 0), kind="PNG", name="seal.png", ink=0.7, behind=b""):
    """A red square in the middle of a ground; what the file carries besides must not be kept."""
    made, about = Image.new("RGBA", size, ground), PngImagePlugin.PngInfo()
    about.add_text("Author", SECRET)
    width, height = (side * ink / 2 for side in size)
    middle = (size[0] / 2, size[1] / 2)
    box = (middle[0] - width, middle[1] - height, middle[0] + width, middle[1] + height)
    ImageDraw.Draw(made).rectangle(box, fill=(200, 16, 46, 255))
    out = io.BytesIO()
    made.convert("RGB" if kind == "JPEG" else "RGBA").save(out, kind, **({"pnginfo": about} if kind == "PNG" else {}))
    return SimpleUploadedFile(name, out.getvalue() + behind)


def paper():
    return SimpleUploadedFile("授权书.pdf", evidence_pdf("电子印章登记授权书"), "application/pdf")


def send(client, sent=None, authorisation=None):
    given = {"picture": sent or picture(), "authorisation": authorisation or paper()}
    return client.post(reverse("accounts:unitseal-new"), given)


def head_of(unit):
    return holder("unit_head", unit)


def page(client, user, address):
    client.force_login(user)
    return client.get(address)


def do(client, user, seal, name, **given):
    client.force_login(user)
    posted = {"seen_status": seal.status, "content_hash": seal.content_hash(), **given}
    return client.post(reverse("accounts:unitseal-do", args=[seal.pk, name]), posted)


def fresh(row):
    return type(row)._base_manager.get(pk=row.pk)


def told(user, subject):
    """Messages to this person whose subject begins so."""
    rows = Outbox.objects.filter(kind="message", payload__user=user.pk)
    return [row.payload for row in rows if str(row.payload["subject"]).startswith(subject)]
