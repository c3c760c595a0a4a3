"""event_countries: the states an event's title names."""

from schemas import columns
from schemas.model import TableModel, field
from schemas.table import Table


class EventCountries(TableModel):
    """One row per event and state."""

    event_id: str = columns.event_id()
    country: str = field(
        "Country",
        "ISO 3166-1 alpha-3 code of a state that the title names by its name.",
        term="schema:about",
        pattern="^[A-Z]{3}$",
    )


TABLE = Table(
    name="event_countries",
    model=EventCountries,
    title="Countries of events",
    description="One row per state an event's title names by name: events.countries, one code a row.",
    key=("event_id", "country"),
    stage="resolve",
    group="headline",
)
