from console.jobs.kinds import each_second, kind
from console.schedules import firings
from console.schedules.due import FIRE, claim_due

each_second(claim_due)
# Its own count of attempts ends it; each time its worker dies is one.
kind(FIRE, lease=firings.lease, attempts=20)(firings.fire)
