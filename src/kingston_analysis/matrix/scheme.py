"""The scheme of a matrix: headings with fixed bands, weights and tie-breaks."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import Field, model_validator

from kingston_analysis.data.names import Identifier
from kingston_analysis.data.tables.metadata import Text
from kingston_analysis.data.yaml_models import Strict, load_yaml
from kingston_analysis.project import Project

if TYPE_CHECKING:
    import numpy as np

LOWEST, HIGHEST = 1, 5
# A part of a judgement pushes from two points down to two points up from the middle of the scale.
MIDDLE, PUSH = 3, 2

MeasureKind = Literal["volume", "performance", "trend", "severity", "harm-days", "concern"]
# What a survey measures; all others come from recorded figures.
SURVEYED: MeasureKind = "concern"
Style = Literal["percent", "ratio", "signed", "number"]
Confidence = Literal["high", "medium", "low"]
Score = Annotated[int, Field(ge=LOWEST, le=HIGHEST)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Cuts = Annotated[tuple[Number, ...], Field(min_length=4, max_length=4)]


class Bands(Strict):
    """A measure and the fixed bands by which its value gets a score.

    Of four rising cuts, `below` gives 1 to what lies below the first, `at_most` also to what
    reaches it.
    """

    kind: MeasureKind
    unit: Text
    style: Style
    below: Cuts | None = None
    at_most: Cuts | None = None

    @model_validator(mode="after")
    def _rising(self) -> Bands:
        if (self.below is None) == (self.at_most is None):
            raise ValueError("give either `below` or `at_most`")
        if any(second <= first for first, second in pairwise(self.cuts)):
            raise ValueError("the bands must rise")
        return self

    @property
    def cuts(self) -> Cuts:
        """Return the four cuts between the five bands."""
        return self.below or self.at_most or ()

    def scores(self, values: np.ndarray) -> np.ndarray:
        """Score values, 1 to 5, by the band in which each lies."""
        # A command that reads the scheme, and scores nothing, can spare it.
        import numpy as np

        side: Literal["left", "right"] = "right" if self.below else "left"
        return LOWEST + np.searchsorted(self.cuts, values, side=side)


class MatrixHeading(Strict):
    """A heading of the matrix: computed from a measure, judged by people, or either.

    `judged` says what scores mean; `only` the scores that a judgement may give, `parts` the
    sub-scores of which it is made. `swap` is another measure, to see what hangs on the choice.
    """

    id: Identifier
    title: Text
    asks: Text
    weight: Annotated[Number, Field(ge=0)]
    measure: Bands | None = None
    swap: Bands | None = None
    judged: dict[Score, Text] | None = None
    only: tuple[Score, ...] | None = None
    parts: tuple[Identifier, ...] | None = None

    @model_validator(mode="after")
    def _scored_somehow(self) -> MatrixHeading:
        if self.measure is None and self.judged is None:
            raise ValueError("give a `measure`, or say under `judged` what scores mean")
        return self

    @property
    def is_computed(self) -> bool:
        """Tell whether recorded figures score it, rather than a survey or people alone."""
        return self.measure is not None and self.measure.kind != SURVEYED


class SensitivitySettings(Strict):
    """How the scores and weights are moved to see how sure a ranking is."""

    draws: Annotated[int, Field(ge=1000, le=200_000)]
    seed: int
    concentration: Annotated[Number, Field(gt=0)]
    confidence: dict[Confidence, Annotated[Number, Field(gt=0)]]
    too_close: tuple[Number, Number]
    double_counting: Annotated[float, Field(gt=0, le=1)]

    @model_validator(mode="after")
    def _in_range(self) -> SensitivitySettings:
        if absent := [word for word in get_args(Confidence) if word not in self.confidence]:
            raise ValueError(f"`confidence` does not say what '{absent[0]}' is")
        if not 0 <= self.too_close[0] < self.too_close[1] <= 1:
            raise ValueError("`too_close` needs two rising shares between 0 and 1")
        return self


class Scheme(Strict):
    """How areas of crime are scored, and how many of them emerge as priorities.

    With figures under fewer than `fewest_computed` of the computed headings an area is not ranked.
    """

    about: Text
    first: Annotated[int, Field(ge=1)]
    fewest_computed: Annotated[int, Field(ge=1)]
    tie_breaks: tuple[Identifier, ...]
    sensitivity: SensitivitySettings
    headings: Annotated[tuple[MatrixHeading, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits_together(self) -> Scheme:
        ids = [each.id for each in self.headings]
        if twice := sorted({each for each in ids if ids.count(each) > 1}):
            raise ValueError(f"the heading '{twice[0]}' stands twice")
        if unknown := [each for each in self.tie_breaks if each not in ids]:
            raise ValueError(f"`tie_breaks` names '{unknown[0]}', which is no heading")
        if not any(each.weight for each in self.headings):
            raise ValueError("all weights are zero, so nothing can be ranked")
        if self.fewest_computed > len(self.computed):
            what = f"`fewest_computed` is {self.fewest_computed}, more than the headings"
            raise ValueError(f"{what} that recorded figures score ({len(self.computed)})")
        return self

    @property
    def weights(self) -> dict[str, float]:
        """Return the agreed weight of each heading."""
        return {each.id: each.weight for each in self.headings}

    @property
    def tie_places(self) -> list[int]:
        """Return where the headings that part equal totals stand among all, in their order."""
        return [list(self.weights).index(each) for each in self.tie_breaks]

    @property
    def computed(self) -> tuple[MatrixHeading, ...]:
        """Return the headings that recorded figures score."""
        return tuple(each for each in self.headings if each.is_computed)

    def heading(self, name: str) -> MatrixHeading:
        """Return the heading of an id."""
        return next(each for each in self.headings if each.id == name)


def load_scheme(project: Project, plan: str) -> Scheme:
    """Read the scheme of a plan's matrix."""
    return load_yaml(project, project.data / "plans" / plan / "matrix.yml", Scheme)
