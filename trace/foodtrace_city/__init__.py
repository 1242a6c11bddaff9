"""A simulated city with planted incidents and an oracle that knows the truth about them.

`City(seed=7).day(FIRST_DAY)` yields documents in the JSON form of events; `city.oracle` keeps its
own books of the goods and shares no code with the lineage it judges.
"""

from foodtrace_city.city import FIRST_DAY, City, Mandate
from foodtrace_city.model import Document, Source
from foodtrace_city.oracle import Amounts, Incident, Seller, SoldReceipt, Tampering
from foodtrace_city.places import REGISTER
from foodtrace_city.scale import CITY, DEMO, Scale, scale_for_events

__all__ = [
    "CITY",
    "DEMO",
    "FIRST_DAY",
    "REGISTER",
    "Amounts",
    "City",
    "Document",
    "Incident",
    "Mandate",
    "Scale",
    "Seller",
    "SoldReceipt",
    "Source",
    "Tampering",
    "scale_for_events",
]
