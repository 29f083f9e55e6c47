"""How forms are shown, carried out, and repeated where something is refused."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.cache import cache
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from stammkunde.core.errors import NotFound, Refused

T = TypeVar("T")
ONCE_SECONDS = 24 * 3600
# Said by the framework; our catalog has kinder German words for it.
REQUIRED = gettext_noop("This field is required.")


class Renderer(TemplatesSetting):
    """Shows `{{ form }}` with our own templates: label, help, field, error, bound for screen readers."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/field.html"


def submit(request: HttpRequest, form: forms.BaseForm, work: Callable[..., T]) -> T | None:
    """Do the work with the values of a form that was sent; None where it was not, or is refused.

    The sentences of a refusal then stand in the form: at their fields, or above all of them.
    """
    if request.method != "POST":
        return None
    if not form.is_valid():
        _lead_to_fault(form)
        return None
    if isinstance(form, Once) and not form.claim():
        form.add_error(None, _("This was done already. For another one, open this page anew."))
        return None
    try:
        return work(**form.cleaned_data)
    except NotFound:
        raise
    except Refused as fault:
        for name, sentence in fault.fields.items():
            form.add_error(name if name in form.fields else None, str(sentence))
        if not fault.fields:
            form.add_error(None, str(fault))
        if isinstance(form, Once):
            form.release()
        _lead_to_fault(form)
        return None


def _lead_to_fault(form: forms.BaseForm) -> None:
    """Let the page open at the first field that is wrong."""
    for name in form.errors:
        if name in form.fields:
            form.fields[name].widget.attrs["autofocus"] = True
            return


class Once(forms.Form):
    """A form whose second click does nothing: for what is made, shown once, and must not be made twice."""

    once = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = secrets.token_urlsafe(16)

    def clean(self) -> dict[str, Any]:
        """Leave the key of the click out of the values."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        self.key = f"once:{values.pop('once', '')}"
        return values

    def claim(self) -> bool:
        """Return whether this click is the first."""
        return bool(cache.add(self.key, True, ONCE_SECONDS))

    def release(self) -> None:
        """Let the click count again, as what it asked for was refused."""
        cache.delete(self.key)


class Confirmation(forms.Form):
    """Asks whoever destroys something to type its name."""

    name = forms.CharField(label=_("Name"), widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, *args: Any, name: str, label: str | Promise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = name
        self.fields["name"].label = label  # type: ignore[assignment]  # lazy words of any kind

    def clean_name(self) -> str:
        """Refuse another name."""
        typed = str(self.cleaned_data["name"]).strip()
        if typed != self.wanted:
            raise forms.ValidationError(
                _("This is not the name. Type %(name)s."), params={"name": self.wanted}
            )
        return typed
