"""Places by their one spelling: the boroughs that are compared, and what else tables name."""

from __future__ import annotations

from pydantic import Field, model_validator

from kingston_analysis.data.names import Key, letters_lost, slug
from kingston_analysis.data.yaml_models import Strict, load_yaml
from kingston_analysis.errors import KingstonError, nearest
from kingston_analysis.project import Project


class Borough(Strict):
    """One of the boroughs that are compared with each other."""

    code: Key
    name: Key
    part: Key


class OtherPlace(Strict):
    """A row of a table that is not one of those boroughs: a group, a city, a combined area.

    A group of kind `group` is made of the boroughs of its `parts`, or of more than boroughs;
    `label` is its name in a sentence.
    """

    name: Key
    kind: Key
    code: Key | None = None
    parts: tuple[Key, ...] = ()
    label: str | None = Field(default=None, alias="told")


class Areas(Strict):
    """Every name of a place that the tables may use."""

    boroughs: list[Borough]
    other_places: list[OtherPlace] = Field(alias="others")

    @model_validator(mode="after")
    def _have_addresses(self) -> Areas:
        taken: dict[str, str] = {}
        for name in (*self.borough_names, *(each.name for each in self.other_places)):
            address = slug(name)
            if lost := letters_lost(name):
                raise ValueError(
                    f"'{name}' has letters that its address cannot carry ({lost}): "
                    "write the name in plain letters"
                )
            if not address:
                raise ValueError(f"'{name}' has no letter or digit, so its pages have no address")
            if taken.setdefault(address, name) != name:
                raise ValueError(
                    f"'{taken[address]}' and '{name}' would have one address, '{address}': "
                    "write one of them otherwise"
                )
        return self

    @property
    def borough_names(self) -> list[str]:
        """Return the names of the boroughs that are compared."""
        return [borough.name for borough in self.boroughs]

    def containing_areas(self, name: str) -> list[OtherPlace]:
        """Return the groups in which a borough lies, the smallest first."""
        [own] = [borough for borough in self.boroughs if borough.name == name]
        groups = [each for each in self.other_places if each.kind == "group"]
        return [each for each in groups if not each.parts or own.part in each.parts]

    def members(self, group: OtherPlace) -> list[str]:
        """Return the boroughs of which a group is made; none where they are not the whole of it."""
        return [borough.name for borough in self.boroughs if borough.part in group.parts]

    @property
    def all_names(self) -> set[str]:
        """Return every name that an `area` column may hold."""
        return {*self.borough_names, *(other.name for other in self.other_places)}


def load_areas(project: Project) -> Areas:
    """Read the list of places."""
    return load_yaml(project, project.data / "areas.yml", Areas)


def check_borough(project: Project, name: str) -> None:
    """Raise KingstonError with the nearest names where a name is not one of the boroughs."""
    known = load_areas(project).borough_names
    if name not in known:
        raise KingstonError(f"There is no borough '{name}'.", nearest(name, known))
