"""Rows of a small table in a form: an emptied row is a row taken away."""

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    Base = forms.BaseForm
else:
    Base = object


class RowForm(Base):
    """A form that counts as unused when all of its inputs are empty, whatever stood there before."""

    def has_changed(self) -> bool:
        """Whether the row says anything."""
        return any(self[name].data not in (None, "", "false", False) for name in self.fields)


class RowsFormSet(forms.BaseFormSet[Any]):
    """Rows that may be emptied, and a few more below them."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]  # not in the stubs
        form.empty_permitted, form.use_required_attribute = True, False
        return form

    @property
    def said(self) -> list[Any]:
        """The forms of the rows that say something; ask after `is_valid`."""
        return [form for form in self.forms if form.has_changed()]
