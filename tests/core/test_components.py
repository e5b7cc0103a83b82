"""Parts of pages that every room uses."""

from django import forms
from django.template.loader import render_to_string


class Guarded(forms.Form):
    """One field that people see, and one that only the page fills in."""

    name = forms.CharField(label="name")
    stamp = forms.CharField(widget=forms.HiddenInput)


def test_the_summary_of_errors_leads_to_fields_and_names_none_that_nobody_sees() -> None:
    summary = render_to_string("components/error_summary.html", {"form": Guarded({})})
    assert '<a href="#id_name">Name: ' in summary
    assert "Stamp" not in summary
    assert summary.count("<li>") == 2
