-- No line is counted twice or lost: duplicates and merged events cannot be negative, nor uses without events.
select *
from {{ ref('intake_daily') }}
where duplicates < 0 or merged < 0 or quarantined < 0 or quarantined > usage_lines or uses + capped > events
