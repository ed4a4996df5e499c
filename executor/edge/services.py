"""What every run needs; made once by the app."""

from dataclasses import dataclass

from executor.admission import Admission
from executor.edge.gate import Gate
from executor.edge.holding import Holding
from executor.logs.recorder import Recorder
from executor.pool.pool import Pool
from executor.rates import Rates
from executor.remote import Remote
from executor.source import Source
from executor.visits import Visits


@dataclass(frozen=True, slots=True)
class Services:
    pool: Pool
    source: Source
    recorder: Recorder
    admission: Admission
    remote: Remote
    rates: Rates
    holding: Holding
    gate: Gate
    visits: Visits
