{{ config(materialized='view') }}
-- What became of a day's usage lines: every line is an event, a duplicate or in quarantine.
with lines as (
    select
        day,
        cast(sum(lines) as bigint) as lines,
        cast(sum(case when type = 'com.vitrine.usage.v1' then lines else 0 end) as bigint) as usage_lines,
        cast(sum(late) as bigint) as late
    from {{ source('landing', 'landed_lines') }}
    group by day
),

quarantined as (
    select day, cast(sum(usage_copies) as bigint) as copies from {{ ref('quarantine') }} group by day
),

counted as (
    select
        day,
        cast(sum(uses) as bigint) as uses,
        cast(sum(events) as bigint) as events,
        cast(sum(capped) as bigint) as capped
    from {{ ref('daily') }}
    group by day
)

select
    l.day,
    l.lines,
    l.usage_lines,
    l.late,
    coalesce(q.copies, 0) as quarantined,
    l.usage_lines - coalesce(q.copies, 0) - coalesce(c.events, 0) as duplicates,
    coalesce(c.events, 0) as events,
    coalesce(c.uses, 0) as uses,
    coalesce(c.capped, 0) as capped,
    coalesce(c.events, 0) - coalesce(c.uses, 0) - coalesce(c.capped, 0) as merged
from lines as l
left join quarantined as q on q.day = l.day
left join counted as c on c.day = l.day
