"""Downloads of a declaration: visible first, then the file, both checked; anything else is 404 (P17)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_list_or_404, get_object_or_404, render
from django.views import View

from applications.models import Declaration
from applications.services import papers, receipts
from applications.services.files import picture_of
from applications.views.applicant import OwnMixin
from appraisal_portal.kernel import documents, files, portrait
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.portrait import Crop
from appraisal_portal.kernel.views import VisibleObjectMixin

_SHOWN_SIDE = 640  # pixels of the original beside the crop, enough for twice the density of a screen
MADE_WHEN_ASKED = ("2-1", "2-9")


class DeclarationPhoto(VisibleObjectMixin, View):
    """The certificate photo of a declaration one may see."""

    access = SIGNED_IN
    model = Declaration

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The current picture."""
        declaration = get_object_or_404(self.get_queryset(), pk=pk)
        photo = declaration.photos.filter(current=True).select_related("upload").first()
        if photo is None:
            raise Http404
        return files.serve(photo.upload, filename=f"{declaration}.jpg")


class MyPhotoPicture(OwnMixin, View):
    """Pictures of the photo page, for its owner: "crop" as the certificate would print it with the frame of the
    address, "whole" the original it lies on."""

    def get(self, request: HttpRequest, pk: int, which: str) -> HttpResponse:
        """A JPEG made now, never kept."""
        declaration = get_object_or_404(self.get_queryset(), pk=pk)
        photo = declaration.photos.filter(current=True).select_related("upload", "original").first()
        if photo is None or which not in ("crop", "whole"):
            raise Http404
        picture, crop = picture_of(photo), Crop.read(request.GET, photo.crop)
        if which == "crop":
            picture = portrait.cut(picture, crop)
        else:
            picture = portrait.turned(picture, crop)
            picture.thumbnail((_SHOWN_SIDE, _SHOWN_SIDE))
        return files.attachment(portrait.encoded(picture), f"{which}.jpg", "image/jpeg")


class DeclarationPaperView(VisibleObjectMixin, View):
    """A paper of a declaration; the applicant's own papers are made when they are first asked for."""

    access = SIGNED_IN
    model = Declaration

    def get(self, request: HttpRequest, pk: int, code: str) -> HttpResponse:
        """The paper in force."""
        declaration = get_object_or_404(self.get_queryset(), pk=pk, submitted_at__isnull=False)
        if code == receipts.CODE:  # the newest; earlier ones have addresses of their own
            if declaration.applicant.user_id != request.user.pk:
                raise Http404
            return files.serve(receipts.paper_of(get_list_or_404(declaration.receipts)[0], actor=request.user))
        kind = documents.registry.get(code)
        if kind is None or not kind.readers(request.user, declaration):
            raise Http404
        if code in MADE_WHEN_ASKED:
            try:
                paper = papers.ensure(declaration, code, actor=request.user)
            except documents.PaperNotMade as error:
                if isinstance(error.__cause__, files.DamagedFile):
                    raise error.__cause__ from error
                told = {"object": declaration, "refused": error.problems, "back_url": declaration.get_absolute_url()}
                return render(request, "409.html", told, status=409)
        else:
            paper = documents.current(declaration, code)
        if paper is None:
            raise Http404
        return files.serve(paper)
